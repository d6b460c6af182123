import { boolean, double, int, long, LONG_MAX, string } from "../row.ts";

/** Broker properties: tiered storage. Ottla has none. */
export const remoteRows = {
  "follower.fetch.last.tiered.offset.enable": boolean(false, "Whether a new follower starts from the last offset in remote storage.", {
    dynamic: true,
  }),
  "remote.fetch.max.wait.ms": int(500, "How long a fetch waits for remote storage, in milliseconds.", { min: 1, dynamic: true }),
  "remote.list.offsets.request.timeout.ms": long(30_000, "How long ListOffsets waits for remote storage, in milliseconds.", {
    min: 1,
    dynamic: true,
  }),
  "remote.log.index.file.cache.total.size.bytes": long(1_073_741_824, "Disk space for indexes of remote segments, in bytes.", {
    min: 1,
    dynamic: true,
  }),
  "remote.log.index.file.cache.ttl.ms": long(900_000, "How long an unused index of a remote segment is kept, in milliseconds.", {
    min: -1,
    internal: true,
  }),
  "remote.log.manager.copier.thread.pool.size": int(10, "Threads that copy segments to remote storage.", { min: 1, dynamic: true }),
  "remote.log.manager.copy.max.bytes.per.second": long(LONG_MAX, "Most bytes a second copied to remote storage.", {
    min: 1,
    dynamic: true,
  }),
  "remote.log.manager.copy.quota.window.num": int(11, "Samples kept for that quota.", { min: 1 }),
  "remote.log.manager.copy.quota.window.size.seconds": int(1, "Length of such a sample, in seconds.", { min: 1 }),
  "remote.log.manager.expiration.thread.pool.size": int(10, "Threads that delete expired remote segments.", { min: 1, dynamic: true }),
  "remote.log.manager.fetch.max.bytes.per.second": long(LONG_MAX, "Most bytes a second read from remote storage.", {
    min: 1,
    dynamic: true,
  }),
  "remote.log.manager.fetch.quota.window.num": int(11, "Samples kept for that quota.", { min: 1 }),
  "remote.log.manager.fetch.quota.window.size.seconds": int(1, "Length of such a sample, in seconds.", { min: 1 }),
  "remote.log.manager.follower.thread.pool.size": int(2, "Threads for followers' remote work.", { min: 1, dynamic: true }),
  "remote.log.manager.task.interval.ms": long(30_000, "How often remote work is looked for, in milliseconds.", { min: 1 }),
  "remote.log.manager.task.retry.backoff.max.ms": long(30_000, "Longest pause before remote work is repeated, in milliseconds.", {
    min: 1,
    internal: true,
  }),
  "remote.log.manager.task.retry.backoff.ms": long(500, "First pause before remote work is repeated, in milliseconds.", {
    min: 1,
    internal: true,
  }),
  "remote.log.manager.task.retry.jitter": double(0.2, "Random share of that pause.", { min: 0, max: 0.5, internal: true }),
  "remote.log.manager.thread.pool.size": int(2, "Threads that schedule remote work.", { min: 1 }),
  "remote.log.metadata.custom.metadata.max.bytes": int(128, "Most bytes of a plug-in's metadata for a remote segment.", { min: 0 }),
  "remote.log.metadata.manager.class.name": string(
    "org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager",
    "The class that keeps metadata of remote segments.",
    { filled: true },
  ),
  "remote.log.metadata.manager.class.path": string(null, "Where that class is loaded from."),
  "remote.log.metadata.manager.impl.prefix": string("rlmm.config.", "The prefix of that class's own properties.", { filled: true }),
  "remote.log.metadata.manager.listener.name": string(null, "The listener that class connects to.", { filled: true }),
  "remote.log.reader.max.pending.tasks": int(100, "Most reads of remote storage that may wait.", { min: 1 }),
  "remote.log.reader.threads": int(10, "Threads that read remote storage.", { min: 1, dynamic: true }),
  "remote.log.storage.manager.class.name": string(null, "The class that stores remote segments.", { filled: true }),
  "remote.log.storage.manager.class.path": string(null, "Where that class is loaded from."),
  "remote.log.storage.manager.impl.prefix": string("rsm.config.", "The prefix of that class's own properties.", { filled: true }),
  "remote.log.storage.system.enable": boolean(false, "Whether tiered storage is on. Ottla has none."),
};
