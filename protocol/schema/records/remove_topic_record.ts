import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 9,
  name: "RemoveTopicRecord",
  versions: "0",
  flexible: "0+",
  doc: "A topic is gone, with all its partitions.",
  fields: {
    topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
  },
};
