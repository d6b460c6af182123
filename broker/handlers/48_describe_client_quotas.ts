import { ErrorCode, errorMessage } from "../../protocol/errors.ts";
import {
  DescribeClientQuotas,
  type DescribeClientQuotasRequest,
  type DescribeClientQuotasResponse,
} from "../../protocol/generated/48_describe_client_quotas.ts";
import type { Handler } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";
import type { MetadataService } from "../metadata/service.ts";

/** Tells the quotas of users, client ids and addresses (KIP-546). */
export function describeClientQuotas(
  metadata: Pick<MetadataService, "catalogue">,
): Handler<DescribeClientQuotasRequest, DescribeClientQuotasResponse> {
  return {
    api: DescribeClientQuotas,
    handle(context, request) {
      if (!context.authorize("DescribeConfigs", "Cluster", "kafka-cluster")) throw new KafkaError(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
      const entries = metadata.catalogue.quotas.find(request).map(({ entity, quotas }) => ({
        entity: Array.from(entity, ([entityType, entityName]) => ({ entityType, entityName })),
        values: Array.from(quotas, ([key, value]) => ({ key, value })),
      }));
      // Kafka leaves the message empty where others send null.
      return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, errorMessage: "", entries };
    },
    fail: (_request, code, message) => {
      return { throttleTimeMs: 0, errorCode: code, errorMessage: message ?? errorMessage(code), entries: null };
    },
  };
}
