import type { Clock, Compression, Disk, Logger, Pending, Random, Timers } from "../platform/mod.ts";

/** What storage may know of the world: the part of `Platform` without the network. */
export interface StorageEnvironment {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly logger: Logger;
  readonly compression: Compression;
  readonly pending: Pending;
}

/** Names one partition of one incarnation of a topic: a topic that is deleted and made again has another id. */
export interface PartitionId {
  readonly topic: string;
  /** 22 characters of url-safe base64, as Kafka prints a topic id. */
  readonly topicId: string;
  readonly partition: number;
}
