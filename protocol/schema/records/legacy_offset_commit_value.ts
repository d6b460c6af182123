import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 0,
  name: "LegacyOffsetCommitValue",
  versions: "0",
  flexible: "none",
  doc: "A committed offset as written long ago, in `__consumer_offsets`.",
  fields: {
    offset: { type: "int64", versions: "0", doc: "The next offset to read." },
    metadata: { type: "string", versions: "0", doc: "What the client stored with it." },
    commitTimestamp: { type: "int64", versions: "0", doc: "When it was committed, in milliseconds since the epoch." },
  },
};
