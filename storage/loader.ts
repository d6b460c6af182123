import type { RecordBatch } from "../protocol/records/mod.ts";
import { BatchCursor } from "./batch_cursor.ts";
import type { StorageEnvironment } from "./environment.ts";
import { offsetOfFile, segmentFileName, tornFileName } from "./file_names.ts";
import { decodeLeaderEpochs, LEADER_EPOCH_FILE, LeaderEpochs } from "./leader_epochs.ts";
import type { LogConfig } from "./log_config.ts";
import { ProducerSnapshots } from "./producer_snapshots.ts";
import { ProducerState } from "./producer_state.ts";
import { Segment } from "./segment.ts";
import { StorageError } from "./storage_error.ts";
import { readText } from "./text_files.ts";
import { findValidBatch } from "./torn_tail.ts";

const HEADER_WINDOW_BYTES = 1 << 16;
const WHOLE_WINDOW_BYTES = 1 << 20;
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
}

/** How a log was left. */
export interface LastStop {
  /** Its process did not close it: every CRC is checked. */
  readonly unclean: boolean;
  /** Everything below this offset was durable. */
  readonly recoveryPoint: number;
}

/**
 * Opens the segments in a partition's directory. Indexes, leader epochs and producers are built from the batches, whatever the other files
 * say. Appends that a power cut tore are cut off and kept beside the log: from the first damage on, if that stands above the recovery point, since
 * nothing there was promised to anybody; below it only at the very end. Anything else that is damaged is left as it is and refused with a
 * {@link StorageError}: Kafka's `LogLoader` would drop all that follows.
 */
export async function loadLog(env: StorageEnvironment, directory: string, config: LogConfig, lastStop: LastStop): Promise<LoadedLog> {
  const loader = new Loader(env, directory, config, lastStop);
  try {
    return await loader.load();
  } catch (error) {
    for (const segment of loader.segments) await segment.close();
    throw error;
  }
}

class Loader {
  readonly segments: Segment[] = [];
  readonly #epochs = new LeaderEpochs();
  readonly #producers: ProducerState;
  readonly #snapshots: ProducerSnapshots;
  #window = new Uint8Array();
  #nextOffset = 0;
  /** Where the newest segments begin. */
  #recentFrom = 0;

  constructor(
    private readonly env: StorageEnvironment,
    private readonly directory: string,
    private readonly config: LogConfig,
    private readonly lastStop: LastStop,
  ) {
    this.#producers = new ProducerState(env.clock);
    this.#snapshots = new ProducerSnapshots(env.disk, directory);
  }

  async load(): Promise<LoadedLog> {
    this.#openSegments();
    // Of producers whose batches have been deleted, only a snapshot knows.
    this.#producers.restore(this.#snapshots.latest(this.segments.at(0)?.baseOffset ?? 0));
    this.#recentFrom = this.segments.at(-RECENT_SEGMENTS)?.baseOffset ?? 0;
    const largest = this.segments.reduce((max, { file }) => Math.max(max, file.size), 0);
    this.#window = new Uint8Array(Math.min(largest, this.lastStop.unclean ? WHOLE_WINDOW_BYTES : HEADER_WINDOW_BYTES));
    for (const [index, segment] of this.segments.entries()) {
      const gap = index === 0 ? null : this.#gapBefore(segment);
      const damage = gap ?? this.#scan(segment, this.segments[index + 1]?.baseOffset ?? Number.MAX_SAFE_INTEGER);
      if (damage === null) continue;
      const lastGood = gap === null ? index : index - 1;
      if (!this.#mayBeTorn()) this.#refuseIfGoodFollows(lastGood, damage);
      await this.#cut(lastGood, damage);
      break;
    }
    this.segments.forEach((segment) => segment.writeIndexes());
    const epochs = this.#withEmptyEpoch();
    const logEndOffset = this.#nextOffset;
    await this.#snapshots.removeStrays(this.segments.map(({ baseOffset }) => baseOffset), logEndOffset);
    const { unclean, recoveryPoint } = this.lastStop;
    return {
      segments: this.segments,
      epochs,
      producers: this.#producers,
      snapshots: this.#snapshots,
      logEndOffset,
      recoveryPoint: unclean ? Math.min(recoveryPoint, logEndOffset) : logEndOffset,
    };
  }

  #openSegments(): void {
    const { disk, clock, random } = this.env;
    for (const name of disk.list(this.directory)) {
      const baseOffset = offsetOfFile(name, "log");
      if (baseOffset === null) continue;
      const jitter = this.config.segmentJitterMs > 0 ? random.below(this.config.segmentJitterMs) : 0;
      this.segments.push(Segment.open(disk, this.directory, baseOffset, clock.now(), jitter, !this.lastStop.unclean));
    }
  }

