import assert from "node:assert/strict";
import type { BatchOptions, RecordBatch } from "../../protocol/records/mod.ts";
import type { Log } from "../mod.ts";
import { committedBatches, keyedBatch, keyedContents } from "../testing.ts";
import { PartitionModel, type Written } from "./crash_model.ts";

interface KeyedRecord {
  readonly offset: number;
  readonly key: string;
  readonly value: string | null;
  readonly timestamp: number;
  /** What has become of its transaction, if it has one. */
  readonly fate: "committed" | "aborted" | "open";
}

const decoder = new TextDecoder();

/**
 * A partition whose log is compacted: of each key the newest record that is committed must be there, but a tombstone only until its time has come and nothing is
 * left that it hides. Which of the others are gone is for the log to say, but what is gone once is gone for good.
 */
export class CompactedModel extends PartitionModel {
  /** Offsets of records that somebody has found gone. */
  #gone = new Set<number>();
  /** Compaction cannot have seen what stands from here on. */
  #reach = 0;
  #now = 0;

  constructor(topicId: string, private readonly deleteRetentionMs: number) {
    super(topicId);
  }

  /** Compaction may look at all that is there until the time is `now`. */
  mayCompact(now: number): void {
    this.#reach = this.end;
    this.#now = now;
  }

  protected override encodeRecords(batch: Omit<Written, "bytes">, producer: BatchOptions): Uint8Array {
    const records = this.#recordsOf(batch, "open").map(({ key, value }): [string, string | null] => [key, value]);
    return keyedBatch(records, batch.timestamp, producer);
  }

  override checkReads(log: Log): void {
    assert.equal(log.logEndOffset, this.end, "the end of the log");
    this.#checkCommitted(log);
  }

  protected override checkContents(log: Log, start: number): void {
    this.#reach = Math.min(this.#reach, this.end);
    this.#gone = new Set([...this.#gone].filter((offset) => offset < this.end));
    this.#compare(keyedContents(log), this.#records.filter(({ offset }) => offset >= start), start);
  }

  /** A fetch of any offset finds what comes next, and so do look-ups by time. */
  protected override checkLookups(log: Log, start: number): void {
    const found: { baseOffset: number; lastOffset: number; records: { offset: number; timestamp: number }[] }[] = [];
    for (const batch of log.batchesFrom(start)) {
      const records = [...batch.records()].map(({ offset, timestamp }) => ({ offset, timestamp })).filter(({ offset }) => offset >= start);
      found.push({ baseOffset: batch.baseOffset, lastOffset: batch.lastOffset, records });
    }
    for (let offset = start; offset < this.end; offset++) {
      const records = log.read(offset, 1, { minOneBatch: true, upTo: log.highWatermark });
      const bytes = new Uint8Array(records.byteLength);
      records.copyInto(bytes);
      const baseOffset = Number(new DataView(bytes.buffer).getBigInt64(0));
      assert.equal(baseOffset, found.find(({ lastOffset }) => lastOffset >= offset)?.baseOffset, `the batch at ${offset} or behind it`);
    }
    const all = found.flatMap(({ records }) => records);
    for (const { timestamp } of this.batches) {
      const expected = all.find((record) => record.timestamp >= timestamp)?.offset;
      assert.equal(log.offsetForTimestamp(timestamp)?.offset, expected, `the first record at ${timestamp} or later`);
    }
  }

  protected override checkTransactions(log: Log, start: number): void {
    this.checkLastStableOffset(log, start);
    this.#checkCommitted(log);
  }

  /** Of the others the log may have no batch any more. */
  protected override get window(): number {
    return 1;
  }

  protected override mayVanish(batch: Written): boolean {
    const records = this.#records;
    return this.#recordsOf(batch, "open").every(({ offset }) => this.#mayGo(records.find((record) => record.offset === offset)!, records));
  }

  #checkCommitted(log: Log): void {
    const { logStartOffset: start, lastStableOffset } = log;
    const found = committedBatches(log, start, 1 << 20).flatMap(textsOf);
    const committed = this.#records.filter(({ offset, fate }) => fate === "committed" && offset >= start && offset < lastStableOffset);
    this.#compare([...found], committed, start);
  }

  /** What was `found` from `start` on must be records that were `written`, and the others be gone by the rules. */
  #compare(found: readonly string[], written: readonly KeyedRecord[], start: number): void {
    const texts = new Map(found.map((text): [number, string] => [parseInt(text), text]).filter(([offset]) => offset >= start));
    const all = this.#records;
    for (const record of written) {
      const { offset, key, value } = record;
      const text = texts.get(offset);
      if (text === undefined) {
        assert.ok(this.#mayGo(record, all), `${offset}:${key}=${value} is gone`);
        this.#gone.add(offset);
      } else {
        assert.equal(text, `${offset}:${key}=${value}`);
        assert.ok(!this.#gone.has(offset), `${text} is there again`);
      }
    }
    assert.deepEqual([...texts.keys()], written.map(({ offset }) => offset).filter((offset) => texts.has(offset)), "each once, in order");
    for (const { offset, key, value, fate } of written) {
      if (value !== null || texts.has(offset) || fate !== "committed") continue;
      const hidden = written.filter((other) => other.key === key && other.fate === "committed" && other.offset < offset);
      assert.deepEqual(hidden.filter((other) => texts.has(other.offset)), [], `what the tombstone at ${offset} hid`);
    }
  }

  /** Whether compaction may have taken a record away. */
  #mayGo({ offset, key, value, timestamp, fate }: KeyedRecord, all: readonly KeyedRecord[]): boolean {
    if (offset >= this.#reach || fate === "open") return false;
    if (fate === "aborted") return true;
    const isReplaced = all.some((later) =>
      later.fate === "committed" && later.key === key && later.offset > offset && later.offset < this.#reach
    );
    return isReplaced || (value === null && this.#now - timestamp >= this.deleteRetentionMs);
  }

  get #records(): KeyedRecord[] {
    const fates = new Map<Written, KeyedRecord["fate"]>();
    const open = new Map<number, Written[]>();
    for (const batch of this.batches) {
      const { kind, producerId } = batch;
      if (kind === "transactional") open.set(producerId!, [...open.get(producerId!) ?? [], batch]);
      if (kind !== "commit" && kind !== "abort") continue;
      for (const ended of open.get(producerId!) ?? []) fates.set(ended, kind === "commit" ? "committed" : "aborted");
      open.delete(producerId!);
    }
    return this.batches.flatMap((batch) => this.#recordsOf(batch, batch.kind === "plain" ? "committed" : fates.get(batch) ?? "open"));
  }

  /** Keys and tombstones follow from offsets. */
  #recordsOf(batch: Omit<Written, "bytes">, fate: KeyedRecord["fate"]): KeyedRecord[] {
    if (batch.kind === "commit" || batch.kind === "abort") return [];
    return Array.from({ length: batch.count }, (_, index) => {
      const offset = batch.baseOffset + index;
      const key = `k${(offset * offset * 31 + 7) % 11 % 6}`;
      return { offset, key, value: offset % 4 === 0 ? null : `${this.topicId.slice(0, 4)} ${offset}`, timestamp: batch.timestamp, fate };
    });
  }
}

function textsOf(batch: RecordBatch): string[] {
  return [...batch.records()].map(({ offset, key, value }) =>
    `${offset}:${decoder.decode(key!)}=${value === null ? "null" : decoder.decode(value)}`
  );
}
