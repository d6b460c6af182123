import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 51,
  name: "AlterUserScramCredentials",
  versions: "0",
  flexible: "0+",
  doc: "Sets and removes SCRAM credentials of users (KIP-554).",
  request: {
    deletions: {
      type: "[]struct",
      versions: "0+",
      struct: "ScramCredentialDeletion",
      doc: "The credentials to remove.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The user's name." },
        mechanism: { type: "int8", versions: "0+", doc: "0 UNKNOWN (refused), 1 SCRAM-SHA-256, 2 SCRAM-SHA-512 (`ScramMechanism`)." },
      },
    },
    upsertions: {
      type: "[]struct",
      versions: "0+",
      struct: "ScramCredentialUpsertion",
      doc: "The credentials to add or to replace.",
      fields: {
        name: { type: "string", versions: "0+", doc: "The user's name." },
        mechanism: { type: "int8", versions: "0+", doc: "0 UNKNOWN (refused), 1 SCRAM-SHA-256, 2 SCRAM-SHA-512 (`ScramMechanism`)." },
        iterations: { type: "int32", versions: "0+", doc: "How often the password was hashed, 4096 to 16384." },
        salt: { type: "bytes", versions: "0+", secret: true, doc: "Random bytes the client hashed with the password." },
        saltedPassword: {
          type: "bytes",
          versions: "0+",
          secret: true,
          doc: "The password hashed with salt and iterations, SCRAM's `SaltedPassword` (RFC 5802).",
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    results: {
      type: "[]struct",
      versions: "0+",
      struct: "AlterUserScramCredentialsResult",
      doc: "The outcome for each user.",
      fields: {
        user: { type: "string", versions: "0+", doc: "The user's name." },
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0. DUPLICATE_RESOURCE where the request names the user twice." },
        errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
      },
    },
  },
};
