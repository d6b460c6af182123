import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 10,
  name: "ShareGroupMemberMetadataValue",
  versions: "0",
  flexible: "0+",
  doc: "What a member of a share group has told of itself (KIP-932), in `__consumer_offsets`; no value at all removes it.",
  fields: {
    rackId: { type: "string", versions: "0+", nullable: "0+", doc: "The rack it stands in, or null." },
    clientId: { type: "string", versions: "0+", doc: "The client id of its connection." },
    clientHost: { type: "string", versions: "0+", doc: "The address it connected from." },
    subscribedTopicNames: { type: "[]string", versions: "0+", doc: "The topics it subscribes to." },
  },
};
