import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 49,
  name: "AlterClientQuotas",
  versions: "0-1",
  flexible: "1+",
  doc: "Sets and removes quotas of users, client ids and addresses (KIP-546).",
  request: {
    entries: {
      type: "[]struct",
      versions: "0+",
      struct: "AlterClientQuotasRequestEntryData",
      doc: "The quotas to change, by entity.",
      fields: {
        entity: {
          type: "[]struct",
          versions: "0+",
          struct: "AlterClientQuotasRequestEntityData",
          doc: "The entity, one part for each type: a user, a client id, a user's client id, or an address.",
          fields: {
            entityType: { type: "string", versions: "0+", doc: "`user`, `client-id` or `ip` (`ClientQuotaEntity`)." },
            entityName: {
              type: "string",
              versions: "0+",
              nullable: "0+",
              doc: "The user, client id or address; null for the default of its type.",
            },
          },
        },
        ops: {
          type: "[]struct",
          versions: "0+",
          struct: "AlterClientQuotasOpData",
          doc: "The changes.",
          fields: {
            key: {
              type: "string",
              versions: "0+",
              doc:
                "The quota's name: `producer_byte_rate`, `consumer_byte_rate`, `request_percentage`, `controller_mutation_rate`; for `ip` `connection_creation_rate`.",
            },
            value: {
              type: "float64",
              versions: "0+",
              doc:
                "Bytes a second for the byte rates, percent of one thread's time for requests, partitions made or deleted a second for mutations, new connections a second; above 0, and not used where `remove` is set.",
            },
            remove: { type: "bool", versions: "0+", doc: "Whether to remove the quota, instead of setting it." },
          },
        },
      },
    },
    validateOnly: { type: "bool", versions: "0+", doc: "Whether only to check what would happen." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    entries: {
      type: "[]struct",
      versions: "0+",
      struct: "AlterClientQuotasResponseEntryData",
      doc: "The outcome for each entity.",
      fields: {
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
        errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
        entity: {
          type: "[]struct",
          versions: "0+",
          struct: "AlterClientQuotasResponseEntityData",
          doc: "The entity, as in the request.",
          fields: {
            entityType: { type: "string", versions: "0+", doc: "`user`, `client-id` or `ip` (`ClientQuotaEntity`)." },
            entityName: {
              type: "string",
              versions: "0+",
              nullable: "0+",
              doc: "The user, client id or address; null for the default of its type.",
            },
          },
        },
      },
    },
  },
};
