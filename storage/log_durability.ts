import { DiskError } from "../platform/mod.ts";
import type { LogCheckpoint } from "./checkpoint.ts";
import type { StorageEnvironment } from "./environment.ts";
import { hasNotBegun } from "./group_sync.ts";
import type { LoadedLog } from "./loader.ts";
import { checkpointOf } from "./log_scan.ts";
import type { LogSegments } from "./log_segments.ts";
import type { PartitionDirectory } from "./partition_directory.ts";
import type { Segment } from "./segment.ts";
import { StorageError } from "./storage_error.ts";

/** What of a log is durable, and noted so that whoever opens it after a crash need not read it again; and whether it may still be written. */
export class LogDurability {
  #recoveryPoint: number;
  /** Up to where a checkpoint tells of the log. */
  #checkpointed: number;
  /** What was read again of segments that grow no more, to be written beside them once they are durable. */
  #recovered: LoadedLog["checkpoints"];
  /** Whether more was read when the log was opened than the newest checkpoint tells. */
  #isAhead: boolean;
  /** Since it was opened. */
  #hasGrown = false;
  /** Why nothing may be written any more, or null. */
  #fenced: string | null = null;
  #closed = false;
  /** Closed without having to be durable: its files are to go. */
  #isGivenUp = false;

  constructor(
    private readonly env: StorageEnvironment,
    private readonly directory: PartitionDirectory,
    private readonly segments: LogSegments,
    private readonly loaded: LoadedLog,
    private readonly log: { readonly logEndOffset: number },
  ) {
    this.#recoveryPoint = loaded.recoveryPoint;
    this.#checkpointed = loaded.logEndOffset;
    this.#isAhead = loaded.checkpoints.length > 0;
    this.#recovered = loaded.checkpoints.splice(0).filter(([segment]) => segment !== segments.active);
  }

  /** Everything below is known to be durable. */
  get recoveryPoint(): number {
    return this.#recoveryPoint;
  }

