import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 14,
  name: "ClientQuotaRecord",
  versions: "0",
  flexible: "0+",
  doc: "A quota was set or removed (KIP-546). In `__cluster_metadata`.",
  fields: {
    entity: {
      type: "[]struct",
      versions: "0+",
      struct: "ClientQuotaRecordEntity",
      doc: "Whom it is for: one part, or a user and a client id together.",
      fields: {
        entityType: { type: "string", versions: "0+", doc: "`user`, `client-id` or `ip` (`ClientQuotaEntity`)." },
        entityName: {
          type: "string",
          versions: "0+",
          nullable: "0+",
          doc: "The user, the client id or the address; null is the default for all that have no quota of their own.",
        },
      },
    },
    key: {
      type: "string",
      versions: "0+",
      doc:
        "The quota's name: `producer_byte_rate`, `consumer_byte_rate`, `request_percentage`, `controller_mutation_rate` or `connection_creation_rate`.",
    },
    value: {
      type: "float64",
      versions: "0+",
      doc:
        "The limit: bytes, connections or partition changes per second, or percent of one thread's time. It has no meaning when `remove` is true.",
    },
    remove: { type: "bool", versions: "0+", doc: "Whether the quota is gone." },
  },
};
