import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 5,
  name: "ConsumerGroupMemberMetadataValue",
  versions: "0",
  flexible: "0+",
  doc: "What a member of a consumer group has told of itself (KIP-848), in `__consumer_offsets`; no value at all removes it.",
  fields: {
    instanceId: { type: "string", versions: "0+", nullable: "0+", doc: "The id of a static member (KIP-345), or null." },
    rackId: { type: "string", versions: "0+", nullable: "0+", doc: "The rack it stands in, or null." },
    clientId: { type: "string", versions: "0+", doc: "The client id of its connection." },
    clientHost: { type: "string", versions: "0+", doc: "The address it connected from." },
    subscribedTopicNames: { type: "[]string", versions: "0+", doc: "The topics it subscribes to by name." },
    subscribedTopicRegex: {
      type: "string",
      versions: "0+",
      nullable: "0+",
      doc: "The regular expression of the topics it subscribes to (RE2 syntax); null or empty for none.",
    },
    rebalanceTimeoutMs: {
      type: "int32",
      versions: "0+",
      default: -1,
      doc: "Milliseconds it has for giving partitions up; -1 when unknown.",
    },
    serverAssignor: {
      type: "string",
      versions: "0+",
      nullable: "0+",
      doc: "The assignor it wishes, `uniform`, `range` or another the broker has; null leaves the choice to the group.",
    },
    // Kafka's schema has null for its default, which its generator takes for none: in its classes it is empty by default.
    classicMemberMetadata: {
      type: "struct",
      versions: "0+",
      nullable: "0+",
      tag: 0,
      struct: "ConsumerGroupClassicMember",
      doc: "What else it told when it joined with the classic protocol; null when it uses the consumer protocol.",
      fields: {
        sessionTimeoutMs: { type: "int32", versions: "0+", doc: "Milliseconds of silence after which it is out." },
        supportedProtocols: {
          type: "[]struct",
          versions: "0+",
          struct: "ConsumerGroupMemberMetadataValueClassicProtocol",
          doc: "What it can do, best first.",
          fields: {
            name: { type: "string", versions: "0+", doc: "The protocol's name, that is, an assignor of the client." },
            metadata: { type: "bytes", versions: "0+", doc: "A ConsumerProtocolSubscription, its version before it as an int16." },
          },
        },
      },
    },
  },
};
