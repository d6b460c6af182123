import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 2,
  name: "TopicRecord",
  versions: "0",
  flexible: "0+",
  doc: "A topic exists.",
  fields: {
    name: { type: "string", versions: "0+", doc: "The topic's name." },
    topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
  },
};
