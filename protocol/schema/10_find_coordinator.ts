import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 10,
  name: "FindCoordinator",
  versions: "0-6",
  flexible: "3+",
  doc: "Finds the broker that coordinates a group, a transactional id or a share-group partition.",
  request: {
    key: {
      type: "string",
      versions: "0-3",
      doc: "The group id, transactional id or share-group key; several of them in `coordinatorKeys` from version 4 on.",
    },
    keyType: { type: "int8", versions: "1+", doc: "What the keys are: 0 groups, 1 transactional ids, 2 share-group partitions." },
    coordinatorKeys: { type: "[]string", versions: "4+", doc: "The keys to look up (KIP-699)." },
  },
  response: {
    throttleTimeMs: {
      type: "int32",
      versions: "1+",
      ignorable: true,
      doc: "Milliseconds for which a quota holds the client back; 0 for none.",
    },
    errorCode: { type: "int16", versions: "0-3", doc: "The error, or 0." },
    errorMessage: { type: "string", versions: "1-3", nullable: "1-3", ignorable: true, doc: "The error in words, or null." },
    nodeId: { type: "int32", versions: "0-3", doc: "The coordinator's broker id; -1 after an error." },
    host: { type: "string", versions: "0-3", doc: "The host to connect to." },
    port: { type: "int32", versions: "0-3", doc: "The port to connect to." },
    coordinators: {
      type: "[]struct",
      versions: "4+",
      struct: "FindCoordinatorCoordinator",
      doc: "The coordinator of each key.",
      fields: {
        key: { type: "string", versions: "4+", doc: "The key that was looked up." },
        nodeId: { type: "int32", versions: "4+", doc: "The coordinator's broker id; -1 after an error." },
        host: { type: "string", versions: "4+", doc: "The host to connect to." },
        port: { type: "int32", versions: "4+", doc: "The port to connect to." },
        errorCode: { type: "int16", versions: "4+", doc: "The error, or 0." },
        errorMessage: { type: "string", versions: "4+", nullable: "4+", ignorable: true, doc: "The error in words, or null." },
      },
    },
  },
};
