import { boolean, double, int, list, long, LONG_MAX, string } from "../row.ts";
import { compressionLevelRows } from "./compression_levels.ts";

/** Broker properties: logs and the defaults of topics. */
export const logRows = {
  "log.dir": list(
    null,
    "The data directory, where log.dirs is not set. Unlike Kafka there is none by default: the command line has its own.",
    { filled: true, applied: true },
  ),
  "log.dirs": list(null, "The data directory. Ottla has one; a list of several is refused.", { filled: true, applied: true }),
  "cordoned.log.dirs": list("", "Directories that take no new replicas.", { dynamic: true }),
  "log.dir.failure.timeout.ms": long(30_000, "How long a failed directory may stay unreported before the broker stops, in milliseconds.", {
    min: 1,
  }),
  "log.cleaner.backoff.ms": long(15_000, "Pause of the cleaner when there is nothing to compact, in milliseconds.", {
    min: 0,
    dynamic: true,
    applied: true,
  }),
  "log.cleaner.dedupe.buffer.size": long(134_217_728, "Memory of the cleaner for keys, in bytes.", { dynamic: true, applied: true }),
  "log.cleaner.delete.retention.ms": long(86_400_000, "How long compaction keeps tombstones, in milliseconds; a topic may override it.", {
    min: 0,
    dynamic: true,
    applied: true,
  }),
  "log.cleaner.enable": boolean(true, "Whether compaction runs.", { applied: true }),
  "log.cleaner.io.buffer.load.factor": double(0.9, "How full the cleaner's key memory may get.", { dynamic: true, applied: true }),
  "log.cleaner.io.buffer.size": int(524_288, "Memory of the cleaner for reading and writing, in bytes.", { min: 0, dynamic: true }),
  "log.cleaner.io.max.bytes.per.second": double(Number.MAX_VALUE, "Most bytes a second that the cleaner reads and writes.", {
    dynamic: true,
  }),
  "log.cleaner.max.compaction.lag.ms": long(
    LONG_MAX,
    "Longest time that a record stays uncompacted, in milliseconds; a topic may override it.",
    { min: 1, dynamic: true, applied: true },
  ),
  "log.cleaner.min.cleanable.ratio": double(0.5, "Share of uncompacted bytes from which a log is compacted; a topic may override it.", {
    min: 0,
    max: 1,
    dynamic: true,
    applied: true,
  }),
  "log.cleaner.min.compaction.lag.ms": long(0, "Shortest time that a record stays uncompacted, in milliseconds; a topic may override it.", {
    min: 0,
    dynamic: true,
    applied: true,
  }),
  "log.cleaner.threads": int(1, "Threads that compact.", { min: 0, dynamic: true }),
  "log.cleanup.policy": list("delete", "delete, compact, both or neither, for topics that say nothing else.", {
    values: ["compact", "delete"],
    dynamic: true,
    applied: true,
  }),
  "log.flush.interval.messages": long(LONG_MAX, "Records after which a log is flushed; a topic may override it.", {
    min: 1,
    dynamic: true,
  }),
  "log.flush.interval.ms": long(null, "Time after which a log is flushed, in milliseconds; a topic may override it.", { dynamic: true }),
  "log.flush.offset.checkpoint.interval.ms": int(60_000, "How often recovery points are written to disk, in milliseconds.", {
    min: 0,
    applied: true,
  }),
  "log.flush.scheduler.interval.ms": long(LONG_MAX, "How often logs are looked at for flushing, in milliseconds."),
  "log.flush.start.offset.checkpoint.interval.ms": int(60_000, "How often log start offsets are written to disk, in milliseconds.", {
    min: 0,
    applied: true,
  }),
  "log.index.interval.bytes": int(4096, "Bytes of log between two index entries; a topic may override it.", {
    min: 0,
    dynamic: true,
    applied: true,
  }),
  "log.index.size.max.bytes": int(10_485_760, "Largest index file, in bytes; a topic may override it.", {
    min: 4,
    dynamic: true,
    applied: true,
  }),
  "log.initial.task.delay.ms": long(30_000, "Delay before the first background work on logs, in milliseconds.", { min: 0, internal: true }),
  "log.local.retention.bytes": long(-2, "Bytes kept on local disk once data is in remote storage; a topic may override it.", {
    min: -2,
    dynamic: true,
  }),
  "log.local.retention.ms": long(-2, "Age kept on local disk once data is in remote storage, in milliseconds; a topic may override it.", {
    min: -2,
    dynamic: true,
  }),
  "log.message.timestamp.after.max.ms": long(
    3_600_000,
    "How far a record's timestamp may lie in the future, in milliseconds; a topic may override it.",
    { min: 0, dynamic: true, applied: true },
  ),
  "log.message.timestamp.before.max.ms": long(
    LONG_MAX,
    "How far a record's timestamp may lie in the past, in milliseconds; a topic may override it.",
    { min: 0, dynamic: true, applied: true },
  ),
  "log.message.timestamp.type": string(
    "CreateTime",
    "CreateTime keeps the producer's timestamps, LogAppendTime replaces them; a topic may override it.",
    { values: ["CreateTime", "LogAppendTime"], dynamic: true, applied: true },
  ),
  "log.preallocate": boolean(false, "Whether segment files are allocated whole; a topic may override it.", { dynamic: true }),
  "log.retention.bytes": long(-1, "Bytes of a partition that are kept; -1 is no limit. A topic may override it.", {
    dynamic: true,
    applied: true,
  }),
  "log.retention.check.interval.ms": long(300_000, "How often old segments are looked for, in milliseconds.", { min: 1, applied: true }),
  "log.retention.hours": int(168, "Hours that records are kept, where neither minutes nor milliseconds are set.", { applied: true }),
  "log.retention.minutes": int(null, "Minutes that records are kept, where milliseconds are not set.", { applied: true }),
  "log.retention.ms": long(null, "Milliseconds that records are kept; -1 is for ever. A topic may override it.", {
    dynamic: true,
    applied: true,
  }),
  "log.roll.hours": int(168, "Hours after which a segment is closed, where milliseconds are not set.", { min: 1, applied: true }),
  "log.roll.jitter.hours": int(0, "Hours by which rolling is brought forward at random, where milliseconds are not set.", {
    min: 0,
    applied: true,
  }),
  "log.roll.jitter.ms": long(null, "Milliseconds by which rolling is brought forward at random; a topic may override it.", {
    dynamic: true,
    applied: true,
  }),
  "log.roll.ms": long(null, "Milliseconds after which a segment is closed; a topic may override it.", { dynamic: true, applied: true }),
  "log.segment.bytes": int(1_073_741_824, "Largest segment file, in bytes; a topic may override it.", {
    min: 1_048_576,
    dynamic: true,
    applied: true,
  }),
  "log.segment.delete.delay.ms": long(
    60_000,
    "Delay before the files of a deleted segment are removed, in milliseconds; a topic may override it.",
    { min: 0, dynamic: true, applied: true },
  ),
  "message.max.bytes": int(1_048_588, "The largest batch, as it came, in bytes; a topic may override it.", {
    min: 0,
    dynamic: true,
    applied: true,
  }),
  "compression.type": string("producer", "The codec that batches are stored in, or producer: as they came. A topic may override it.", {
    values: ["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"],
    dynamic: true,
    applied: true,
  }),
  ...compressionLevelRows,
};
