import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 22,
  name: "RemoveUserScramCredentialRecord",
  versions: "0",
  flexible: "0+",
  doc: "A user can no longer log in with a SCRAM mechanism (KIP-554). In `__cluster_metadata`.",
  fields: {
    name: { type: "string", versions: "0+", doc: "The user's name." },
    mechanism: { type: "int8", versions: "0+", doc: "1 SCRAM_SHA_256, 2 SCRAM_SHA_512 (`ScramMechanism`)." },
  },
};
