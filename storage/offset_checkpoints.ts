import type { StorageEnvironment } from "./environment.ts";
import type { Log } from "./log.ts";
import { CLEANER_OFFSET_FILE, LOG_START_FILE, OffsetCheckpoint, RECOVERY_POINT_FILE, UNKNOWN_POINT } from "./offset_checkpoint.ts";

/** What a data directory keeps of all its logs, a file each. Partitions go by the names of their directories. */
export class OffsetCheckpoints {
  private constructor(
    private readonly env: StorageEnvironment,
    private readonly directory: string,
    private readonly recoveryPoints: OffsetCheckpoint,
    /** Up to where logs have been compacted. */
    readonly cleaned: OffsetCheckpoint,
    private readonly logStarts: OffsetCheckpoint,
  ) {}

  /** @param partitions those that have a directory. Throws `DiskError`. */
  static async open(env: StorageEnvironment, directory: string, partitions: readonly string[]): Promise<OffsetCheckpoints> {
    const unknown = partitions.map((name): [string, number] => [name, UNKNOWN_POINT]);
    const recoveryPoints = await OffsetCheckpoint.open(env.disk, directory, RECOVERY_POINT_FILE, unknown);
    const cleaned = await OffsetCheckpoint.open(env.disk, directory, CLEANER_OFFSET_FILE);
    const logStarts = await OffsetCheckpoint.open(env.disk, directory, LOG_START_FILE);
    return new OffsetCheckpoints(env, directory, recoveryPoints, cleaned, logStarts);
  }

  recoveryPoint(name: string): number {
    return this.recoveryPoints.get(name) ?? 0;
  }

  noteRecoveryPoint(name: string, log: Log): void {
    this.recoveryPoints.set(name, log.recoveryPoint);
  }

  /** As in Kafka, a log has none that starts where its first segment does (`LogManager.checkpointLogStartOffsetsInDir`). */
  noteLogStart(name: string, log: Log): void {
    const offset = log.startWithinSegment;
    if (offset === null) this.forgetLogStart(name);
    else this.logStarts.set(name, offset);
  }

  forgetLogStart(name: string): void {
    this.logStarts.forget(name);
  }

  /** A partition is gone. {@link settleForgotten} comes before another of that name has files. */
  forget(name: string): void {
    for (const offsets of [this.recoveryPoints, this.cleaned, this.logStarts]) offsets.forget(name);
  }

  /** Settles once no file names what was forgotten. Throws `DiskError`. */
  async settleForgotten(): Promise<void> {
    for (const offsets of [this.recoveryPoints, this.cleaned, this.logStarts]) await offsets.settleForgotten();
  }

  /** The older points are true as well. */
  writeRecoveryPoints(): Promise<void> {
    return this.#orWarn("cannot write recovery points", () => this.recoveryPoints.write());
  }

  /** For Apache Kafka, which would show less of what was deleted. */
  writeLogStarts(): Promise<void> {
    return this.#orWarn("cannot write where logs start", () => this.logStarts.write());
  }

  /**
   * Comes before a partition's directory goes. Apache Kafka goes by names: were it to start now, it would give the old start to a topic that it makes of the
   * same name, and after a crash within its first minute remove what that has below.
   */
  settleLogStarts(): Promise<void> {
    return this.#orWarn("cannot write where logs start", () => this.logStarts.settleForgotten());
  }

  async #orWarn(message: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.env.logger.warn(message, { directory: this.directory, error: String(error) });
    }
  }
}
