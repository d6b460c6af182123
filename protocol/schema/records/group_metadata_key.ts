import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 2,
  name: "GroupMetadataKey",
  versions: "0",
  flexible: "none",
  doc: "Key of a classic group's state in `__consumer_offsets`. Its type, 2, stands before it as an int16.",
  fields: {
    group: { type: "string", versions: "0", doc: "The group's id." },
  },
};
