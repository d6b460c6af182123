import { ErrorCode, errorMessage } from "../../protocol/errors.ts";
import {
  AlterClientQuotas,
  type AlterClientQuotasRequest,
  type AlterClientQuotasResponse,
} from "../../protocol/generated/49_alter_client_quotas.ts";
import type { Handler } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";
import type { MetadataService } from "../metadata/service.ts";

/** Sets and removes quotas of users, client ids and addresses (KIP-546, KIP-612). */
export function alterClientQuotas(
  metadata: Pick<MetadataService, "alterClientQuotas">,
): Handler<AlterClientQuotasRequest, AlterClientQuotasResponse> {
  return {
    api: AlterClientQuotas,
    gaps: ["quotas are kept and told; nobody is held to them", "an ip must be an address or localhost: other names are not looked up"],
    async handle(context, { entries, validateOnly }) {
      if (!context.authorize("AlterConfigs", "Cluster", "kafka-cluster")) throw new KafkaError(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
      const outcomes = await metadata.alterClientQuotas(entries, validateOnly);
      return {
        throttleTimeMs: 0,
        entries: outcomes.map(({ entity, ...outcome }) => {
          return { ...outcome, entity: Array.from(entity, ([entityType, entityName]) => ({ entityType, entityName })) };
        }),
      };
    },
    fail: ({ entries }, code, message) => ({
      throttleTimeMs: 0,
      entries: entries.map(({ entity }) => ({ errorCode: code, errorMessage: message ?? errorMessage(code), entity })),
    }),
  };
}
