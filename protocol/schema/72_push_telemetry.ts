import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 72,
  name: "PushTelemetry",
  versions: "0",
  flexible: "0+",
  doc: "Pushes a client's metrics to the broker, which hands them to its `ClientTelemetry` plugin (KIP-714).",
  request: {
    clientInstanceId: { type: "uuid", versions: "0+", doc: "The client's id, from GetTelemetrySubscriptions." },
    subscriptionId: {
      type: "int32",
      versions: "0+",
      doc: "What GetTelemetrySubscriptions answered; UNKNOWN_SUBSCRIPTION_ID tells to ask again.",
    },
    terminating: { type: "bool", versions: "0+", doc: "Whether this is the client's last push; it need not wait for the interval." },
    compressionType: {
      type: "int8",
      versions: "0+",
      doc: "How `metrics` is compressed: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd (`CompressionType`).",
    },
    metrics: { type: "bytes", versions: "0+", doc: "A MetricsData message of OpenTelemetry, version 1, as Protocol Buffers write it." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
  },
};
