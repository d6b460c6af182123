import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 50,
  name: "DescribeUserScramCredentials",
  versions: "0",
  flexible: "0+",
  doc: "Tells which SCRAM credentials users have, but not the secrets in them (KIP-554).",
  request: {
    users: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      struct: "DescribeUserScramCredentialsUserName",
      doc: "The users to look up; null or none is all of them.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The user's name." },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error of the request as a whole, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
    results: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeUserScramCredentialsResult",
      doc: "What there is, by user.",
      fields: {
        user: { type: "string", versions: "0+", doc: "The user's name." },
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0. RESOURCE_NOT_FOUND where the user has no credentials." },
        errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
        credentialInfos: {
          type: "[]struct",
          versions: "0+",
          struct: "ScramCredentialInfo",
          doc: "The user's credentials, one for each mechanism at most.",
          fields: {
            mechanism: { type: "int8", versions: "0+", doc: "1 SCRAM-SHA-256, 2 SCRAM-SHA-512 (`ScramMechanism`)." },
            iterations: { type: "int32", versions: "0+", doc: "How often the password was hashed." },
          },
        },
      },
    },
  },
};
