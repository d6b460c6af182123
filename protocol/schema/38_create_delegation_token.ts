import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 38,
  name: "CreateDelegationToken",
  versions: "1-3",
  flexible: "2+",
  doc: "Makes a delegation token, with which others can authenticate as its owner by SCRAM (KIP-48).",
  request: {
    ownerPrincipalType: {
      type: "string",
      versions: "3+",
      nullable: "3+",
      doc: "The owner's principal type where the token is for somebody else (KIP-373), or null.",
    },
    ownerPrincipalName: {
      type: "string",
      versions: "3+",
      nullable: "3+",
      doc: "The owner's principal name where the token is for somebody else (KIP-373); null or empty for the client itself.",
    },
    renewers: {
      type: "[]struct",
      versions: "0+",
      struct: "CreatableRenewers",
      doc: "Who may renew the token, besides its owner.",
      fields: {
        principalType: { type: "string", versions: "0+", doc: "The principal type; only `User` is allowed." },
        principalName: { type: "string", versions: "0+", doc: "The principal name." },
      },
    },
    maxLifetimeMs: {
      type: "int64",
      int64: "bigint",
      versions: "0+",
      doc:
        "Milliseconds the token can live, renewals included, at most `delegation.token.max.lifetime.ms`; 0 and less, usually -1, takes that setting.",
    },
  },
  response: {
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    principalType: { type: "string", versions: "0+", doc: "The principal type of the token's owner, such as `User`." },
    principalName: { type: "string", versions: "0+", doc: "The principal name of the token's owner." },
    tokenRequesterPrincipalType: {
      type: "string",
      versions: "3+",
      doc: "The principal type of who asked for the token (KIP-373), such as `User`.",
    },
    tokenRequesterPrincipalName: { type: "string", versions: "3+", doc: "The principal name of who asked for the token (KIP-373)." },
    issueTimestampMs: { type: "int64", versions: "0+", doc: "When the token was made, in milliseconds since the epoch." },
    expiryTimestampMs: {
      type: "int64",
      int64: "bigint",
      versions: "0+",
      doc: "When the token expires unless it is renewed, in milliseconds since the epoch.",
    },
    maxTimestampMs: {
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
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
  },
};
