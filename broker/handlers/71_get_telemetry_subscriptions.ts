import { ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import {
  GetTelemetrySubscriptions,
  type GetTelemetrySubscriptionsRequest,
  type GetTelemetrySubscriptionsResponse,
} from "../../protocol/generated/71_get_telemetry_subscriptions.ts";
import { compressionTypes } from "../../protocol/records/mod.ts";
import type { ClientMetrics } from "../client_metrics/service.ts";
import type { Handler } from "../handler.ts";

/** How pushes may be compressed, the best first; not at all is taken, too. Kafka: `ClientMetricsManager.SUPPORTED_COMPRESSION_TYPES`. */
const accepted = (["zstd", "lz4", "gzip", "snappy"] as const).map((type) => compressionTypes.indexOf(type));

/** Tells a client which of its metrics are wanted, and how often; gives it an id where it has none (KIP-714). */
export function getTelemetrySubscriptions(
  clientMetrics: ClientMetrics,
): Handler<GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse> {
  return {
    api: GetTelemetrySubscriptions,
    gaps: ["an address of IPv6 is matched as it is usually written (`::1`), in Kafka with all its groups (`0:0:0:0:0:0:0:1`)"],
    handle(context, { clientInstanceId: asked }) {
      const told = clientMetrics.subscribe(asked, context);
      if (typeof told === "number") return refused(told);
      const { clientInstanceId, subscriptionId, pushIntervalMs, metrics } = told;
      return {
        throttleTimeMs: 0,
        errorCode: ErrorCode.NONE,
        clientInstanceId,
        subscriptionId,
        acceptedCompressionTypes: accepted,
        pushIntervalMs,
        telemetryMaxBytes: clientMetrics.maxBytes,
        deltaTemporality: true,
        requestedMetrics: [...metrics],
      };
    },
    fail: (_request, code) => refused(code),
  };
}

function refused(errorCode: number): GetTelemetrySubscriptionsResponse {
  return {
    throttleTimeMs: 0,
    errorCode,
    clientInstanceId: ZERO_UUID,
    subscriptionId: 0,
    acceptedCompressionTypes: [],
    pushIntervalMs: 0,
    telemetryMaxBytes: 0,
    deltaTemporality: false,
    requestedMetrics: [],
  };
}
