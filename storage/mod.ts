/** Segmented logs in Kafka's layout: one for each partition, and the set of them in a data directory. */
export { copyKafkaLog } from "./kafka_log.ts";
export { checksumText } from "./checksum_text.ts";
export type { PartitionId, StorageEnvironment } from "./environment.ts";
export { filesWithin } from "./file_cache.ts";
export { Log } from "./log.ts";
export type { AppendOptions, AppendResult } from "./log.ts";
export type { LogRecords, ReadOptions } from "./log_segments.ts";
export { defaultLogConfig } from "./log_config.ts";
export type { LogConfig } from "./log_config.ts";
export { checkDirectory, repairDirectory } from "./fsck.ts";
export type { FsckReport, KnownLog, MetadataReader } from "./fsck.ts";
export type { Finding } from "./finding.ts";
export { LogManager } from "./manager.ts";
export { readLog } from "./read_only.ts";
export { StorageError, StorageStartError } from "./storage_error.ts";
export { readText, replaceText } from "./text_files.ts";
export type { TimestampAndOffset } from "./timestamp_lookup.ts";
