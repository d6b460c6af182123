import assert from "node:assert/strict";
import type { BatchOptions } from "../../protocol/records/mod.ts";
import type { Log } from "../mod.ts";
import { batchOf, contents, markerBatch } from "../testing.ts";

/** Of a producer so many batches are known again. */
const WINDOW = 5;

/** A batch that was written, or that the disk ended on. */
export interface Written {
  readonly bytes: Uint8Array;
  readonly baseOffset: number;
  /** Records; a marker is one. */
  readonly count: number;
  /** Of all its records. */
  readonly timestamp: number;
  readonly leaderEpoch: number;
  readonly producerId: number | null;
  readonly baseSequence: number;
  readonly kind: "plain" | "transactional" | "commit" | "abort";
}

const endOf = ({ baseOffset, count }: Written): number => baseOffset + count;

/** An aborted transaction, as the log and the model tell of it. */
interface Aborted {
  readonly producerId: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
}

/** What must be there after a crash. */
export interface Promises {
  /** What was appended, whether it was synced or not. */
  readonly appended: boolean;
  /** What consumers could see. */
  readonly seen: boolean;
}

/** What a partition was given and has promised: one incarnation of it, which is over once its topic is deleted. */
export class PartitionModel {
  /** From offset 0 on, also those that were deleted since. */
  readonly batches: Written[] = [];
  /** Batches that were not acknowledged, and that no sync has come after: the last one may stand in it, and a power cut may bring back one that was cut off again. */
  attempts: Written[] = [];
  /** All below was synced, and somebody was told. */
  durable = 0;
  /** The largest high watermark that anybody saw. */
  seen = 0;
  /** The log was seen to start there. */
  startedAt = 0;
  /** The log may start there at most: what was asked to be deleted, and what retention gives up. */
  mayStartAt = 0;

  constructor(readonly topicId: string) {}

  /** A batch as this partition would be given it. Values name the incarnation that they were written for. */
  encode(batch: Omit<Written, "bytes">): Written {
    const { kind, producerId, baseSequence, timestamp } = batch;
    if (kind === "commit" || kind === "abort") {
      return { ...batch, bytes: markerBatch(producerId!, 0, kind === "commit" ? "COMMIT" : "ABORT", timestamp) };
    }
    const producer = producerId === null ? {} : { producerId, producerEpoch: 0, baseSequence, isTransactional: kind === "transactional" };
    return { ...batch, bytes: this.encodeRecords(batch, producer) };
  }

  protected encodeRecords(batch: Omit<Written, "bytes">, producer: BatchOptions): Uint8Array {
    return batchOf(valuesOf(this.topicId, batch), batch.timestamp, producer);
  }

  get end(): number {
    return this.batches.length === 0 ? 0 : endOf(this.batches.at(-1)!);
  }

  get producerIds(): number[] {
    return [...new Set(this.batches.flatMap(({ producerId }) => producerId ?? []))];
  }

  /** The batches of a producer that have a sequence. */
  of(producerId: number): Written[] {
    return this.batches.filter((batch) => batch.producerId === producerId && batch.baseSequence >= 0);
  }

  /** The producer's open transaction, by the offset of its first record. */
  openSince(producerId: number): number | null {
    let first: number | null = null;
    for (const batch of this.batches) {
      if (batch.producerId !== producerId) continue;
      if (batch.kind === "transactional") first ??= batch.baseOffset;
      else if (batch.kind !== "plain") first = null;
    }
    return first;
  }

  /** What the log lets everybody see now. */
  look(log: Log): void {
    const { logStartOffset: start, highWatermark } = log;
    assert.ok(start <= Math.max(this.mayStartAt, this.startedAt), `starts at ${start}, behind ${this.mayStartAt}`);
    this.startedAt = Math.max(this.startedAt, start);
    this.seen = Math.max(this.seen, highWatermark);
  }

  /** Holds what consumers read of a log that goes on against what it was given. */
  checkReads(log: Log): void {
    const visible = log.highWatermark;
    assert.equal(log.logEndOffset, this.end, "the end of the log");
    const start = log.logStartOffset;
    assert.deepEqual(
      contents(log, undefined, visible),
      this.#records(start).filter((record) => parseInt(record) < visible),
      "what is read",
    );
  }

