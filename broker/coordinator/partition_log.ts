import type { Clock, Compression } from "../../platform/mod.ts";
import {
  type BatchOptions,
  buildBatch,
  ControlRecordType,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  parseEndTransactionMarker,
  type RecordBatch,
} from "../../protocol/records/mod.ts";
import type { AppendResult, EndMarker, Log, VerificationGuard } from "../../storage/mod.ts";
import type { KeyValue } from "./shard.ts";
import type { LoggedBatch, ShardLog, ShardTransaction } from "./shard_log.ts";

/** What is written to a partition is told to whoever waits for it. */
export interface ShardPartition {
  readonly log: Log;
  readonly hasEnoughReplicas: boolean;
  append(batch: Uint8Array, origin: "coordinator", verification?: VerificationGuard | null): AppendResult;
  appendEndMarker(marker: EndMarker): AppendResult;
  /** As `ShardLog.durable`. */
  durable(): Promise<void> | null;
}

/** Where batches take shape, one at a time: when one has been appended, nobody looks at it again. */
const buffer = new Uint8Array(4096);

/** A shard's log that is a partition: what coordinators decide stands on disk like any other record, for Kafka's tools to read. */
export class PartitionShardLog implements ShardLog {
  readonly #partition: ShardPartition;
  readonly #clock: Clock;
  readonly #compression: Compression;
  readonly #batchOptions: BatchOptions;

  /** `batchOptions` are for batches without a transaction. */
  constructor(
    partition: ShardPartition,
    { clock, compression }: { readonly clock: Clock; readonly compression: Compression },
    batchOptions: BatchOptions = {},
  ) {
    this.#partition = partition;
    this.#clock = clock;
    this.#compression = compression;
    this.#batchOptions = batchOptions;
  }

  get hasEnoughReplicas(): boolean {
    return this.#partition.hasEnoughReplicas;
  }

  *batches(): Iterable<LoggedBatch> {
    const { log } = this.#partition;
    for (const batch of log.batchesFrom(log.logStartOffset)) yield this.#logged(batch);
  }

  append(records: readonly KeyValue[], transaction: ShardTransaction | null): number {
    const timestamp = this.#clock.now();
    const stamped = records.map(({ key, value }) => ({ key, value, timestamp }));
    const { verification = null, ...producer } = transaction ?? {};
    const batch = buildBatch(stamped, transaction === null ? this.#batchOptions : { ...producer, isTransactional: true }, buffer);
    return this.#partition.append(batch, "coordinator", verification).baseOffset;
  }

  appendEndMarker(marker: EndMarker): number {
    return this.#partition.appendEndMarker(marker).baseOffset;
  }

  startVerification(producerId: number, producerEpoch: number, supportsEpochBump: boolean): VerificationGuard | null {
    return this.#partition.log.startVerification({ producerId, producerEpoch, baseSequence: NO_SEQUENCE }, supportsEpochBump);
  }

  durable(): Promise<void> | null {
    return this.#partition.durable();
  }

  #logged(batch: RecordBatch): LoggedBatch {
    const { lastOffset } = batch;
    const records = [...batch.records(this.#compression)];
    const producerId = batch.isTransactional ? batch.producerId : NO_PRODUCER_ID;
    if (!batch.isControl) return { producerId, records, end: null, lastOffset };
    const marker = records.length === 0 ? undefined : parseEndTransactionMarker(records[0].key, records[0].value);
    const end = marker === undefined ? null : marker.type === ControlRecordType.COMMIT ? "commit" : "abort";
    return { producerId, records: [], end, lastOffset };
  }
}
