import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 41,
  name: "DescribeDelegationToken",
  versions: "1-3",
  flexible: "2+",
  doc: "Lists the delegation tokens that the client may see (KIP-48).",
  request: {
    owners: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      struct: "DescribeDelegationTokenOwner",
      doc: "The owners whose tokens to list; null is everybody's, none is no token.",
      fields: {
        principalType: { type: "string", versions: "0+", doc: "The principal type of the owner, such as `User`." },
        principalName: { type: "string", versions: "0+", doc: "The principal name of the owner." },
      },
    },
  },
  response: {
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    tokens: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribedDelegationToken",
      doc: "The tokens.",
      fields: {
        principalType: { type: "string", versions: "0+", doc: "The principal type of the token's owner, such as `User`." },
        principalName: { type: "string", versions: "0+", doc: "The principal name of the token's owner." },
        tokenRequesterPrincipalType: {
          type: "string",
          versions: "3+",
          doc: "The principal type of who asked for the token (KIP-373), such as `User`.",
        },
        tokenRequesterPrincipalName: { type: "string", versions: "3+", doc: "The principal name of who asked for the token (KIP-373)." },
        issueTimestamp: { type: "int64", versions: "0+", doc: "When the token was made, in milliseconds since the epoch." },
        expiryTimestamp: {
          type: "int64",
          int64: "bigint",
          versions: "0+",
          doc: "When the token expires unless it is renewed, in milliseconds since the epoch.",
        },
        maxTimestamp: {
          type: "int64",
          int64: "bigint",
          versions: "0+",
          doc: "When the token expires for good, however often it is renewed, in milliseconds since the epoch.",
        },
        tokenId: { type: "string", versions: "0+", doc: "The token's id, the user name for SCRAM." },
        hmac: {
          type: "bytes",
          versions: "0+",
          secret: true,
          doc: "The token's HMAC, its secret: the password for SCRAM (in base64), and the key to renew or expire it.",
        },
        renewers: {
          type: "[]struct",
          versions: "0+",
          struct: "DescribedDelegationTokenRenewer",
          doc: "Who may renew the token, besides its owner.",
          fields: {
            principalType: { type: "string", versions: "0+", doc: "The principal type of the renewer, such as `User`." },
            principalName: { type: "string", versions: "0+", doc: "The principal name of the renewer." },
          },
        },
      },
    },
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
  },
};
