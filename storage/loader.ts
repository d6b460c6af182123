import type { RecordBatch } from "../protocol/records/mod.ts";
import { BatchCursor } from "./batch_cursor.ts";
import type { StorageEnvironment } from "./environment.ts";
import { baseOffsetOf, segmentFileName, tornFileName } from "./file_names.ts";
import { decodeLeaderEpochs, LEADER_EPOCH_FILE, LeaderEpochs } from "./leader_epochs.ts";
import type { LogConfig } from "./log_config.ts";
import { ProducerState } from "./producer_state.ts";
import { Segment } from "./segment.ts";
import { StorageError } from "./storage_error.ts";
import { readText } from "./text_files.ts";
import { findValidBatch } from "./torn_tail.ts";

const HEADER_WINDOW_BYTES = 1 << 16;
const WHOLE_WINDOW_BYTES = 1 << 20;
const COPY_BYTES = 1 << 20;

/** What a log's files hold. */
export interface LoadedLog {
  readonly segments: Segment[];
  readonly epochs: LeaderEpochs;
  readonly producers: ProducerState;
  readonly logEndOffset: number;
  /** Bytes that recovery cut off and kept aside. */
  readonly cutBytes: number;
}

/**
 * Opens the segments in a partition's directory. Indexes, leader epochs and producers are built from the batches, whatever the other files
 * say; after an unclean stop every CRC is checked. A torn append at the end is cut off and kept beside the log. Anything else that is
 * damaged is left as it is and refused with a {@link StorageError}: Kafka's `LogLoader` would drop all that follows.
 */
export async function loadLog(env: StorageEnvironment, directory: string, config: LogConfig, unclean: boolean): Promise<LoadedLog> {
  const loader = new Loader(env, directory, config, unclean);
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
  readonly #producers = new ProducerState();
  #window = new Uint8Array();
  #nextOffset = 0;
  #cutBytes = 0;

  constructor(
    private readonly env: StorageEnvironment,
    private readonly directory: string,
    private readonly config: LogConfig,
    private readonly unclean: boolean,
  ) {}

  async load(): Promise<LoadedLog> {
    this.#openSegments();
    const largest = this.segments.reduce((max, { file }) => Math.max(max, file.size), 0);
    this.#window = new Uint8Array(Math.min(largest, this.unclean ? WHOLE_WINDOW_BYTES : HEADER_WINDOW_BYTES));
    for (const [index, segment] of this.segments.entries()) {
      const gap = index === 0 ? null : this.#gapBefore(segment);
      const damage = gap ?? this.#scan(segment, this.segments[index + 1]?.baseOffset ?? Number.MAX_SAFE_INTEGER);
      if (damage === null) continue;
      const lastGood = gap === null ? index : index - 1;
      this.#refuseIfGoodFollows(lastGood, damage);
      await this.#cut(lastGood, damage);
      break;
    }
    this.segments.forEach((segment) => segment.writeIndexes());
    const epochs = this.#withEmptyEpoch();
    return { segments: this.segments, epochs, producers: this.#producers, logEndOffset: this.#nextOffset, cutBytes: this.#cutBytes };
  }

  #openSegments(): void {
    const { disk, clock, random } = this.env;
    for (const name of disk.list(this.directory)) {
      const baseOffset = baseOffsetOf(name);
      if (baseOffset === null) continue;
      const jitter = this.config.segmentJitterMs > 0 ? random.below(this.config.segmentJitterMs) : 0;
      this.segments.push(Segment.open(disk, this.directory, baseOffset, clock.now(), jitter, !this.unclean));
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
      const batch = this.unclean ? cursor.whole() : cursor.batch;
      const { baseOffset, lastOffset } = batch;
      if (this.unclean && !batch.isValid()) return "a wrong checksum";
      if (!(baseOffset >= this.#nextOffset && lastOffset >= baseOffset && lastOffset < endOffset)) {
        return `offsets ${baseOffset} to ${lastOffset}`;
      }
      this.#note(segment, batch, cursor.position);
    }
    return cursor.damage;
  }

  #note(segment: Segment, batch: RecordBatch, position: number): void {
    segment.note(batch, position, this.config.indexIntervalBytes);
    if (batch.partitionLeaderEpoch > this.#epochs.latest) this.#epochs.assign(batch.partitionLeaderEpoch, batch.baseOffset);
    if (batch.hasProducerId) this.#producers.note(batch);
    this.#nextOffset = batch.lastOffset + 1;
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
    this.#cutBytes += bytes;
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
