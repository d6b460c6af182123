import type { Disk } from "../platform/mod.ts";
import { checksumText } from "./checksum_text.ts";
import { partitionDirectoryName } from "./file_names.ts";
import { readText, replaceText } from "./text_files.ts";

/**
 * Up to which offset each log was durable when that was last written down (`LogManager.RECOVERY_POINT_CHECKPOINT_FILE`). What is damaged below was promised to
 * somebody; what is damaged above may be an append that a power cut tore.
 */
export const RECOVERY_POINT_FILE = "recovery-point-offset-checkpoint";
/** Up to which offset each log has been compacted (`LogCleanerManager.offsetCheckpointFile`). */
export const CLEANER_OFFSET_FILE = "cleaner-offset-checkpoint";
/**
 * Where each log starts whose first segment has some of what was deleted (`LogManager.LOG_START_OFFSET_CHECKPOINT_FILE`). It is for Apache Kafka, should that take
 * the directory over: Ottla never goes by it (see `start_offset.ts`).
 */
export const LOG_START_FILE = "log-start-offset-checkpoint";

const VERSION = 0;
/** A recovery point of a log of which nothing is known: all of it may have been promised to somebody. */
export const UNKNOWN_POINT: number = Number.MAX_SAFE_INTEGER;

/** A file of a data directory with an offset for each partition (Kafka's `OffsetCheckpointFile`). Partitions go by the names of their directories. */
export class OffsetCheckpoint {
  #written: string | null;
  #writing: Promise<void> = Promise.resolve();
  /** How often something was forgotten, and how often that was when the file was last written. */
  #forgets = 0;
  #settledForgets = 0;

  private constructor(
    private readonly disk: Disk,
    private readonly directory: string,
    private readonly file: string,
    private readonly offsets: Map<string, number>,
    written: string | null,
  ) {
    this.#written = written;
  }

  /** Reads `file` of `directory`. If it is missing or damaged it is made with these offsets, where there are such. Throws `DiskError`. */
  static async open(disk: Disk, directory: string, file: string, offsets?: Iterable<[string, number]>): Promise<OffsetCheckpoint> {
    const text = readText(disk, `${directory}/${file}`);
    const known = text === null ? null : decodeOffsets(text);
    const empty = encodeOffsets(new Map());
    const written = text === null && offsets === undefined ? empty : null;
    const checkpoint = new OffsetCheckpoint(disk, directory, file, known ?? new Map(offsets), written);
    if (known === null && offsets !== undefined) await checkpoint.write();
    return checkpoint;
  }

  get(name: string): number | undefined {
    return this.offsets.get(name);
  }

  set(name: string, offset: number): void {
    this.offsets.set(name, offset);
  }

  /** A partition is gone, or has no offset any more; {@link settleForgotten} comes before another of that name. */
  forget(name: string): void {
    if (this.offsets.delete(name)) this.#forgets++;
  }

  /** Settles once the file names nothing that was forgotten. Throws `DiskError`. */
  async settleForgotten(): Promise<void> {
    if (this.#settledForgets < this.#forgets) await this.#enqueue(() => this.#settledForgets < this.#forgets);
  }

  /** Writes the file, durably, if it would change. Throws `DiskError`. */
  write(): Promise<void> {
    return this.#enqueue(() => true);
  }

  /** Writes once it is its turn, if it is `needed` then. */
  #enqueue(needed: () => boolean): Promise<void> {
    const next = async (): Promise<void> => needed() ? await this.#write() : undefined;
    return this.#writing = this.#writing.then(next, next);
  }

  async #write(): Promise<void> {
    const text = encodeOffsets(this.offsets);
    const forgets = this.#forgets;
    if (text !== this.#written) await replaceText(this.disk, this.directory, this.file, text);
    this.#written = text;
    this.#settledForgets = forgets;
  }
}

/** A partition that no topic can have, in front of the others: its offset is the CRC-32C of the lines of these. */
const CHECKSUM = "#crc32c";

/** What a file says that has these offsets. */
export function encodeOffsets(offsets: ReadonlyMap<string, number>): string {
  const lines = [...offsets].map(([name, offset]) => {
    const dash = name.lastIndexOf("-");
    return `${name.slice(0, dash)} ${name.slice(dash + 1)} ${offset}`;
  });
  return [VERSION, lines.length + 1, checksumLine(lines), ...lines].join("\n") + "\n";
}

function checksumLine(lines: readonly string[]): string {
  return `${CHECKSUM} 0 ${parseInt(checksumText(lines.join("\n")), 16)}`;
}

/** The offsets by name, or null if the file is damaged. */
export function decodeOffsets(text: string): Map<string, number> | null {
  const [version, count, ...lines] = text.trimEnd().split("\n");
  if (version !== String(VERSION) || Number(count) !== lines.length) return null;
  const offsets = new Map<string, number>();
  if (lines.at(0)?.startsWith(CHECKSUM) && lines.shift() !== checksumLine(lines)) return null;
  for (const line of lines) {
    const match = /^(\S+) (\d+) (\d+)$/.exec(line);
    if (match === null) return null;
    offsets.set(partitionDirectoryName(match[1], Number(match[2])), Number(match[3]));
  }
  return offsets;
}
