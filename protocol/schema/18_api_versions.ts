import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 18,
  name: "ApiVersions",
  versions: "0-4",
  flexible: "3+",
  doc: "Tells which APIs a broker serves at which versions, and its features (KIP-35, KIP-511, KIP-584).",
  request: {
    clientSoftwareName: { type: "string", versions: "3+", ignorable: true, doc: "The client library's name (KIP-511)." },
    clientSoftwareVersion: { type: "string", versions: "3+", ignorable: true, doc: "The client library's version (KIP-511)." },
  },
  response: {
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    apiKeys: {
      type: "[]struct",
      versions: "0+",
      struct: "ApiVersion",
      doc: "The APIs the broker serves.",
      fields: {
        apiKey: { type: "int16", versions: "0+", doc: "The API key." },
        minVersion: { type: "int16", versions: "0+", doc: "The lowest version served." },
        maxVersion: { type: "int16", versions: "0+", doc: "The highest version served." },
      },
    },
    throttleTimeMs: {
      type: "int32",
      versions: "1+",
      ignorable: true,
      doc: "Milliseconds for which a quota holds the client back; 0 for none.",
    },
    supportedFeatures: {
      type: "[]struct",
      versions: "3+",
      tag: 0,
      ignorable: true,
      struct: "SupportedFeatureKey",
      doc: "Features the broker supports (KIP-584). Versions before 4 leave out those whose lowest level is 0.",
      fields: {
        name: { type: "string", versions: "3+", doc: "The feature's name." },
        minVersion: { type: "int16", versions: "3+", doc: "The lowest level supported." },
        maxVersion: { type: "int16", versions: "3+", doc: "The highest level supported." },
      },
    },
    finalizedFeaturesEpoch: {
      type: "int64",
      versions: "3+",
      tag: 1,
      default: -1,
      ignorable: true,
      doc: "Grows with every change of the cluster's features; -1 when unknown.",
    },
    finalizedFeatures: {
      type: "[]struct",
      versions: "3+",
      tag: 2,
      ignorable: true,
      struct: "FinalizedFeatureKey",
      doc: "The levels the cluster has agreed on; only valid with an epoch of 0 or more.",
      fields: {
        name: { type: "string", versions: "3+", doc: "The feature's name." },
        maxVersionLevel: { type: "int16", versions: "3+", doc: "The highest level agreed on." },
        minVersionLevel: { type: "int16", versions: "3+", doc: "The lowest level agreed on." },
      },
    },
    zkMigrationReady: {
      type: "bool",
      versions: "3+",
      tag: 3,
      ignorable: true,
      doc: "Whether a migration from ZooKeeper may start (KIP-866); never, since Kafka 4.",
    },
  },
};
