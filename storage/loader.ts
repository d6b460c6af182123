import type { RecordBatch } from "../protocol/records/mod.ts";
import { BatchCursor } from "./batch_cursor.ts";
import type { LogCheckpoint } from "./checkpoint.ts";
import type { Logger } from "../platform/mod.ts";
import type { Damage } from "./damage.ts";
import type { StorageEnvironment } from "./environment.ts";
import type { FileCache } from "./file_cache.ts";
import { DELETED_SUFFIX, offsetOfFile, segmentFileName, tornFileName } from "./file_names.ts";
import { decodeLeaderEpochs, type EpochEntry, LEADER_EPOCH_FILE, LeaderEpochs } from "./leader_epochs.ts";
import type { LogConfig } from "./log_config.ts";
import { SYNC_FAILED_FILE } from "./partition_directory.ts";
import { PARTITION_METADATA_FILE } from "./partition_metadata.ts";
import { ProducerSnapshots } from "./producer_snapshots.ts";
import { ProducerState } from "./producer_state.ts";
import { UNKNOWN_POINT } from "./offset_checkpoint.ts";
import { Segment } from "./segment.ts";
import { finishSwaps } from "./segment_swap.ts";
import { decodeStartOffset, START_OFFSET_FILE } from "./start_offset.ts";
import { StorageError } from "./storage_error.ts";
import { readText, replaceText } from "./text_files.ts";
import { findValidBatch } from "./torn_tail.ts";

const WINDOW_BYTES = 1 << 20;
const COPY_BYTES = 1 << 20;
/** What was written just before the stop stands in the newest segment, or in the one before if that had just been rolled. */
const RECENT_SEGMENTS = 2;

/** What a log's files hold. */
export interface LoadedLog {
  readonly segments: Segment[];
  readonly epochs: LeaderEpochs;
  readonly producers: ProducerState;
  readonly snapshots: ProducerSnapshots;
  readonly logEndOffset: number;
  /** Everything below is durable. */
  readonly recoveryPoint: number;
  /** Everything below was deleted. */
  readonly startOffset: number;
  /** Whether the names of its files would survive a power cut. */
  readonly isNamed: boolean;
  /** What may be written beside segments once they are durable. */
  readonly checkpoints: (readonly [Segment, LogCheckpoint])[];
}

/** How a log was left. */
export interface LastStop {
  /** Its process did not close it. */
  readonly unclean: boolean;
  /** Everything below this offset was durable. */
  readonly recoveryPoint: number;
}

/**
 * Opens the segments in a partition's directory, and reads the batches behind the newest checkpoint that can be believed, with their CRCs: after a clean stop
 * there are none. Appends that a power cut tore are cut off and kept beside the log: from the first damage on, if that stands above the recovery point, since
 * nothing there was promised to anybody; below it only at the very end. Anything else that is damaged is left as it is and stepped over: its offsets cannot be
 * read any more (see {@link Damage}).
 */
export async function loadLog(
  env: StorageEnvironment,
  files: FileCache,
  directory: string,
  config: LogConfig,
  lastStop: LastStop,
): Promise<LoadedLog> {
  const loader = new Loader(env, files, directory, await finishSwaps(env.disk, directory), config, lastStop);
  try {
    return await loader.load();
  } catch (error) {
    for (const segment of loader.segments) await segment.close();
    throw error;
  }
}

/** What is no batch, or none that can stand there, and from where on good ones may be. */
interface BadBytes {
  readonly reason: string;
  readonly resumeAt: number;
}

class Loader {
  readonly segments: Segment[] = [];
  readonly #epochs = new LeaderEpochs();
  #knownEpochs: readonly EpochEntry[] = [];
  readonly #producers: ProducerState;
  readonly #snapshots: ProducerSnapshots;
  #window = new Uint8Array();
  #nextOffset = 0;
  readonly #checkpoints: [Segment, LogCheckpoint][] = [];
  /** The newest segment if it is empty. A roll that failed leaves such a file too, though the log may have gone on in the segment before. */
  #empty: Segment | null = null;

  constructor(
    private readonly env: StorageEnvironment,
    private readonly files: FileCache,
    private readonly directory: string,
    private readonly names: readonly string[],
    private readonly config: LogConfig,
    private readonly lastStop: LastStop,
  ) {
    this.#producers = new ProducerState(env.clock, env.compression);
    this.#snapshots = new ProducerSnapshots(env.disk, directory, names, lastStop.unclean);
  }

