import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 40,
  name: "ExpireDelegationToken",
  versions: "1-2",
  flexible: "2+",
  doc: "Changes when a delegation token expires, or removes it at once; for its owner and renewers (KIP-48).",
  request: {
    hmac: { type: "bytes", versions: "0+", secret: true, doc: "The HMAC of the token to expire." },
    expiryTimePeriodMs: {
      type: "int64",
      int64: "bigint",
      versions: "0+",
      doc: "Milliseconds from now until the token expires; below 0, usually -1, it is removed at once.",
    },
  },
  response: {
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    expiryTimestampMs: { type: "int64", int64: "bigint", versions: "0+", doc: "When the token expires, in milliseconds since the epoch." },
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
  },
};
