import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 64,
  name: "UnregisterBroker",
  versions: "0",
  flexible: "0+",
  doc: "Makes the controller forget a broker that has left the cluster for good.",
  request: {
    brokerId: { type: "int32", versions: "0+", doc: "The broker's id." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
  },
};
