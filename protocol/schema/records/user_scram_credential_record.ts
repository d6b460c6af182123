import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 11,
  name: "UserScramCredentialRecord",
  versions: "0",
  flexible: "0+",
  doc: "A user can log in with SCRAM (KIP-554). In `__cluster_metadata`; a later one for the same user and mechanism replaces it.",
  fields: {
    name: { type: "string", versions: "0+", doc: "The user's name." },
    mechanism: { type: "int8", versions: "0+", doc: "1 SCRAM_SHA_256, 2 SCRAM_SHA_512 (`ScramMechanism`)." },
    salt: { type: "bytes", versions: "0+", secret: true, doc: "Random bytes that the client hashes with the password." },
    storedKey: { type: "bytes", versions: "0+", secret: true, doc: "Verifies the client's proof (RFC 5802, StoredKey)." },
    serverKey: { type: "bytes", versions: "0+", secret: true, doc: "Signs the server's answer (RFC 5802, ServerKey)." },
    iterations: { type: "int32", versions: "0+", doc: "How often the password was hashed: 4096 to 16384." },
  },
};
