import type { RecordBatch } from "../protocol/records/mod.ts";
import { BatchCursor } from "./batch_cursor.ts";
import type { LogCheckpoint } from "./checkpoint.ts";
import type { StorageEnvironment } from "./environment.ts";
import { segmentFileName, tornFileName } from "./file_names.ts";
import type { FoundSegments } from "./found_segments.ts";
import { decodeLeaderEpochs, type EpochEntry, LEADER_EPOCH_FILE, LeaderEpochs } from "./leader_epochs.ts";
import type { LogConfig } from "./log_config.ts";
import { UNKNOWN_POINT } from "./offset_checkpoint.ts";
import { ProducerSnapshots } from "./producer_snapshots.ts";
import { ProducerState } from "./producer_state.ts";
import type { Segment } from "./segment.ts";
import { StorageError } from "./storage_error.ts";
import { readText } from "./text_files.ts";
import { findValidBatch } from "./torn_tail.ts";

const WINDOW_BYTES = 1 << 20;
const COPY_BYTES = 1 << 20;

/** How a log was left. */
export interface LastStop {
  /** Its process did not close it. */
  readonly unclean: boolean;
  /** Everything below this offset was durable. */
  readonly recoveryPoint: number;
}

/** What is no batch, or none that can stand there, and from where on good ones may be. */
interface BadBytes {
  readonly reason: string;
  readonly resumeAt: number;
}

/** Reads a log's batches behind a checkpoint, and judges what is none: a torn append is cut off, damage is stepped over. */
export class LogScan {
  readonly epochs = new LeaderEpochs();
  readonly producers: ProducerState;
  readonly snapshots: ProducerSnapshots;
  /** What may be written beside segments once they are durable. */
  readonly checkpoints: [Segment, LogCheckpoint][] = [];
  #nextOffset = 0;
  #window = new Uint8Array();
  #knownEpochs: readonly EpochEntry[] | null = null;

  constructor(
    private readonly env: StorageEnvironment,
    private readonly found: FoundSegments,
    private readonly config: LogConfig,
    private readonly lastStop: LastStop,
  ) {
    this.producers = new ProducerState(env.clock, env.compression);
    this.snapshots = new ProducerSnapshots(env.disk, found.directory, found.names, lastStop.unclean);
  }

  /** Where the log goes on behind the batches that were read. */
  get nextOffset(): number {
    return this.#nextOffset;
  }

