import { PushTelemetry, type PushTelemetryRequest, type PushTelemetryResponse } from "../../protocol/generated/72_push_telemetry.ts";
import type { ClientMetrics } from "../client_metrics/service.ts";
import type { Handler } from "../handler.ts";

/** Takes metrics that a client was asked for (KIP-714). */
export function pushTelemetry(clientMetrics: ClientMetrics): Handler<PushTelemetryRequest, PushTelemetryResponse> {
  return {
    api: PushTelemetry,
    handle: async (context, request) => ({ throttleTimeMs: 0, errorCode: await clientMetrics.push(request, context) }),
    fail: (_request, errorCode) => ({ throttleTimeMs: 0, errorCode }),
  };
}
