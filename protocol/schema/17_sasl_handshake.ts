import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 17,
  name: "SaslHandshake",
  versions: "0-1",
  flexible: "none",
  doc:
    "Agrees on a SASL mechanism before the client authenticates (KIP-43). After version 1 the client goes on with SaslAuthenticate, after version 0 with bare SASL bytes.",
  request: {
    mechanism: {
      type: "string",
      versions: "0+",
      doc: "The mechanism the client wants, by its SASL name: `PLAIN`, `SCRAM-SHA-512` and so on.",
    },
  },
  response: {
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0. UNSUPPORTED_SASL_MECHANISM where the broker lacks the mechanism." },
    mechanisms: {
      type: "[]string",
      versions: "0+",
      doc: "All mechanisms the listener offers, by SASL name; told with UNSUPPORTED_SASL_MECHANISM too.",
    },
  },
};