  /** Of what is below the result, retention may delete all (Kafka: `retention.bytes`, `retention.ms`; -1 is for ever). */
  retentionMayReach(
    now: number,
    { retentionBytes, retentionMs }: { readonly retentionBytes: number; readonly retentionMs: number },
  ): number {
    const kept = this.batches.filter((batch) => endOf(batch) > this.startedAt);
    let size = kept.reduce((sum, { bytes }) => sum + bytes.length, 0);
    let reach = 0;
    for (const batch of kept) {
      size -= batch.bytes.length;
      if (retentionBytes >= 0 && size >= retentionBytes) reach = endOf(batch);
    }
    for (const batch of kept.filter(({ baseOffset }) => baseOffset >= reach)) {
      if (retentionMs < 0 || (now - batch.timestamp <= retentionMs && !this.mayVanish(batch))) break;
      reach = endOf(batch);
    }
    return reach;
  }

  /** Whether no record of a batch need be there though the log does not start behind it. */
  protected mayVanish(_batch: Written): boolean {
    return false;
  }

  /** Holds the log, as it was opened after a crash, against all that was promised; then takes over what there is. */
  check(log: Log, promises: Promises): void {
    this.#checkEnd(log, promises);
    const start = log.logStartOffset;
    assert.ok(start >= this.startedAt, `starts at ${start}, and has started at ${this.startedAt}`);
    this.look(log);
    this.checkContents(log, start);
    this.checkLookups(log, start);
    this.#checkEpochs(log, start);
    this.#checkProducers(log, start);
    this.checkTransactions(log, start);
  }

  protected checkContents(log: Log, start: number): void {
    assert.deepEqual(contents(log), this.#records(start), "every record once, in order");
  }

  /** `offset:value` of each record from `start` on. */
  #records(start: number): string[] {
    const all = this.batches.flatMap((batch) =>
      valuesOf(this.topicId, batch).map((value, index) => [batch.baseOffset + index, value] as const)
    );
    return all.filter(([offset]) => offset >= start).map(([offset, value]) => `${offset}:${value}`);
  }

