import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 18,
  name: "AccessControlEntryRecord",
  versions: "0",
  flexible: "0+",
  doc: "An ACL exists (KIP-801). In `__cluster_metadata`; RemoveAccessControlEntryRecord removes it.",
  fields: {
    id: { type: "uuid", versions: "0+", doc: "The ACL's id, chosen at random by the controller." },
    resourceType: {
      type: "int8",
      versions: "0+",
      doc: "2 TOPIC, 3 GROUP, 4 CLUSTER, 5 TRANSACTIONAL_ID, 6 DELEGATION_TOKEN, 7 USER (`ResourceType`); not 0 UNKNOWN or 1 ANY.",
    },
    resourceName: { type: "string", versions: "0+", doc: "The resource's name, its prefix, or `*`; `kafka-cluster` for the cluster." },
    patternType: {
      type: "int8",
      versions: "0+",
      doc: "3 LITERAL: the whole name; 4 PREFIXED: its start (`PatternType`, KIP-290); not 0 UNKNOWN, 1 ANY or 2 MATCH.",
    },
    principal: { type: "string", versions: "0+", doc: "Whom it is for, as type and name: `User:alice`; `User:*` is everybody." },
    host: { type: "string", versions: "0+", doc: "The client's address it is for; `*` is every address." },
    operation: {
      type: "int8",
      versions: "0+",
      doc:
        "2 ALL, 3 READ, 4 WRITE, 5 CREATE, 6 DELETE, 7 ALTER, 8 DESCRIBE, 9 CLUSTER_ACTION, 10 DESCRIBE_CONFIGS, 11 ALTER_CONFIGS, 12 IDEMPOTENT_WRITE, 13 CREATE_TOKENS, 14 DESCRIBE_TOKENS, 15 TWO_PHASE_COMMIT (`AclOperation`); not 0 UNKNOWN or 1 ANY.",
    },
    permissionType: { type: "int8", versions: "0+", doc: "2 DENY, 3 ALLOW (`AclPermissionType`); not 0 UNKNOWN or 1 ANY." },
  },
};
