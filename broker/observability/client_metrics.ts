import type { PushStats } from "../client_metrics/service.ts";
import type { Metric, NumberMetric } from "./metric.ts";
import type { Source } from "./source.ts";

/** As Kafka's `ClientMetricsManager` names what it counts by client; here it is counted by the software of clients, of which there is little. */
const MANAGER = "kafka.server:type=client-metrics, ";

/** What is known of clients that push metrics of theirs; nothing where nobody receives them. */
export const clientMetrics: readonly Metric<Source>[] = [
  {
    name: "kafka_server_client_metrics_instances",
    type: "gauge",
    labels: [],
    from: `${MANAGER}instance-count`,
    help: "Clients that have asked which metrics of theirs are wanted",
    samples: ({ clientMetrics }) => clientMetrics === null ? [] : [[clientMetrics.instances]],
  },
  bySoftware(
    "kafka_server_client_metrics_plugin_export_total",
    `${MANAGER}plugin-export-count`,
    "Pushes of client metrics that were received",
    ({ pushes }) => pushes,
  ),
  bySoftware(
    "kafka_server_client_metrics_plugin_error_total",
    `${MANAGER}plugin-error-count`,
    "Pushes of client metrics that could not be decompressed, or at which the receiver failed",
    ({ errors }) => errors,
  ),
  bySoftware("ottla_client_metrics_bytes_total", null, "Bytes of client metrics that were received, decompressed", ({ bytes }) => bytes),
];

function bySoftware(name: string, from: string | null, help: string, read: (stats: PushStats) => number): NumberMetric<Source> {
  return {
    name,
    type: "counter",
    labels: ["client_software_name"],
    from,
    help,
    *samples({ clientMetrics }) {
      for (const [software, stats] of clientMetrics?.stats ?? []) yield [read(stats), software];
    },
  };
}