  /** Takes over what the checkpoint tells; without one, what a snapshot tells of producers whose batches were deleted. */
  resume(checkpoint: LogCheckpoint | null): void {
    if (checkpoint === null) {
      this.producers.restore(this.snapshots.latest(this.#segments.at(0)?.baseOffset ?? 0));
      return;
    }
    this.#nextOffset = checkpoint.nextOffset;
    this.epochs.resume(checkpoint.epochs);
    this.producers.resume(checkpoint.producers);
  }

  /** Reads the batches from segment `from` on, there those behind the checkpoint, and cuts off what was torn. */
  async readFrom(from: number, checkpoint: LogCheckpoint | null): Promise<void> {
    const largest = this.#segments.slice(from).reduce((max, { file }) => Math.max(max, file.size), 0);
    this.#window = new Uint8Array(Math.min(largest, WINDOW_BYTES));
    for (let index = from; index < this.#segments.length; index++) {
      const segment = this.#segments[index];
      const known = index === from ? checkpoint : null;
      segment.resume(known);
      // What tells of bytes that are not there must not come true once others are.
      if (known === null && this.found.names.includes(segmentFileName(segment.baseOffset, "ottla"))) await segment.removeCheckpoint();
      const gap = index === 0 || known !== null ? null : this.#gapBefore(segment);
      if (gap !== null) {
        if (this.#mayBeTorn() || !this.#isGood(index)) {
          await this.#cut(index - 1, gap);
          break;
        }
        this.env.logger.error("a log is damaged: some offsets are missing", { log: segment.path, reason: gap });
      }
      if (known === null) this.#nextOffset = segment.baseOffset;
      const damage = this.#scan(segment, index)?.reason ?? null;
      if (damage !== null) {
        await this.#cut(index, damage);
        break;
      }
      const next = this.#segments[index + 1] ?? (this.found.empty?.baseOffset === this.#nextOffset ? this.found.empty : undefined);
      if (next !== undefined) {
        segment.seal();
        this.snapshots.write(next.baseOffset, this.producers.snapshot());
      }
      if (known?.segment.size !== segment.size) this.#passGap(segment, index);
      this.#checkpoint(segment);
    }
  }

  /**
   * What was durable cannot end before its end: the offsets behind the last batch that is left are damaged, and nobody else gets them. What comes next begins a
   * segment.
   */
  noteMissingEnd(startOffset: number): void {
    const { recoveryPoint } = this.lastStop;
    const last = this.#segments.at(-1);
    if (last === undefined || this.#nextOffset >= recoveryPoint || recoveryPoint === UNKNOWN_POINT) return;
    // What is missing below the start of the log was deleted, also where files could not be removed.
    const deleted = Math.min(startOffset, recoveryPoint);
    if (this.#nextOffset < deleted) {
      last.endAt(deleted);
      this.#nextOffset = deleted;
    }
    if (this.#nextOffset < recoveryPoint) {
      const reason = `the log was durable up to offset ${recoveryPoint}`;
      last.quarantine({ position: last.size, end: last.size, firstOffset: this.#nextOffset, nextOffset: recoveryPoint, reason });
      this.#nextOffset = recoveryPoint;
    }
    this.#checkpoint(last);
  }

  /** The empty segment is the newest of the log if the log ends where it begins; else it goes. */
  async settleEmpty(isComplete: boolean): Promise<void> {
    const segment = this.found.empty;
    if (segment === null) return;
    this.#segments.push(segment);
    this.#passGap(this.#segments[this.#segments.length - 2], this.#segments.length - 2);
    if (segment.baseOffset !== this.#nextOffset) {
      this.#segments.pop();
      return await this.found.discard(segment);
    }
    segment.resume(null);
    if (!isComplete) this.#checkpoint(segment);
  }

  /** Adds the epoch that had begun but written nothing, which only the file of epochs knows, to those that the batches carry. */
  assignEmptyEpoch(): void {
    const last = this.#epochsInFile.at(-1);
    if (last === undefined || last.epoch <= this.epochs.latest) return;
    this.epochs.assign(last.epoch, this.#nextOffset);
    const segment = this.#segments.at(-1);
    if (segment !== undefined) this.#checkpoint(segment);
  }

  /** What the file of epochs says, which may be older than the log; nothing if it is damaged. Read when somebody asks: a log that was closed in good order need not. */
  get #epochsInFile(): readonly EpochEntry[] {
    const { directory, names } = this.found;
    return this.#knownEpochs ??= names.includes(LEADER_EPOCH_FILE)
      ? decodeLeaderEpochs(readText(this.env.disk, `${directory}/${LEADER_EPOCH_FILE}`) ?? "") ?? []
      : [];
  }

  /** Why a segment cannot follow the one before it, or null: something between them was lost. */
  #gapBefore(segment: Segment): string | null {
    return segment.baseOffset === this.#nextOffset ? null : `offset ${this.#nextOffset} is missing`;
  }

  /** Kafka's compaction leaves gaps between segments; ours does not. What may have been torn was not compacted yet. */
  #passGap(segment: Segment, index: number): void {
    const next = this.#segments[index + 1];
    if (!this.config.compact || next === undefined || next.baseOffset <= this.#nextOffset || this.#mayBeTorn()) return;
    segment.endAt(next.baseOffset);
    this.#nextOffset = next.baseOffset;
  }

  /** Notes the batches of a segment behind those it has. Answers why what stands behind the last one is to be cut off, or null. */
  #scan(segment: Segment, index: number): BadBytes | null {
    const endOffset = this.#segments[index + 1]?.baseOffset ?? Number.MAX_SAFE_INTEGER;
    for (;;) {
      const damage = this.#scanTo(segment, endOffset);
      if (damage === null) return null;
      if (this.#mayBeTorn()) return damage;
      const next = this.#goodBehind(segment, index, damage.resumeAt);
      if (next === null) return damage;
      segment.quarantine({ position: segment.size, firstOffset: this.#nextOffset, reason: damage.reason, ...next });
      this.#nextOffset = next.nextOffset;
      if (next.end === segment.file.size) return null;
    }
  }

  /** Where a good batch follows the damage behind the batches noted so far: in this segment, or if all its rest is damaged in a later one; or null. */
  #goodBehind(segment: Segment, index: number, resumeAt: number): { readonly end: number; readonly nextOffset: number } | null {
    const here = findValidBatch(segment.file, resumeAt, this.#nextOffset);
    if (here !== null) return { end: here.position, nextOffset: here.baseOffset };
    return this.#isGood(index + 1) ? { end: segment.file.size, nextOffset: this.#segments[index + 1].baseOffset } : null;
  }

  /** Whether there is any good batch from this segment on. */
  #isGood(index: number): boolean {
    return this.#segments.slice(index).some(({ file }) => findValidBatch(file, 0, this.#nextOffset) !== null);
  }

  /** Notes the batches up to `endOffset` or to damage; answers what is wrong there, or null. */
  #scanTo(segment: Segment, endOffset: number): BadBytes | null {
    const epochs = { latest: this.epochs.latest, isKnown: (epoch: number) => this.#epochsInFile.some((known) => known.epoch === epoch) };
    const order = { minOffset: this.#nextOffset, endOffset, epochAt: () => -1, epochs };
    const cursor = new BatchCursor(segment.file, segment.size, segment.file.size, this.#window, order);
    while (cursor.next()) {
      const batch = cursor.whole();
      if (!batch.isValid()) return { reason: "a wrong checksum", resumeAt: cursor.position + 1 };
      this.#note(segment, batch, cursor.position);
    }
    return cursor.damage === null ? null : { reason: cursor.damage, resumeAt: cursor.resumeAt };
  }

  #note(segment: Segment, batch: RecordBatch, position: number): void {
    segment.note(batch, position, this.config.indexIntervalBytes);
    if (batch.partitionLeaderEpoch > this.epochs.latest) this.epochs.assign(batch.partitionLeaderEpoch, batch.baseOffset);
    const aborted = batch.hasProducerId ? this.producers.noteOld(batch) : null;
    if (aborted !== null) segment.noteAborted(aborted);
    this.#nextOffset = batch.lastOffset + 1;
  }

  /** Whether nothing from the end of the good batches on was promised: a power cut may tear one append and keep a later one. */
  #mayBeTorn(): boolean {
    return this.lastStop.unclean && this.#nextOffset >= this.lastStop.recoveryPoint;
  }

  /** Cuts off what stands behind the good batches, and the segments behind that, which hold none; keeps the bytes. */
  async #cut(lastGood: number, reason: string): Promise<void> {
    for (let index = this.#segments.length - 1; index > lastGood; index--) {
      const segment = this.#segments[index];
      segment.resume(null);
      await this.#keepAside(segment, reason);
      this.#segments.length = index;
      await this.found.discard(segment);
    }
    const last = this.#segments[lastGood];
    await this.#keepAside(last, reason);
    if (last.file.size > last.size) last.truncateToSize();
    // What was cut must not come back behind what is written next.
    await last.sync();
    await this.env.disk.syncDirectory(this.found.directory);
  }

  /** Copies what stands behind the good batches of a segment into a file beside it, durably. */
  async #keepAside(segment: Segment, reason: string): Promise<void> {
    const bytes = segment.file.size - segment.size;
    if (bytes === 0) return;
    const path = `${this.found.directory}/${tornFileName(segment.baseOffset, segment.size)}`;
    const copy = this.env.disk.open(path, { create: true });
    try {
      if (copy.size > 0) copy.truncate(0);
      const buffer = new Uint8Array(Math.min(COPY_BYTES, bytes));
      for (let position = segment.size; position < segment.file.size;) {
        const length = segment.file.read(buffer, position);
        if (length === 0) throw new StorageError(`${segment.path} shrank while it was read.`);
        copy.append(buffer.subarray(0, length));
        position += length;
      }
      await copy.sync();
    } finally {
      copy.close();
    }
    this.env.logger.warn("cut a torn append off a log; its bytes are kept", { log: segment.path, at: segment.size, bytes, reason, path });
  }

  get #segments(): Segment[] {
    return this.found.list;
  }

  /** Notes what the checkpoint of a segment, up to which the log was read, says now. */
  #checkpoint(segment: Segment): void {
    if (this.checkpoints.at(-1)?.[0] === segment) this.checkpoints.pop();
    this.checkpoints.push([segment, checkpointOf(segment, this.#nextOffset, this.epochs, this.producers)]);
  }
}

/** What a checkpoint of a segment says when it is the last that is known. Its index files are written up to there. */
export function checkpointOf(segment: Segment, nextOffset: number, epochs: LeaderEpochs, producers: ProducerState): LogCheckpoint {
  return { nextOffset, segment: segment.summary(), epochs: [...epochs.entries], producers: producers.checkpoint() };
}
