import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 27,
  name: "RegisterControllerRecord",
  versions: "0",
  flexible: "0+",
  doc: "A controller has registered with the active one (KIP-919). In `__cluster_metadata`.",
  fields: {
    controllerId: { type: "int32", versions: "0+", doc: "The controller's id." },
    incarnationId: { type: "uuid", versions: "0+", doc: "Another one for each start of the controller's process." },
    zkMigrationReady: {
      type: "bool",
      versions: "0+",
      doc: "Whether it was set up for the migration from ZooKeeper (KIP-866); false since Kafka 4.",
    },
    endPoints: {
      type: "[]struct",
      versions: "0+",
      struct: "RegisterControllerEndpoint",
      doc: "Where it listens.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The listener's name." },
        host: { type: "string", versions: "0+", doc: "The host to connect to." },
        port: { type: "uint16", versions: "0+", doc: "The port to connect to." },
        securityProtocol: { type: "int16", versions: "0+", doc: "0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL (`SecurityProtocol`)." },
      },
    },
    features: {
      type: "[]struct",
      versions: "0+",
      struct: "RegisterControllerFeature",
      doc: "The features it supports (KIP-584).",
      fields: {
        name: { type: "string", versions: "0+", doc: "The feature's name, for example `metadata.version`." },
        minSupportedVersion: { type: "int16", versions: "0+", doc: "The lowest level supported." },
        maxSupportedVersion: { type: "int16", versions: "0+", doc: "The highest level supported." },
      },
    },
  },
};
