import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 1,
  name: "OffsetCommitValue",
  versions: "0-4",
  flexible: "4+",
  doc: "A committed offset in `__consumer_offsets`; no value at all removes it.",
  fields: {
    offset: { type: "int64", versions: "0+", doc: "The next offset to read." },
    leaderEpoch: { type: "int32", versions: "3+", default: -1, ignorable: true, doc: "The leader epoch; -1 when unknown." },
    metadata: { type: "string", versions: "0+", doc: "What the client stored with it." },
    commitTimestamp: { type: "int64", versions: "0+", doc: "When it was committed, in milliseconds since the epoch." },
    expireTimestamp: {
      type: "int64",
      versions: "1",
      default: -1,
      ignorable: true,
      doc: "When it may be forgotten, in milliseconds since the epoch; -1 for the broker's setting.",
    },
    topicId: { type: "uuid", versions: "4+", tag: 0, ignorable: true, doc: "The topic's id, or the zero uuid when unknown." },
  },
};