  async load(): Promise<LoadedLog> {
    const { unclean, recoveryPoint } = this.lastStop;
    const startOffset = this.#readStartOffset();
    this.#knownEpochs = this.#readEpochs();
    this.#findSegments();
    await this.#finishDeletions(startOffset);
    const [from, checkpoint] = this.#newestCheckpoint();
    const isComplete = checkpoint !== null && from === this.segments.length - 1 && checkpoint.segment.size === this.segments[from].size;
    this.#resume(checkpoint);
    if (!isComplete) await this.#readFrom(from, checkpoint);
    this.#noteMissingEnd(recoveryPoint, startOffset);
    await this.#settleEmpty(isComplete);
    if (this.names.includes(SYNC_FAILED_FILE)) await this.#writeAgain(from, checkpoint?.segment.size ?? 0);
    this.#producers.wroteLately(this.segments.at(-RECENT_SEGMENTS)?.baseOffset ?? 0);
    const logEndOffset = this.#nextOffset;
    if (logEndOffset < startOffset) {
      throw new StorageError(`${this.directory} ends at ${logEndOffset}, below ${startOffset}, where it has to start.`);
    }
    // Who closes a log in good order has its checkpoint say all that is known.
    const epochs = isComplete && !unclean ? this.#epochs : this.#withEmptyEpoch();
    if (unclean) await this.#snapshots.removeDamaged();
    await this.#snapshots.removeStrays(this.segments.map(({ baseOffset }) => baseOffset), logEndOffset);
    return {
      segments: this.segments,
      epochs,
      producers: this.#producers,
      snapshots: this.#snapshots,
      logEndOffset,
      recoveryPoint: unclean ? Math.min(Math.max(recoveryPoint, checkpoint?.nextOffset ?? 0), logEndOffset) : logEndOffset,
      startOffset,
      isNamed: !unclean || (this.#empty === null && checkpoint !== null && from === this.segments.length - 1),
      checkpoints: this.#checkpoints,
    };
  }

  #readStartOffset(): number {
    if (!this.names.includes(START_OFFSET_FILE)) return 0;
    const offset = decodeStartOffset(readText(this.env.disk, `${this.directory}/${START_OFFSET_FILE}`) ?? "");
    if (offset === null) {
      throw new StorageError(`${this.directory}/${START_OFFSET_FILE} is damaged: nobody knows which records were deleted.`);
    }
    return offset;
  }