  #checkEnd(log: Log, promises: Promises): void {
    const end = log.logEndOffset;
    const attempt = this.attempts.find((batch) => endOf(batch) === end && isLastOf(log, batch));
    if (attempt !== undefined) {
      this.batches.splice(this.batches.findIndex((batch) => endOf(batch) > attempt.baseOffset) >>> 0, Infinity, attempt);
    }
    this.attempts = this.attempts.filter((batch) => endOf(batch) > this.durable);
    assert.ok(end === 0 || this.batches.some((batch) => endOf(batch) === end), `ends at ${end}, within a batch or beyond all`);
    if (promises.appended) assert.ok(end >= this.end, `ends at ${end} of ${this.end} that were appended`);
    if (promises.seen) assert.ok(end >= this.seen, `ends at ${end}, and ${this.seen} was shown`);
    assert.ok(end >= this.durable, `ends at ${end} of ${this.durable} that were durable`);
    while (this.end > end) this.batches.pop();
    this.seen = Math.min(this.seen, end);
  }

  protected checkLookups(log: Log, start: number): void {
    for (const batch of this.batches) {
      for (let offset = Math.max(start, batch.baseOffset); offset < endOf(batch); offset++) {
        const records = log.read(offset, 1, { minOneBatch: true, upTo: log.highWatermark });
        assert.equal(records.byteLength, batch.bytes.length, `the batch that holds ${offset}`);
      }
      const first = this.batches.find((other) => endOf(other) > start && other.timestamp >= batch.timestamp);
      const expected = first === undefined ? undefined : Math.max(start, first.baseOffset);
      assert.equal(log.offsetForTimestamp(batch.timestamp)?.offset, expected, `the first record at ${batch.timestamp} or later`);
    }
  }

  #checkEpochs(log: Log, start: number): void {
    const kept = this.batches.filter((batch) => endOf(batch) > start);
    for (const { leaderEpoch: epoch } of kept) {
      const endOffset = kept.find(({ leaderEpoch }) => leaderEpoch > epoch)?.baseOffset ?? log.logEndOffset;
      assert.deepEqual(log.endOffsetForEpoch(epoch), { epoch, endOffset }, `the end of leader epoch ${epoch}`);
    }
  }

  /** How many of a producer's batches are known again. */
  protected get window(): number {
    return WINDOW;
  }

  /** The last five batches are known again, and the last one even if it was deleted: a retry is told where the first one stands. */
  #checkProducers(log: Log, start: number): void {
    for (const producerId of this.producerIds) {
      const window = this.of(producerId).slice(-this.window);
      for (const batch of window) {
        if (batch.kind !== "plain" || (batch.baseOffset < start && batch !== window.at(-1))) continue;
        const { baseOffset, duplicate } = log.append(batch.bytes.slice(), { leaderEpoch: log.latestEpoch, origin: "client" });
        assert.deepEqual([baseOffset, duplicate], [batch.baseOffset, true], `a retry of producer ${producerId}`);
      }
    }
  }

  protected checkTransactions(log: Log, start: number): void {
    this.checkLastStableOffset(log, start);
    const found: Aborted[] = [];
    for (let offset = start; offset < log.highWatermark;) {
      const records = log.read(offset, Infinity, { minOneBatch: true, upTo: log.highWatermark });
      const here = log.abortedTransactions(offset, records);
      found.push(...here.map(({ producerId, firstOffset, lastOffset }) => ({ producerId, firstOffset, lastOffset })));
      offset = records.upperOffset;
    }
    const once = new Map(found.map((aborted) => [aborted.lastOffset, aborted]));
    const told = [...once.values()].flatMap((aborted) => this.#fromStart(aborted, start));
    assert.deepEqual(told, this.#aborted(start).flatMap((aborted) => this.#fromStart(aborted, start)), "the aborted transactions");
  }

  protected checkLastStableOffset(log: Log, start: number): void {
    const open = this.producerIds.flatMap((id) => this.openSince(id) ?? []);
    const expected = Math.min(log.highWatermark, ...open.map((first) => Math.max(first, start)));
    assert.equal(log.lastStableOffset, expected, "the last stable offset");
  }

  /** The transaction as readers have it who begin at `start`; nothing if no record of it is left. Which ones were deleted nobody need know. */
  #fromStart({ producerId, firstOffset, lastOffset }: Aborted, start: number): Aborted[] {
    const first = this.of(producerId).find(({ baseOffset, count }) => baseOffset >= firstOffset && baseOffset + count > start);
    return first === undefined || first.baseOffset > lastOffset ? [] : [{ producerId, firstOffset: first.baseOffset, lastOffset }];
  }

  #aborted(start: number): Aborted[] {
    const since = new Map<number, number>();
    const aborted: Aborted[] = [];
    for (const { producerId, kind, baseOffset } of this.batches) {
      if (producerId === null || kind === "plain") continue;
      if (kind === "transactional") {
        if (!since.has(producerId)) since.set(producerId, baseOffset);
        continue;
      }
      const firstOffset = since.get(producerId);
      since.delete(producerId);
      if (kind === "abort" && firstOffset !== undefined && baseOffset >= start) {
        aborted.push({ producerId, firstOffset, lastOffset: baseOffset });
      }
    }
    return aborted;
  }
}

/** Whether the log ends with this batch. */
function isLastOf(log: Log, { bytes, baseOffset, leaderEpoch }: Written): boolean {
  if (baseOffset < log.logStartOffset || log.highWatermark < log.logEndOffset) return false;
  const records = log.read(baseOffset, Infinity, { minOneBatch: true, upTo: log.logEndOffset });
  const found = new Uint8Array(records.byteLength);
  records.copyInto(found);
  if (found.length < ATTRIBUTES || new DataView(found.buffer).getInt32(LEADER_EPOCH) !== leaderEpoch) return false;
  // From the attributes on, which no offset and no epoch changes.
  return found.length === bytes.length && found.subarray(ATTRIBUTES).every((byte, index) => byte === bytes[ATTRIBUTES + index]);
}

/** Where they stand in a batch. */
const LEADER_EPOCH = 12;
const ATTRIBUTES = 21;

/** The value of a marker, as text. */
const MARKER = "\0\0\0\0\0\0";

function valuesOf(topicId: string, { kind, baseOffset, count }: Omit<Written, "bytes">): string[] {
  if (kind === "commit" || kind === "abort") return [MARKER];
  return Array.from({ length: count }, (_, index) => `${topicId.slice(0, 4)} ${baseOffset + index}`);
}
