import type { Disk } from "../platform/mod.ts";
import { partitionDirectoryName } from "./file_names.ts";
import { readText, replaceText } from "./text_files.ts";

/**
 * Up to which offset each log was durable when that was last written down (`LogManager.RECOVERY_POINT_CHECKPOINT_FILE`). What is damaged below was promised to
 * somebody; what is damaged above may be an append that a power cut tore.
 */
export const RECOVERY_POINT_FILE = "recovery-point-offset-checkpoint";
/** Up to which offset each log has been compacted (`LogCleanerManager.offsetCheckpointFile`). */
export const CLEANER_OFFSET_FILE = "cleaner-offset-checkpoint";

const VERSION = 0;

/** A file of a data directory with an offset for each partition (Kafka's `OffsetCheckpointFile`). Partitions go by the names of their directories. */
export class OffsetCheckpoint {
  #written: string | null = null;
  #writing: Promise<void> = Promise.resolve();
  /** The file may name a partition that has been forgotten. */
  #stale = false;

  private constructor(
    private readonly disk: Disk,
    private readonly directory: string,
    private readonly file: string,
    private readonly offsets: Map<string, number>,
  ) {}

  /** Reads `file` of `directory`. If it is missing or damaged it is made with these offsets, where there are such. Throws `DiskError`. */
  static async open(disk: Disk, directory: string, file: string, offsets?: Iterable<[string, number]>): Promise<OffsetCheckpoint> {
    const text = readText(disk, `${directory}/${file}`);
    const known = text === null ? null : decode(text);
    const checkpoint = new OffsetCheckpoint(disk, directory, file, known ?? new Map(offsets));
    if (known === null && offsets !== undefined) await checkpoint.write();
    return checkpoint;
  }

  get(name: string): number | undefined {
    return this.offsets.get(name);
  }

  set(name: string, offset: number): void {
    this.offsets.set(name, offset);
  }

  /** A partition is gone; {@link settleForgotten} comes before another of that name. */
  forget(name: string): void {
    if (this.offsets.delete(name)) this.#stale = true;
  }

  /** Settles once the file names nothing that was forgotten. Throws `DiskError`. */
  async settleForgotten(): Promise<void> {
    if (this.#stale) await this.write();
  }

  /** Writes the file, durably, if it would change. Throws `DiskError`. */
  write(): Promise<void> {
    const next = (): Promise<void> => this.#write();
    return this.#writing = this.#writing.then(next, next);
  }

  async #write(): Promise<void> {
    const text = encode(this.offsets);
    if (text === this.#written) return;
    const wasStale = this.#stale;
    this.#stale = false;
    try {
      await replaceText(this.disk, this.directory, this.file, text);
    } catch (error) {
      this.#stale = wasStale;
      throw error;
    }
    this.#written = text;
  }
}

function encode(offsets: ReadonlyMap<string, number>): string {
  const lines = [...offsets].map(([name, offset]) => {
    const dash = name.lastIndexOf("-");
    return `${name.slice(0, dash)} ${name.slice(dash + 1)} ${offset}`;
  });
  return [VERSION, lines.length, ...lines].join("\n") + "\n";
}

/** The offsets by name, or null if the file is damaged. */
function decode(text: string): Map<string, number> | null {
  const [version, count, ...lines] = text.trimEnd().split("\n");
  if (version !== String(VERSION) || Number(count) !== lines.length) return null;
  const offsets = new Map<string, number>();
  for (const line of lines) {
    const match = /^(\S+) (\d+) (\d+)$/.exec(line);
    if (match === null) return null;
    offsets.set(partitionDirectoryName(match[1], Number(match[2])), Number(match[3]));
  }
  return offsets;
}
