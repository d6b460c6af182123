import { errorName } from "../../protocol/errors.ts";
import { KAFKA_VERSION, VERSION } from "../version.ts";
import { clientMetrics } from "./client_metrics.ts";
import { groupMetrics } from "./group_metrics.ts";
import type { Metric, NumberMetric, Sample } from "./metric.ts";
import { partitionMetrics } from "./partition_metrics.ts";
import type { Source } from "./source.ts";

const requestMetrics: readonly Metric<Source>[] = [
  {
    name: "kafka_network_requestmetrics_requests_total",
    type: "counter",
    labels: ["request", "version"],
    from: "kafka.network:type=RequestMetrics,name=RequestsPerSec",
    help: "Requests that were answered, or whose connection ended first",
    *samples({ requests }) {
      for (const { name, requests: byVersion } of requests.stats) {
        for (const [version, count] of byVersion.entries()) if (count !== undefined) yield [count, name, version];
      }
    },
  },
  {
    name: "kafka_network_requestmetrics_errors_total",
    type: "counter",
    labels: ["request", "error"],
    from: "kafka.network:type=RequestMetrics,name=ErrorsPerSec",
    help: "Error codes in responses, one for each partition, topic or group that has its own; NONE counts too",
    *samples({ requests }) {
      for (const stats of requests.stats) for (const [code, count] of stats.errors()) yield [count, stats.name, errorName(code)];
    },
  },
  {
    name: "kafka_network_requestmetrics_totaltimems",
    type: "histogram",
    labels: ["request"],
    from: "kafka.network:type=RequestMetrics,name=TotalTimeMs",
    help: "Milliseconds from the arrival of a request until its response was encoded, waiting for records, members and disks included",
    *samples({ requests }) {
      for (const { name, totalTimeMs } of requests.stats) yield [totalTimeMs, name];
    },
  },
  {
    name: "kafka_network_requestmetrics_requestbytes_total",
    type: "counter",
    labels: ["request"],
    from: "kafka.network:type=RequestMetrics,name=RequestBytes",
    help: "Bytes of requests, without the four of their length",
    *samples({ requests }) {
      for (const { name, requestBytes } of requests.stats) yield [requestBytes, name];
    },
  },
  {
    name: "kafka_network_requestmetrics_responsebytes_total",
    type: "counter",
    labels: ["request"],
    from: "kafka.network:type=RequestMetrics,name=ResponseBytes",
    help: "Bytes of responses",
    *samples({ requests }) {
      for (const { name, responseBytes } of requests.stats) yield [responseBytes, name];
    },
  },
];

const connectionMetrics: readonly Metric<Source>[] = [
  {
    name: "kafka_server_socket_server_metrics_connections",
    type: "gauge",
    labels: ["listener"],
    from: "kafka.server:type=socket-server-metrics, connection-count",
    help: "Connections that are open",
    samples: ({ nodes, settings }) => [[nodes.reduce((sum, node) => sum + node.openConnections, 0), settings.listenerName]],
  },
  {
    name: "kafka_server_socket_server_metrics_connection_creation_total",
    type: "counter",
    labels: ["listener"],
    from: "kafka.server:type=socket-server-metrics, connection-creation-total",
    help: "Connections that were accepted",
    samples: ({ nodes, settings }) => [[nodes.reduce((sum, node) => sum + node.acceptedConnections, 0), settings.listenerName]],
  },
  gauge(
    "kafka_network_socketserver_memorypoolused",
    "kafka.network:type=SocketServer,name=MemoryPoolUsed",
    "Bytes of `queued.max.request.bytes` that requests and large responses hold",
    ({ budget }) => budget.used,
  ),
  gauge(
    "kafka_network_socketserver_memorypoolavailable",
    "kafka.network:type=SocketServer,name=MemoryPoolAvailable",
    "Bytes of `queued.max.request.bytes` that are left",
    ({ budget }) => budget.available,
  ),
  gauge(
    "kafka_server_fetchsessioncache_numincrementalfetchsessions",
    "kafka.server:type=FetchSessionCache,name=NumIncrementalFetchSessions",
    "Fetch sessions",
    ({ fetchSessions }) => fetchSessions.size,
  ),
  gauge(
    "kafka_server_fetchsessioncache_numincrementalfetchpartitionscached",
    "kafka.server:type=FetchSessionCache,name=NumIncrementalFetchPartitionsCached",
    "Partitions in all fetch sessions together",
    ({ fetchSessions }) => fetchSessions.partitionCount,
  ),
  {
    name: "kafka_server_fetchsessioncache_incrementalfetchsessionevictions_total",
    type: "counter",
    labels: [],
    from: "kafka.server:type=FetchSessionCache,name=IncrementalFetchSessionEvictionsPerSec",
    help: "Fetch sessions that gave way to others",
    samples: ({ fetchSessions }) => [[fetchSessions.evictions]],
  },
  {
    name: "kafka_server_delayedoperationpurgatory_numdelayedoperations",
    type: "gauge",
    labels: ["delayedoperation"],
    from: "kafka.server:type=DelayedOperationPurgatory,name=NumDelayedOperations",
    help: "Requests that wait in the purgatory",
    samples: ({ partitions }) => [[partitions.fetches.operations, "Fetch"]],
  },
  {
    name: "kafka_server_delayedoperationpurgatory_purgatorysize",
    type: "gauge",
    labels: ["delayedoperation"],
    from: "kafka.server:type=DelayedOperationPurgatory,name=PurgatorySize",
    help: "How often requests wait in the purgatory, each once for every partition that it watches",
    samples: ({ partitions }) => [[partitions.fetches.size, "Fetch"]],
  },
];

const processMetrics: readonly Metric<Source>[] = [
  {
    name: "ottla_broker_info",
    type: "gauge",
    labels: ["version", "kafka_version", "cluster_id", "node_id", "durability"],
    from: null,
    help: "Always 1; what the broker is stands in the labels",
    samples: ({ settings, cluster }) => [[1, VERSION, KAFKA_VERSION, cluster.clusterId, settings.nodeId, settings.durability]],
  },
  gauge(
    "process_start_time_seconds",
    "Prometheus client libraries",
    "Start of the process in seconds since the Unix epoch",
    ({ platform }) => platform.usage().startTimeMs / 1000,
  ),
  gauge(
    "process_resident_memory_bytes",
    "Prometheus client libraries",
    "Resident memory of the process",
    ({ platform }) => platform.usage().residentBytes,
  ),
  gauge("ottla_process_heap_bytes", null, "Part of the memory that JavaScript objects take", ({ platform }) => platform.usage().heapBytes),
];

/** A gauge without labels. */
function gauge(name: string, from: string | null, help: string, read: (source: Source) => number): NumberMetric<Source> {
  return { name, type: "gauge", labels: [], from, help, samples: (source): Iterable<Sample> => [[read(source)]] };
}

/** All metrics: `GET /metrics` and the table in docs/observability.md are made of this list. */
export const metrics: readonly Metric<Source>[] = [
  ...processMetrics,
  ...requestMetrics,
  ...connectionMetrics,
  ...partitionMetrics,
  ...groupMetrics,
  ...clientMetrics,
];