  /** Why a segment cannot follow the one before it, or null: something between them was lost. */
  #gapBefore(segment: Segment): string | null {
    // Compaction leaves gaps on purpose.
    if (segment.baseOffset === this.#nextOffset || this.config.compact) return null;
    return `offset ${this.#nextOffset} is missing`;
  }

  /** Notes the batches of a segment, all of which lie below `endOffset`; answers what is wrong behind the last one, or null. */
  #scan(segment: Segment, endOffset: number): string | null {
    this.#nextOffset = segment.baseOffset;
    const cursor = new BatchCursor(segment.file, 0, segment.file.size, this.#window);
    while (cursor.next()) {
      const batch = this.lastStop.unclean ? cursor.whole() : cursor.batch;
      const { baseOffset, lastOffset } = batch;
      if (this.lastStop.unclean && !batch.isValid()) return "a wrong checksum";
      if (!(baseOffset >= this.#nextOffset && lastOffset >= baseOffset && lastOffset < endOffset)) {
        return `offsets ${baseOffset} to ${lastOffset}`;
      }
      if (batch.partitionLeaderEpoch < this.#epochs.latest) return `leader epoch ${batch.partitionLeaderEpoch}`;
      this.#note(segment, batch, cursor.position);
    }
    return cursor.damage;
  }

  #note(segment: Segment, batch: RecordBatch, position: number): void {
    segment.note(batch, position, this.config.indexIntervalBytes);
    if (batch.partitionLeaderEpoch > this.#epochs.latest) this.#epochs.assign(batch.partitionLeaderEpoch, batch.baseOffset);
    if (batch.hasProducerId) this.#producers.noteOld(batch, batch.baseOffset >= this.#recentFrom);
    this.#nextOffset = batch.lastOffset + 1;
  }

  /** Whether nothing from the end of the good batches on was promised: a power cut may tear one append and keep a later one. */
  #mayBeTorn(): boolean {
    return this.lastStop.unclean && this.#nextOffset >= this.lastStop.recoveryPoint;
  }

  /** Throws if a good batch stands behind the end of the good ones, in the same segment or a later one: that is no torn append. */
  #refuseIfGoodFollows(lastGood: number, damage: string): void {
    const end = this.segments[lastGood];
    for (const segment of this.segments.slice(lastGood)) {
      const found = findValidBatch(segment.file, segment.size, this.#nextOffset);
      if (found === null) continue;
      throw new StorageError(
        `${end.path} is damaged at ${end.size} (${damage}), but a good batch follows at ${found} of ${segment.path}: ` +
          "the log stays closed and as it is.",
      );
    }
  }

  /** Cuts off what stands behind the good batches, and the segments behind that, which hold none; keeps the bytes. */
  async #cut(lastGood: number, reason: string): Promise<void> {
    const { disk } = this.env;
    for (let index = this.segments.length - 1; index > lastGood; index--) {
      const segment = this.segments[index];
      await this.#keepAside(segment, reason);
      await segment.close();
      this.segments.length = index;
      for (const kind of ["index", "timeindex", "log"] as const) {
        await disk.remove(`${this.directory}/${segmentFileName(segment.baseOffset, kind)}`);
      }
    }
    const last = this.segments[lastGood];
    await this.#keepAside(last, reason);
    if (last.file.size > last.size) last.truncateToSize();
    // What was cut must not come back behind what is written next.
    await last.sync();
    disk.syncDirectory(this.directory);
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

  /** The epochs that the batches carry, and the one that had begun but written nothing, which only the checkpoint file knows. */
  #withEmptyEpoch(): LeaderEpochs {
    const text = readText(this.env.disk, `${this.directory}/${LEADER_EPOCH_FILE}`);
    const last = text === null ? undefined : decodeLeaderEpochs(text)?.at(-1);
    if (last !== undefined && last.epoch > this.#epochs.latest) this.#epochs.assign(last.epoch, this.#nextOffset);
    return this.#epochs;
  }
}
