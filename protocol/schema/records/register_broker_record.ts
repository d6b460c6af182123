import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 0,
  name: "RegisterBrokerRecord",
  versions: "0-4",
  flexible: "0+",
  doc: "A broker has registered with the controller.",
  fields: {
    brokerId: { type: "int32", versions: "0+", doc: "The broker's id." },
    isMigratingZkBroker: { type: "bool", versions: "2+", doc: "Whether it was a ZooKeeper broker on its way to KRaft (KIP-866)." },
    incarnationId: { type: "uuid", versions: "0+", doc: "Another one for each start of the broker's process." },
    brokerEpoch: { type: "int64", versions: "0+", doc: "The broker's epoch: the offset of this record." },
    endPoints: {
      type: "[]struct",
      versions: "0+",
      struct: "RegisterBrokerEndpoint",
      doc: "Where it listens.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The listener's name." },
        host: { type: "string", versions: "0+", doc: "The host to connect to." },
        port: { type: "uint16", versions: "0+", doc: "The port to connect to." },
        securityProtocol: { type: "int16", versions: "0+", doc: "0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL." },
      },
    },
    features: {
      type: "[]struct",
      versions: "0+",
      struct: "RegisterBrokerFeature",
      doc: "The features it supports (KIP-584).",
      fields: {
        name: { type: "string", versions: "0+", doc: "The feature's name." },
        minSupportedVersion: { type: "int16", versions: "0+", doc: "The lowest level supported." },
        maxSupportedVersion: { type: "int16", versions: "0+", doc: "The highest level supported." },
      },
    },
    rack: { type: "string", versions: "0+", nullable: "0+", doc: "The rack it stands in, or null." },
    fenced: { type: "bool", versions: "0+", default: true, doc: "Whether it is fenced, as every new broker is." },
    inControlledShutdown: { type: "bool", versions: "1+", doc: "Whether it is shutting down (KIP-841)." },
    logDirs: { type: "[]uuid", versions: "3+", tag: 0, doc: "Its log directories (KIP-858)." },
    cordonedLogDirs: {
      type: "[]uuid",
      versions: "4+",
      nullable: "4+",
      tag: 1,
      default: null,
      doc: "Log directories that take no new replicas (KIP-1066), or null.",
    },
  },
};
