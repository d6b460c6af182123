import type { KeyValue } from "./shard.ts";

/** The log that a shard's records are kept in, as far as the runtime knows it: the broker passes a partition, tests an array. */
export interface ShardLog {
  /** Everything from the log's start to its end, batch by batch, without control batches. Asked for again when a shard is dropped. */
  batches(): Iterable<readonly LoggedRecord[]> | AsyncIterable<readonly LoggedRecord[]>;
  /** Appends the records as one batch and answers the offset of the first. Throws when nothing was appended. */
  append(records: readonly KeyValue[]): number;
  /** Settles once everything that was appended before this call is as durable as the mode promises. */
  durable(): Promise<void>;
}

/** A record and where it stands. Its bytes may be a view that is overwritten when the next batch is asked for. */
export interface LoggedRecord extends KeyValue {
  readonly offset: number;
}
