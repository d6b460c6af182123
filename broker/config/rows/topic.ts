import { boolean, double, int, list, long, LONG_MAX, string } from "../row.ts";
import { compressionLevelRows } from "./compression_levels.ts";

/** Topic properties of Kafka 4.3.1 (`LogConfig`). Those that Ottla applies become storage's `LogConfig` in ../topic.ts. */
export const topicRows = {
  "cleanup.policy": list(
    "delete",
    "delete, compact, both or neither. With compact every record needs a key.",
    { values: ["compact", "delete"], dynamic: true, applied: true },
  ),
  ...compressionLevelRows,
  "compression.type": string("producer", "The codec that batches are stored in; producer keeps them as they came.", {
    values: ["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"],
    dynamic: true,
    applied: true,
  }),
  "delete.retention.ms": long(86_400_000, "How long compaction keeps tombstones, in milliseconds.", {
    min: 0,
    dynamic: true,
    applied: true,
  }),
  "file.delete.delay.ms": long(60_000, "Delay before the files of a deleted segment are removed, in milliseconds.", {
    min: 0,
    dynamic: true,
    applied: true,
  }),
  "flush.messages": long(LONG_MAX, "Records after which the log is flushed.", { min: 1, dynamic: true }),
  "flush.ms": long(LONG_MAX, "Time after which the log is flushed, in milliseconds.", { min: 0, dynamic: true }),
  "follower.replication.throttled.replicas": list("", "Followers whose replication is slowed, partition:broker, or *.", {
    problem: throttledReplicas,
    dynamic: true,
  }),
  "index.interval.bytes": int(4096, "Bytes of log between two index entries.", { min: 0, dynamic: true, applied: true }),
  "internal.segment.bytes": int(null, "Overrides segment.bytes below its bound, for tests.", { dynamic: true, internal: true }),
  "leader.replication.throttled.replicas": list("", "Leaders whose replication is slowed, partition:broker, or *.", {
    problem: throttledReplicas,
    dynamic: true,
  }),
  "local.retention.bytes": long(-2, "Bytes kept on local disk once data is in remote storage; -2: as retention.bytes.", {
    min: -2,
    dynamic: true,
  }),
  "local.retention.ms": long(-2, "Age kept on local disk once data is in remote storage, in milliseconds; -2: as retention.ms.", {
    min: -2,
    dynamic: true,
  }),
  "max.compaction.lag.ms": long(LONG_MAX, "Longest time that a record stays uncompacted, in milliseconds.", {
    min: 1,
    dynamic: true,
    applied: true,
  }),
  "max.message.bytes": int(1_048_588, "The largest batch, as it came, in bytes.", { min: 0, dynamic: true, applied: true }),
  "message.timestamp.after.max.ms": long(3_600_000, "How far a record's timestamp may lie in the future, in milliseconds.", {
    min: 0,
    dynamic: true,
    applied: true,
  }),
  "message.timestamp.before.max.ms": long(LONG_MAX, "How far a record's timestamp may lie in the past, in milliseconds.", {
    min: 0,
    dynamic: true,
    applied: true,
  }),
  "message.timestamp.type": string("CreateTime", "CreateTime keeps the producer's timestamps, LogAppendTime replaces them.", {
    values: ["CreateTime", "LogAppendTime"],
    dynamic: true,
    applied: true,
  }),
  "min.cleanable.dirty.ratio": double(0.5, "Share of uncompacted bytes from which the log is compacted.", {
    min: 0,
    max: 1,
    dynamic: true,
    applied: true,
  }),
  "min.compaction.lag.ms": long(0, "Shortest time that a record stays uncompacted, in milliseconds.", {
    min: 0,
    dynamic: true,
    applied: true,
  }),
  "min.insync.replicas": int(1, "In-sync replicas that a write with acks=all needs.", { min: 1, dynamic: true, applied: true }),
  "preallocate": boolean(false, "Whether segment files are allocated whole.", { dynamic: true }),
  "remote.log.copy.disable": boolean(false, "Whether the topic's data is no longer copied to remote storage.", { dynamic: true }),
  "remote.log.delete.on.disable": boolean(false, "Whether remote data is deleted when tiered storage is switched off for the topic.", {
    dynamic: true,
  }),
  "remote.storage.enable": boolean(false, "Whether the topic uses tiered storage. Ottla has none: true is refused.", { dynamic: true }),
  "retention.bytes": long(-1, "Bytes of a partition that are kept; -1 is no limit.", { dynamic: true, applied: true }),
  "retention.ms": long(604_800_000, "Milliseconds that records are kept; -1 is for ever.", { min: -1, dynamic: true, applied: true }),
  "segment.bytes": int(1_073_741_824, "Largest segment file, in bytes.", { min: 1_048_576, dynamic: true, applied: true }),
  "segment.index.bytes": int(10_485_760, "Largest index file, in bytes.", { min: 4, dynamic: true, applied: true }),
  "segment.jitter.ms": long(0, "Milliseconds by which rolling is brought forward at random.", { min: 0, dynamic: true, applied: true }),
  "segment.ms": long(604_800_000, "Milliseconds after which a segment is closed.", { min: 1, dynamic: true, applied: true }),
  "unclean.leader.election.enable": boolean(false, "Whether a replica that lags may become leader.", { dynamic: true }),
};

/** The literal `*`, or a list of partition:broker. Kafka: `ThrottledReplicaListValidator`. */
function throttledReplicas(value: string): string | null {
  if (value === "" || value === "*" || /^\d+:\d+(,\d+:\d+)*$/.test(value)) return null;
  return "It must be the literal '*' or a list of [partitionId]:[brokerId]";
}
