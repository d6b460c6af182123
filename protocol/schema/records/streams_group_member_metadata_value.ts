import type { FieldSpecs, RecordSpec } from "../spec.ts";

const endpoint: FieldSpecs = {
  host: { type: "string", versions: "0+", doc: "The host to connect to." },
  port: { type: "uint16", versions: "0+", doc: "The port to connect to." },
};

const keyValue: FieldSpecs = {
  key: { type: "string", versions: "0+", doc: "The tag's name." },
  value: { type: "string", versions: "0+", doc: "Its value." },
};

export const spec: RecordSpec = {
  apiKey: 19,
  name: "StreamsGroupMemberMetadataValue",
  versions: "0",
  flexible: "0+",
  doc: "What a member of a streams group has told of itself (KIP-1071), in `__consumer_offsets`; no value at all removes it.",
  fields: {
    instanceId: { type: "string", versions: "0+", nullable: "0+", doc: "The id of a static member (KIP-345), or null." },
    rackId: { type: "string", versions: "0+", nullable: "0+", doc: "The rack it stands in, or null." },
    clientId: { type: "string", versions: "0+", doc: "The client id of its connection." },
    clientHost: { type: "string", versions: "0+", doc: "The address it connected from." },
    rebalanceTimeoutMs: { type: "int32", versions: "0+", default: -1, doc: "Milliseconds it has for giving tasks up; -1 when unknown." },
    topologyEpoch: { type: "int32", versions: "0+", doc: "The epoch of the topology it runs." },
    processId: { type: "string", versions: "0+", doc: "The process it runs in; members of one process have it in common." },
    userEndpoint: {
      type: "struct",
      versions: "0+",
      nullable: "0+",
      default: null,
      struct: "StreamsGroupMemberMetadataValueEndpoint",
      doc: "Where the application takes interactive queries, or null.",
      fields: endpoint,
    },
    clientTags: {
      type: "[]struct",
      versions: "0+",
      struct: "StreamsGroupMemberMetadataValueClientTag",
      doc: "Its tags, for spreading standby tasks over racks (KIP-708).",
      fields: keyValue,
    },
  },
};
