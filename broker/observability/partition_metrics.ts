import type { Log } from "../../storage/mod.ts";
import type { Metric, NumberMetric, Sample } from "./metric.ts";
import type { Source } from "./source.ts";
import type { TopicStats } from "./topic_stats.ts";

/** What topics and partitions say of themselves. */
export const partitionMetrics: readonly Metric<Source>[] = [
  ofTopics("messagesin", "MessagesInPerSec", "Records that were appended", (stats) => stats.messagesIn),
  ofTopics("bytesin", "BytesInPerSec", "Bytes of batches that were appended, as they were sent", (stats) => stats.bytesIn),
  ofTopics("bytesout", "BytesOutPerSec", "Bytes of records that were answered to fetches", (stats) => stats.bytesOut),
  ofTopics("failedproducerequests", "FailedProduceRequestsPerSec", "Batches that were refused", (stats) => stats.failedProduce),
  ofTopics(
    "failedfetchrequests",
    "FailedFetchRequestsPerSec",
    "Partitions of fetches that were answered with an error",
    (stats) => stats.failedFetch,
  ),
  total(
    "kafka_controller_kafkacontroller_globaltopiccount",
    "kafka.controller:type=KafkaController,name=GlobalTopicCount",
    "Topics, internal ones too",
    ({ partitions }) => partitions.topicCount,
  ),
  total(
    "kafka_controller_kafkacontroller_globalpartitioncount",
    "kafka.controller:type=KafkaController,name=GlobalPartitionCount",
    "Partitions, those that are offline too",
    (source) => count(source, () => true),
  ),
  total(
    "kafka_server_replicamanager_partitioncount",
    "kafka.server:type=ReplicaManager,name=PartitionCount",
    "Partitions that are served",
    (source) => count(source, (log) => log !== null),
  ),
  total(
    "kafka_controller_kafkacontroller_offlinepartitionscount",
    "kafka.controller:type=KafkaController,name=OfflinePartitionsCount",
    "Partitions whose log could not be opened",
    (source) => count(source, (log) => log === null),
  ),
  total(
    "ottla_partitions_readonly",
    null,
    "Partitions that take no more writes because a disk operation failed",
    (source) => count(source, (log) => log?.isFenced ?? false),
  ),
  {
    name: "kafka_server_replicamanager_produceridcount",
    type: "gauge",
    labels: [],
    from: "kafka.server:type=ReplicaManager,name=ProducerIdCount",
    help: "Producers whose sequence numbers are remembered, each once for every partition that it wrote to",
    *samples({ partitions }) {
      let sum = 0;
      for (const [, , partition] of partitions.all()) sum += partition?.log.producers.size ?? 0;
      yield [sum];
    },
  },
  ofLogs("kafka_log_log_size", "kafka.log:type=Log,name=Size", "Bytes of all segments", (log) => log.sizeInBytes),
  ofLogs("kafka_log_log_numlogsegments", "kafka.log:type=Log,name=NumLogSegments", "Segments", (log) => log.segmentCount),
  ofLogs(
    "kafka_log_log_logstartoffset",
    "kafka.log:type=Log,name=LogStartOffset",
    "The first offset that can be read",
    (log) => log.logStartOffset,
  ),
  ofLogs("kafka_log_log_logendoffset", "kafka.log:type=Log,name=LogEndOffset", "The offset of the next record", (log) => log.logEndOffset),
  ofLogs("ottla_log_highwatermark", null, "The offset that consumers may read up to", (log) => log.highWatermark),
];

/** A counter of each topic, and without the label of all topics together, those that are gone included. */
function ofTopics(name: string, mbean: string, help: string, read: (stats: TopicStats) => number): NumberMetric<Source> {
  return {
    name: `kafka_server_brokertopicmetrics_${name}_total`,
    type: "counter",
    labels: ["topic"],
    from: `kafka.server:type=BrokerTopicMetrics,name=${mbean}`,
    help: `${help}; without a topic: of all, since the start`,
    *samples({ partitions }) {
      yield [read(partitions.stats)];
      for (const [topic, stats] of partitions.topicStats) yield [read(stats), topic];
    },
  };
}

/** A gauge of each partition whose log is open. */
function ofLogs(name: string, from: string | null, help: string, read: (log: Log) => number): NumberMetric<Source> {
  return {
    name,
    type: "gauge",
    labels: ["topic", "partition"],
    from,
    help,
    *samples({ partitions }) {
      for (const [topic, index, partition] of partitions.all()) {
        if (partition !== null) yield [read(partition.log), topic, index];
      }
    },
  };
}

function total(name: string, from: string | null, help: string, read: (source: Source) => number): NumberMetric<Source> {
  return { name, type: "gauge", labels: [], from, help, samples: (source): Iterable<Sample> => [[read(source)]] };
}

function count({ partitions }: Source, counts: (log: Log | null) => boolean): number {
  let sum = 0;
  for (const [, , partition] of partitions.all()) if (counts(partition?.log ?? null)) sum++;
  return sum;
}