  get isFenced(): boolean {
    return this.#fenced !== null;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Throws {@link StorageError} where the log may not be written. */
  checkWritable(): void {
    if (this.#closed) throw new StorageError(`${this.directory.path} is closed.`);
    if (this.#fenced !== null) throw new StorageError(this.#fenced);
  }

  /** Refuses all writes from now on; answers the error that says so. */
  fence(operation: string, cause: unknown): StorageError {
    if (this.#fenced === null) {
      this.#fenced = `${this.directory.path} takes no more writes: a ${operation} failed.`;
      this.env.logger.error("a log takes no more writes", { log: this.directory.path, operation, error: String(cause) });
    }
    return new StorageError(this.#fenced, { cause });
  }

  /** Something was appended. */
  noteGrowth(): void {
    this.#hasGrown = true;
  }

  /** Makes all that was written so far durable; a sync that fails fences the log. */
  async flush(): Promise<void> {
    this.checkWritable();
    try {
      await this.#sync();
    } catch (cause) {
      throw this.#syncFailed(cause);
    }
  }

  /** Finishes a segment that grows no more; its sync goes on in the background, as in Kafka. */
  seal(segment: Segment): void {
    const checkpoint = this.#orWithout(segment, () => {
      this.#takeSnapshot();
      segment.seal();
      return this.#checkpointOf(segment);
    });
    this.#checkpointInBackground(segment, checkpoint);
  }

  /** Whether there is a snapshot of the producers at `offset` that is durable once the log is. */
  hasSnapshot(offset: number): Promise<boolean> {
    return this.loaded.snapshots.has(offset, this.directory.turns);
  }

  /** The segment that begins at `offset` is gone. */
  forgetSnapshot(offset: number): void {
    this.loaded.snapshots.forget(offset);
  }

  /** Makes all that was appended durable, and notes that whoever opens the log after a crash need not read it again. */
  async checkpoint(): Promise<void> {
    const isKnown = this.#checkpointed === this.log.logEndOffset && !this.#isAhead;
    if (this.#closed || this.#fenced !== null || isKnown) return;
    try {
      await this.env.pending.track(this.#checkpoint({ last: false }));
    } catch (cause) {
      // A log whose files are taken away meanwhile needs none.
      if (!this.#closed) throw this.#syncFailed(cause);
    }
  }

  /** Nothing is written any more; with `flush` all is made durable and noted before. `release` gives the files back, whatever happens. */
  async close({ flush }: { flush: boolean }, release: () => Promise<void>): Promise<void> {
    this.#closed = true;
    this.#isGivenUp = !flush;
    await this.directory.idle();
    try {
      if (flush && this.#fenced === null) {
        const { active } = this.segments;
        if (active !== undefined) this.#orWithout(active, () => this.#takeSnapshot());
        if (this.#hasGrown || this.#isAhead) await this.#checkpoint({ last: true });
        else await this.#sync();
      }
    } catch (cause) {
      throw this.#syncFailed(cause);
    } finally {
      await release();
    }
    if (flush && this.#fenced !== null) throw new StorageError(this.#fenced);
  }

  /** Makes the log durable up to the end of `segment`; then the checkpoint that was made of it is true. */
  #checkpointInBackground(segment: Segment, checkpoint: LogCheckpoint | null): void {
    this.directory.inBackground(async () => {
      try {
        await this.#sync(segment);
      } catch (cause) {
        this.#syncFailed(cause);
        return;
      }
      if (checkpoint !== null) this.#writeCheckpoint(segment, checkpoint);
    });
  }

  /** `last`: the log is being closed. */
  async #checkpoint({ last }: { last: boolean }): Promise<void> {
    const segment = this.segments.active;
    if (segment === undefined) return;
    const checkpoint = this.#orWithout(segment, () => {
      if (last) segment.seal();
      return this.#checkpointOf(segment);
    });
    await this.directory.idle();
    await this.#sync(segment);
    if (this.#closed && !last) return;
    for (const [old, recovered] of this.#recovered) this.#writeCheckpoint(old, recovered);
    this.#recovered = [];
    this.#isAhead = false;
    if (checkpoint !== null) this.#writeCheckpoint(segment, checkpoint);
  }

  #checkpointOf(segment: Segment): LogCheckpoint {
    return checkpointOf(segment, this.log.logEndOffset, this.loaded.epochs, this.loaded.producers);
  }

  #writeCheckpoint(segment: Segment, checkpoint: LogCheckpoint): void {
    this.#orWithout(segment, () => {
      segment.writeCheckpoint(checkpoint);
      this.#checkpointed = Math.max(this.#checkpointed, checkpoint.nextOffset);
    });
  }

  /** What `write` answers; null where the disk does not take it: all that is written so is a cache. */
  #orWithout<T>(segment: Segment, write: () => T): T | null {
    try {
      return write();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.env.logger.warn("cannot write what belongs to a segment", { log: segment.path, error: String(error) });
      return null;
    }
  }

  #takeSnapshot(): void {
    if (this.directory.exists) this.loaded.snapshots.take(this.log.logEndOffset, this.loaded.producers.snapshot());
  }

  /** Makes everything up to the end of `last` durable, the oldest segment first: what is durable has no gap. */
  async #sync(last: Segment | undefined = this.segments.active): Promise<void> {
    const { list } = this.segments;
    const segments = last === undefined ? [] : list.slice(0, list.indexOf(last) + 1);
    const end = list[segments.length]?.baseOffset ?? this.log.logEndOffset;
    for (const segment of segments) {
      if (segment.dirty) await segment.sync();
    }
    await this.loaded.snapshots.sync(this.directory.turns);
    await this.directory.sync();
    // Another sync may have failed meanwhile.
    if (this.#fenced !== null) throw new StorageError(this.#fenced);
    this.#recoveryPoint = Math.max(this.#recoveryPoint, end);
  }

  /** After a sync that failed nobody knows what is durable; one that has not begun is tried again by whoever asks next. */
  #syncFailed(cause: unknown): StorageError {
    // The directory may be another's by now.
    if (this.#isGivenUp) return new StorageError(`${this.directory.path} is closed.`, { cause });
    if (!hasNotBegun(cause)) {
      const { active } = this.segments;
      if (this.#fenced === null && active !== undefined) this.#orWithout(active, () => this.directory.noteFailedSync());
      return this.fence("sync", cause);
    }
    this.env.logger.error("a disk operation failed", { log: this.directory.path, error: String(cause) });
    return new StorageError(`${this.directory.path} cannot be synced: ${String(cause)}`, { cause });
  }
}
