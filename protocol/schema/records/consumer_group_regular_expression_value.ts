import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 16,
  name: "ConsumerGroupRegularExpressionValue",
  versions: "0",
  flexible: "0+",
  doc: "The topics that a regular expression of a consumer group matches (KIP-848), in `__consumer_offsets`; no value at all removes it.",
  fields: {
    topics: { type: "[]string", versions: "0+", doc: "The names of the topics." },
    version: {
      type: "int64",
      versions: "0+",
      doc: "Which state of the cluster's metadata was searched: an offset in `__cluster_metadata`.",
    },
    timestamp: { type: "int64", versions: "0+", doc: "When it was searched, in milliseconds since the epoch." },
  },
};
