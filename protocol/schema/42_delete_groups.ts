import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 42,
  name: "DeleteGroups",
  versions: "0-2",
  flexible: "2+",
  doc: "Deletes groups that have no members, with the offsets that they committed (KIP-229).",
  request: {
    groupsNames: { type: "[]string", versions: "0+", doc: "The groups' ids." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    results: {
      type: "[]struct",
      versions: "0+",
      struct: "DeletableGroupResult",
      doc: "The outcome for each group.",
      fields: {
        groupId: { type: "string", versions: "0+", doc: "The group's id." },
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
      },
    },
  },
};
