import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 60,
  name: "DescribeCluster",
  versions: "0-2",
  flexible: "0+",
  doc: "Tells the cluster's id, brokers and controller (KIP-700).",
  request: {
    includeClusterAuthorizedOperations: {
      type: "bool",
      versions: "0+",
      doc: "Whether to answer what the client may do with the cluster (KIP-430).",
    },
    endpointType: { type: "int8", versions: "1+", default: 1, doc: "Whose endpoints: 1 brokers, 2 controllers (KIP-919)." },
    includeFencedBrokers: { type: "bool", versions: "2+", doc: "Whether to list fenced brokers too (KIP-1073)." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The error in words, or null." },
    endpointType: { type: "int8", versions: "1+", default: 1, doc: "Whose endpoints: 1 brokers, 2 controllers (KIP-919)." },
    clusterId: { type: "string", versions: "0+", doc: "The cluster's id." },
    controllerId: { type: "int32", versions: "0+", default: -1, doc: "The controller's id; -1 for none." },
    brokers: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeClusterBroker",
      doc: "The brokers, or the controllers where those were asked for.",
      fields: {
        brokerId: { type: "int32", versions: "0+", doc: "The broker's id." },
        host: { type: "string", versions: "0+", doc: "The host to connect to." },
        port: { type: "int32", versions: "0+", doc: "The port to connect to." },
        rack: { type: "string", versions: "0+", nullable: "0+", default: null, doc: "The rack it stands in, or null." },
        isFenced: { type: "bool", versions: "2+", doc: "Whether the controller has fenced it." },
      },
    },
    clusterAuthorizedOperations: {
      type: "int32",
      versions: "0+",
      default: -2147483648,
      doc: "What the client may do with the cluster, a bit for each ACL operation; -2147483648 when not asked for.",
    },
  },
};
