import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 71,
  name: "GetTelemetrySubscriptions",
  versions: "0",
  flexible: "0+",
  doc: "Asks which metrics the client shall push, how often and how compressed; gives the client its instance id (KIP-714).",
  request: {
    clientInstanceId: {
      type: "uuid",
      versions: "0+",
      doc: "The id an earlier response gave the client, which keeps it while it runs; the zero uuid in the first request.",
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
    clientInstanceId: {
      type: "uuid",
      versions: "0+",
      doc: "The id given to a client that sent the zero uuid. Others may get the zero uuid; Kafka's brokers repeat what was sent.",
    },
    subscriptionId: {
      type: "int32",
      versions: "0+",
      doc: "Stands for the client's metrics and interval; it changes when they do. PushTelemetry repeats it.",
    },
    acceptedCompressionTypes: {
      type: "[]int8",
      versions: "0+",
      doc: "Compressions the broker reads, the one it likes best first: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd (`CompressionType`).",
    },
    pushIntervalMs: { type: "int32", versions: "0+", doc: "Milliseconds between two pushes." },
    telemetryMaxBytes: { type: "int32", versions: "0+", doc: "Bytes that the `metrics` of a push may have at most, after compression." },
    deltaTemporality: {
      type: "bool",
      versions: "0+",
      doc: "Whether counters are pushed as what was added since the last push; otherwise as totals.",
    },
    requestedMetrics: {
      type: "[]string",
      versions: "0+",
      doc: "Metrics to push, by the beginning of their names. None asks for no metrics; an empty string or Kafka's `*`, alone, for all.",
    },
  },
};
