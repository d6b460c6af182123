import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 48,
  name: "DescribeClientQuotas",
  versions: "0-1",
  flexible: "1+",
  doc: "Lists the quotas of users, client ids and addresses that match a filter (KIP-546).",
  request: {
    components: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeClientQuotasComponentData",
      doc: "What an entity must have, one component for each type; none matches every entity.",
      fields: {
        entityType: { type: "string", versions: "0+", doc: "`user`, `client-id` or `ip` (`ClientQuotaEntity`)." },
        matchType: {
          type: "int8",
          versions: "0+",
          doc:
            "0 EXACT the name in `match`, 1 DEFAULT the default of the type, 2 SPECIFIED any name or the default (`DescribeClientQuotasRequest`).",
        },
        match: { type: "string", versions: "0+", nullable: "0+", doc: "The name to match; null where `matchType` is not 0." },
      },
    },
    strict: { type: "bool", versions: "0+", doc: "Whether to leave out entities that also have types without a component here." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error of the request as a whole, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
    entries: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      struct: "DescribeClientQuotasEntryData",
      doc: "The quotas, by entity; null after an error.",
      fields: {
        entity: {
          type: "[]struct",
          versions: "0+",
          struct: "DescribeClientQuotasEntityData",
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
        values: {
          type: "[]struct",
          versions: "0+",
          struct: "DescribeClientQuotasValueData",
          doc: "The entity's quotas.",
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
                "Bytes a second for the byte rates, percent of one thread's time for requests, partitions made or deleted a second for mutations, new connections a second.",
            },
          },
        },
      },
    },
  },
};
