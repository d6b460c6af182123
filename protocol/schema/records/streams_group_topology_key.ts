import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 23,
  name: "StreamsGroupTopologyKey",
  versions: "0",
  flexible: "none",
  doc: "Key of a streams group's topology in `__consumer_offsets`. Its type, 23, stands before it as an int16.",
  fields: {
    groupId: { type: "string", versions: "0", doc: "The group's id." },
  },
};
