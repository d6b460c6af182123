import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 10,
  name: "DelegationTokenRecord",
  versions: "0",
  flexible: "0+",
  doc:
    "A delegation token exists, or has got another expiration (KIP-48). In `__cluster_metadata`; RemoveDelegationTokenRecord removes it.",
  fields: {
    owner: { type: "string", versions: "0+", doc: "Whom the token stands for, as type and name: `User:alice`." },
    requester: {
      type: "string",
      versions: "0+",
      doc: "Who asked for it, written likewise; the owner, or somebody in the owner's place (KIP-373).",
    },
    renewers: { type: "[]string", versions: "0+", doc: "Who besides the owner and the requester may renew it, written likewise." },
    issueTimestamp: { type: "int64", versions: "0+", doc: "When it was made, in milliseconds since the epoch." },
    maxTimestamp: { type: "int64", versions: "0+", doc: "Beyond this it cannot be renewed, in milliseconds since the epoch." },
    expirationTimestamp: {
      type: "int64",
      versions: "0+",
      doc: "When it becomes invalid unless it is renewed, in milliseconds since the epoch.",
    },
    tokenId: { type: "string", versions: "0+", doc: "The token's id; it takes the place of the user name in SCRAM. Not secret." },
  },
};
