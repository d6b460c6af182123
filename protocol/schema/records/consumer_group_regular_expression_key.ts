import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 16,
  name: "ConsumerGroupRegularExpressionKey",
  versions: "0",
  flexible: "none",
  doc: "Key of the topics that a regular expression matches, in `__consumer_offsets`. Its type, 16, stands before it as an int16.",
  fields: {
    groupId: { type: "string", versions: "0", doc: "The group's id." },
    regularExpression: { type: "string", versions: "0", doc: "The regular expression, as members subscribe to it." },
  },
};