  /** What the file says, which may be older than the log; nothing if it is damaged. */
  #readEpochs(): readonly EpochEntry[] {
    if (!this.names.includes(LEADER_EPOCH_FILE)) return [];
    return decodeLeaderEpochs(readText(this.env.disk, `${this.directory}/${LEADER_EPOCH_FILE}`) ?? "") ?? [];
  }

  /**
   * Removes what deletions have left: segments below the start of the log, files that carry the mark, and those whose segment is gone. A segment that was the
   * newest when the start moved stays until its producers are told of elsewhere.
   */
  async #finishDeletions(startOffset: number): Promise<void> {
    let first = this.segments.findLastIndex(({ baseOffset }) => baseOffset <= startOffset);
    if (first > 0 && !await this.#snapshots.has(this.segments[first].baseOffset, this.files.turns)) first--;
    for (const segment of this.segments.splice(0, Math.max(0, first))) await segment.close();
    const segments = this.#empty === null ? this.segments : [...this.segments, this.#empty];
    const kept = new Set(segments.map(({ baseOffset }) => segmentFileName(baseOffset, "log")));
    for (const name of this.names) {
      const [, base, kind] = /^(\d{20})\.(log|index|timeindex|txnindex|ottla)$/.exec(name) ?? [];
      const isOrphan = kind !== undefined && !kept.has(segmentFileName(Number(base), "log"));
      if (isOrphan || name.endsWith(DELETED_SUFFIX)) await this.env.disk.remove(`${this.directory}/${name}`);
    }
  }

  #findSegments(): void {
    const { disk, clock, random } = this.env;
    const { segmentJitterMs, indexIntervalBytes } = this.config;
    for (const name of this.names) {
      const baseOffset = offsetOfFile(name, "log");
      if (baseOffset === null) continue;
      const jitterMs = segmentJitterMs > 0 ? random.below(segmentJitterMs) : 0;
      const options = { created: clock.now(), jitterMs, indexIntervalBytes, epochs: this.#epochs, damaged: reportDamage(this.env.logger) };
      const size = disk.stat(`${this.directory}/${name}`)?.size ?? 0;
      this.segments.push(Segment.existing(this.files, this.directory, baseOffset, size, options));
    }
    const newest = this.segments.at(-1);
    // A checkpoint is written once the log has come to the segment.
    if (this.segments.length > 1 && newest?.size === 0 && newest.readCheckpoint() === null) this.#empty = this.segments.pop()!;
    const filled = this.segments.filter((segment, index) => segment.size > 0 || index === 0 || segment === newest);
    this.segments.splice(0, Infinity, ...filled);
  }

  /** The empty segment is the newest of the log if the log ends where it begins; else it goes. */
  async #settleEmpty(isComplete: boolean): Promise<void> {
    const segment = this.#empty;
    if (segment === null) return;
    this.segments.push(segment);
    this.#passGap(this.segments[this.segments.length - 2], this.segments.length - 2);
    if (segment.baseOffset !== this.#nextOffset) {
      this.segments.pop();
      await segment.close();
      return await this.#removeFiles(segment.baseOffset);
    }
    segment.resume(null);
    if (!isComplete) this.#checkpoints.push([segment, checkpointOf(segment, this.#nextOffset, this.#epochs, this.#producers)]);
  }

  async #removeFiles(baseOffset: number): Promise<void> {
    for (const kind of ["ottla", "index", "timeindex", "txnindex", "log"] as const) {
      await this.env.disk.remove(`${this.directory}/${segmentFileName(baseOffset, kind)}`);
    }
  }

  /** The newest checkpoint that can be believed, and the index of its segment; without one, of the first segment. */
  #newestCheckpoint(): [index: number, LogCheckpoint | null] {
    for (let index = this.segments.length - 1; index >= 0; index--) {
      const checkpoint = this.segments[index].readCheckpoint();
      if (checkpoint !== null) return [index, checkpoint];
    }
    return [0, null];
  }

  /** Takes over what the checkpoint tells; without one, what a snapshot tells of producers whose batches were deleted. */
  #resume(checkpoint: LogCheckpoint | null): void {
    if (checkpoint === null) {
      this.#producers.restore(this.#snapshots.latest(this.segments.at(0)?.baseOffset ?? 0));
      return;
    }
    this.#nextOffset = checkpoint.nextOffset;
    this.#epochs.resume(checkpoint.epochs);
    this.#producers.resume(checkpoint.producers);
  }

  /** Reads the batches from segment `from` on, there those behind the checkpoint, and cuts off what was torn. */
  async #readFrom(from: number, checkpoint: LogCheckpoint | null): Promise<void> {
    const largest = this.segments.slice(from).reduce((max, { file }) => Math.max(max, file.size), 0);
    this.#window = new Uint8Array(Math.min(largest, WINDOW_BYTES));
    for (let index = from; index < this.segments.length; index++) {
      const segment = this.segments[index];
      const known = index === from ? checkpoint : null;
      segment.resume(known);
      // What tells of bytes that are not there must not come true once others are.
      if (known === null && this.names.includes(segmentFileName(segment.baseOffset, "ottla"))) await segment.removeCheckpoint();
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
      const next = this.segments[index + 1] ?? (this.#empty?.baseOffset === this.#nextOffset ? this.#empty : undefined);
      if (next !== undefined) {
        segment.seal();
        this.#snapshots.write(next.baseOffset, this.#producers.snapshot());
      }
      if (known?.segment.size !== segment.size) this.#passGap(segment, index);
      this.#checkpoints.push([segment, checkpointOf(segment, this.#nextOffset, this.#epochs, this.#producers)]);
    }
  }

  /** Writes the batches behind the first `durable` bytes of segment `from` again, in their place, and whose they are, and makes that durable. */
  async #writeAgain(from: number, durable: number): Promise<void> {
    const { disk } = this.env;
    for (const [index, segment] of this.segments.slice(from).entries()) await segment.writeAgain(index === 0 ? durable : 0);
    await this.#snapshots.writeAgain(this.files.turns);
    const metadata = readText(disk, `${this.directory}/${PARTITION_METADATA_FILE}`);
    if (metadata !== null) await replaceText(disk, this.directory, PARTITION_METADATA_FILE, metadata);
    await disk.remove(`${this.directory}/${SYNC_FAILED_FILE}`);
    await disk.syncDirectory(this.directory);
  }

  /** Why a segment cannot follow the one before it, or null: something between them was lost. */
  #gapBefore(segment: Segment): string | null {
    return segment.baseOffset === this.#nextOffset ? null : `offset ${this.#nextOffset} is missing`;
  }

  /** Kafka's compaction leaves gaps between segments; ours does not. What may have been torn was not compacted yet. */
  #passGap(segment: Segment, index: number): void {
    const next = this.segments[index + 1];
    if (!this.config.compact || next === undefined || next.baseOffset <= this.#nextOffset || this.#mayBeTorn()) return;
    segment.endAt(next.baseOffset);
    this.#nextOffset = next.baseOffset;
  }

  /** Notes the batches of a segment behind those it has. Answers why what stands behind the last one is to be cut off, or null. */
  #scan(segment: Segment, index: number): BadBytes | null {
    const endOffset = this.segments[index + 1]?.baseOffset ?? Number.MAX_SAFE_INTEGER;
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
    return this.#isGood(index + 1) ? { end: segment.file.size, nextOffset: this.segments[index + 1].baseOffset } : null;
  }

  /** Whether there is any good batch from this segment on. */
  #isGood(index: number): boolean {
    return this.segments.slice(index).some(({ file }) => findValidBatch(file, 0, this.#nextOffset) !== null);
  }

  /** Notes the batches up to `endOffset` or to damage; answers what is wrong there, or null. */
  #scanTo(segment: Segment, endOffset: number): BadBytes | null {
    const epochs = { latest: this.#epochs.latest, isKnown: (epoch: number) => this.#knownEpochs.some((known) => known.epoch === epoch) };
    const order = { minOffset: this.#nextOffset, endOffset, epochAt: () => -1, epochs };
    const cursor = new BatchCursor(segment.file, segment.size, segment.file.size, this.#window, order);
    while (cursor.next()) {
      const batch = cursor.whole();
      if (!batch.isValid()) return { reason: "a wrong checksum", resumeAt: cursor.position + 1 };
      this.#note(segment, batch, cursor.position);
    }
    return cursor.damage === null ? null : { reason: cursor.damage, resumeAt: cursor.resumeAt };
  }

  /**
   * What was durable cannot end before its end: the offsets behind the last batch that is left are damaged, and nobody else gets them. What comes next begins a
   * segment.
   */
  #noteMissingEnd(recoveryPoint: number, startOffset: number): void {
    const last = this.segments.at(-1);
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
    if (this.#checkpoints.at(-1)?.[0] === last) this.#checkpoints.pop();
    this.#checkpoints.push([last, checkpointOf(last, this.#nextOffset, this.#epochs, this.#producers)]);
  }

  #note(segment: Segment, batch: RecordBatch, position: number): void {
    segment.note(batch, position, this.config.indexIntervalBytes);
    if (batch.partitionLeaderEpoch > this.#epochs.latest) this.#epochs.assign(batch.partitionLeaderEpoch, batch.baseOffset);
    const aborted = batch.hasProducerId ? this.#producers.noteOld(batch) : null;
    if (aborted !== null) segment.noteAborted(aborted);
    this.#nextOffset = batch.lastOffset + 1;
  }

  /** Whether nothing from the end of the good batches on was promised: a power cut may tear one append and keep a later one. */
  #mayBeTorn(): boolean {
    return this.lastStop.unclean && this.#nextOffset >= this.lastStop.recoveryPoint;
  }

  /** Cuts off what stands behind the good batches, and the segments behind that, which hold none; keeps the bytes. */
  async #cut(lastGood: number, reason: string): Promise<void> {
    const { disk } = this.env;
    for (let index = this.segments.length - 1; index > lastGood; index--) {
      const segment = this.segments[index];
      segment.resume(null);
      await this.#keepAside(segment, reason);
      await segment.close();
      this.segments.length = index;
      await this.#removeFiles(segment.baseOffset);
    }
    const last = this.segments[lastGood];
    await this.#keepAside(last, reason);
    if (last.file.size > last.size) last.truncateToSize();
    // What was cut must not come back behind what is written next.
    await last.sync();
    await disk.syncDirectory(this.directory);
  }

  async #keepAside(segment: Segment, reason: string): Promise<void> {
    const bytes = segment.file.size - segment.size;
    if (bytes === 0) return;
    const path = `${this.directory}/${tornFileName(segment.baseOffset, segment.size)}`;
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

  /** The epochs that the batches carry, and the one that had begun but written nothing, which only the file of epochs knows. */
  #withEmptyEpoch(): LeaderEpochs {
    const last = this.#knownEpochs.at(-1);
    if (last === undefined || last.epoch <= this.#epochs.latest) return this.#epochs;
    this.#epochs.assign(last.epoch, this.#nextOffset);
    const segment = this.segments.at(-1);
    if (segment !== undefined) {
      if (this.#checkpoints.at(-1)?.[0] === segment) this.#checkpoints.pop();
      this.#checkpoints.push([segment, checkpointOf(segment, this.#nextOffset, this.#epochs, this.#producers)]);
    }
    return this.#epochs;
  }
}

/** Tells of damage, once for each place. */
export function reportDamage(logger: Logger): (path: string, damage: Damage) => void {
  return (path, { position, end, firstOffset, nextOffset, reason }) =>
    logger.error("a log is damaged: some offsets cannot be read", { log: path, position, end, firstOffset, nextOffset, reason });
}

/** What a checkpoint of a segment says when it is the last that is known. Its index files are written up to there. */
export function checkpointOf(segment: Segment, nextOffset: number, epochs: LeaderEpochs, producers: ProducerState): LogCheckpoint {
  return { nextOffset, segment: segment.summary(), epochs: [...epochs.entries], producers: producers.checkpoint() };
}
