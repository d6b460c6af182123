import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 29,
  name: "DescribeAcls",
  versions: "1-3",
  flexible: "2+",
  doc: "Lists the ACLs that match a filter (KIP-140).",
  request: {
    resourceTypeFilter: {
      type: "int8",
      versions: "0+",
      doc:
        "0 UNKNOWN (refused), 1 ANY, 2 TOPIC, 3 GROUP, 4 CLUSTER, 5 TRANSACTIONAL_ID, 6 DELEGATION_TOKEN, 7 USER from version 3 on (`ResourceType`).",
    },
    resourceNameFilter: { type: "string", versions: "0+", nullable: "0+", doc: "The resource's name; null matches every name." },
    patternTypeFilter: {
      type: "int8",
      versions: "1+",
      default: 3,
      doc:
        "0 UNKNOWN (refused), 1 ANY pattern of that name, 2 MATCH every pattern the name falls under, 3 LITERAL, 4 PREFIXED (`PatternType`, KIP-290).",
    },
    principalFilter: {
      type: "string",
      versions: "0+",
      nullable: "0+",
      doc: "The principal, as type and name: `User:alice`; null matches every one.",
    },
    hostFilter: { type: "string", versions: "0+", nullable: "0+", doc: "The client's address in the ACL; null matches every one." },
    operation: {
      type: "int8",
      versions: "0+",
      doc:
        "0 UNKNOWN (refused), 1 ANY, 2 ALL, 3 READ, 4 WRITE, 5 CREATE, 6 DELETE, 7 ALTER, 8 DESCRIBE, 9 CLUSTER_ACTION, 10 DESCRIBE_CONFIGS, 11 ALTER_CONFIGS, 12 IDEMPOTENT_WRITE, 13 CREATE_TOKENS, 14 DESCRIBE_TOKENS, 15 TWO_PHASE_COMMIT (`AclOperation`).",
    },
    permissionType: { type: "int8", versions: "0+", doc: "0 UNKNOWN (refused), 1 ANY, 2 DENY, 3 ALLOW (`AclPermissionType`)." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
    resources: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeAclsResource",
      doc: "The ACLs found, by resource pattern.",
      fields: {
        resourceType: {
          type: "int8",
          versions: "0+",
          doc: "2 TOPIC, 3 GROUP, 4 CLUSTER, 5 TRANSACTIONAL_ID, 6 DELEGATION_TOKEN, 7 USER from version 3 on (`ResourceType`).",
        },
        resourceName: { type: "string", versions: "0+", doc: "The resource's name, its prefix, or `*`; `kafka-cluster` for the cluster." },
        patternType: {
          type: "int8",
          versions: "1+",
          default: 3,
          doc:
            "3 LITERAL is the resource of that name or, for `*`, every one; 4 PREFIXED is all whose names start with it (`PatternType`, KIP-290).",
        },
        acls: {
          type: "[]struct",
          versions: "0+",
          struct: "AclDescription",
          doc: "The ACLs of this pattern.",
          fields: {
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
    },
  },
};
