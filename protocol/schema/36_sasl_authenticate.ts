import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 36,
  name: "SaslAuthenticate",
  versions: "0-2",
  flexible: "2+",
  doc:
    "Carries one step of SASL authentication, after SaslHandshake version 1 (KIP-152). On a connection that is authenticated already it renews the session (KIP-368).",
  request: {
    authBytes: { type: "bytes", versions: "0+", secret: true, doc: "The client's SASL message, as the mechanism defines it." },
  },
  response: {
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0. SASL_AUTHENTICATION_FAILED for wrong credentials." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
    authBytes: { type: "bytes", versions: "0+", secret: true, doc: "The broker's SASL message, as the mechanism defines it." },
    sessionLifetimeMs: {
      type: "int64",
      versions: "1+",
      ignorable: true,
      doc: "Milliseconds until the client must authenticate anew on this connection (KIP-368); 0 for never.",
    },
  },
};
