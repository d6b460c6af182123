import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 16,
  name: "ListGroups",
  versions: "0-5",
  flexible: "3+",
  doc: "Lists the groups that this broker coordinates.",
  request: {
    statesFilter: { type: "[]string", versions: "4+", doc: "The states of the groups to list (KIP-518); empty for all." },
    typesFilter: { type: "[]string", versions: "5+", doc: "The types of the groups to list (KIP-848); empty for all." },
  },
  response: {
    throttleTimeMs: {
      type: "int32",
      versions: "1+",
      ignorable: true,
      doc: "Milliseconds for which a quota holds the client back; 0 for none.",
    },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    groups: {
      type: "[]struct",
      versions: "0+",
      struct: "ListedGroup",
      doc: "The groups.",
      fields: {
        groupId: { type: "string", versions: "0+", doc: "The group's id." },
        protocolType: { type: "string", versions: "0+", doc: "What the members are, `consumer` for consumers; empty when unknown." },
        groupState: { type: "string", versions: "4+", ignorable: true, doc: "The group's state (KIP-518)." },
        groupType: { type: "string", versions: "5+", ignorable: true, doc: "The group's type, for example `classic` (KIP-848)." },
      },
    },
  },
};
