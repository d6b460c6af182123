import type { Clock, Compression } from "../../platform/mod.ts";
import { type BatchOptions, buildBatch } from "../../protocol/records/mod.ts";
import type { AppendResult, Log } from "../../storage/mod.ts";
import type { KeyValue } from "./shard.ts";
import type { LoggedRecord, ShardLog } from "./shard_log.ts";

/** A shard's log that is a partition: what coordinators decide stands on disk like any other record, for Kafka's tools to read. */
export class PartitionShardLog implements ShardLog {
  readonly #log: Log;
  readonly #append: (batch: Uint8Array) => AppendResult;
  readonly #durable: () => Promise<void>;
  readonly #clock: Clock;
  readonly #compression: Compression;
  readonly #batchOptions: BatchOptions;

  /** `append` puts a batch into `log` and tells whoever waits for it; `durable` settles as `ShardLog.durable` must. */
  constructor(
    log: Log,
    append: (batch: Uint8Array) => AppendResult,
    durable: () => Promise<void>,
    { clock, compression }: { readonly clock: Clock; readonly compression: Compression },
    batchOptions: BatchOptions = {},
  ) {
    this.#log = log;
    this.#append = append;
    this.#durable = durable;
    this.#clock = clock;
    this.#compression = compression;
    this.#batchOptions = batchOptions;
  }

  *batches(): Iterable<readonly LoggedRecord[]> {
    for (const batch of this.#log.batchesFrom(this.#log.logStartOffset)) {
      if (!batch.isControl) yield [...batch.records(this.#compression)];
    }
  }

  append(records: readonly KeyValue[]): number {
    const timestamp = this.#clock.now();
    const stamped = records.map(({ key, value }) => ({ key, value, timestamp }));
    return this.#append(buildBatch(stamped, this.#batchOptions)).baseOffset;
  }

  durable(): Promise<void> {
    return this.#durable();
  }
}
