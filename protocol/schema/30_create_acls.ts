import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 30,
  name: "CreateAcls",
  versions: "1-3",
  flexible: "2+",
  doc: "Adds ACLs (KIP-140).",
  request: {
    creations: {
      type: "[]struct",
      versions: "0+",
      struct: "AclCreation",
      doc: "The ACLs to add.",
      fields: {
        resourceType: {
          type: "int8",
          versions: "0+",
          doc: "2 TOPIC, 3 GROUP, 4 CLUSTER, 5 TRANSACTIONAL_ID, 6 DELEGATION_TOKEN, 7 USER from version 3 on (`ResourceType`).",
        },
        resourceName: { type: "string", versions: "0+", doc: "The resource's name, its prefix, or `*`; `kafka-cluster` for the cluster." },
        resourcePatternType: {
          type: "int8",
          versions: "1+",
          default: 3,
          doc:
            "3 LITERAL is the resource of that name or, for `*`, every one; 4 PREFIXED is all whose names start with it (`PatternType`, KIP-290).",
        },
        principal: { type: "string", versions: "0+", doc: "Whom it is for, as type and name: `User:alice`; `User:*` is everybody." },
        host: { type: "string", versions: "0+", doc: "The client's address it is for; `*` is every address." },
        operation: {
          type: "int8",
          versions: "0+",
          doc:
            "2 ALL, 3 READ, 4 WRITE, 5 CREATE, 6 DELETE, 7 ALTER, 8 DESCRIBE, 9 CLUSTER_ACTION, 10 DESCRIBE_CONFIGS, 11 ALTER_CONFIGS, 12 IDEMPOTENT_WRITE, 13 CREATE_TOKENS, 14 DESCRIBE_TOKENS, 15 TWO_PHASE_COMMIT (`AclOperation`).",
        },
        permissionType: { type: "int8", versions: "0+", doc: "2 DENY, 3 ALLOW (`AclPermissionType`)." },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    results: {
      type: "[]struct",
      versions: "0+",
      struct: "AclCreationResult",
      doc: "The outcome of each ACL, in the order of the request.",
      fields: {
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
        errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
      },
    },
  },
};
