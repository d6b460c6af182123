import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 1,
  name: "OffsetCommitKey",
  versions: "0",
  flexible: "none",
  doc: "Key of a committed offset in `__consumer_offsets`. Its type, 1, stands before it as an int16.",
  fields: {
    group: { type: "string", versions: "0", doc: "The group's id." },
    topic: { type: "string", versions: "0", doc: "The topic's name." },
    partition: { type: "int32", versions: "0", doc: "The partition's number." },
  },
};
