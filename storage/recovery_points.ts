import type { Disk } from "../platform/mod.ts";
import { checksumText } from "./checksum_text.ts";
import { partitionDirectoryName } from "./file_names.ts";
import { readText, replaceText } from "./text_files.ts";

/** Kafka's name and format for it (`LogManager.RECOVERY_POINT_CHECKPOINT_FILE`, `CheckpointFile`). */
export const RECOVERY_POINT_FILE = "recovery-point-offset-checkpoint";
const VERSION = 0;
/** Where nothing is known of a log, all of it may have been promised to somebody. */
export const UNKNOWN_POINT = Number.MAX_SAFE_INTEGER;

/**
 * Up to which offset each partition of a data directory was durable when that was last written down. What is damaged below was promised to
 * somebody; what is damaged above may be an append that a power cut tore. Partitions go by the names of their directories.
 */
export class RecoveryPoints {
  #written: string | null = null;
  #writing: Promise<void> = Promise.resolve();
  /** The file may name a partition that has been forgotten. */
  #stale = false;

  private constructor(private readonly disk: Disk, private readonly directory: string, private readonly points: Map<string, number>) {}

  /** Reads the file of `directory`, which holds these `partitions`; makes it if it is missing or damaged. Throws `DiskError`. */
  static async open(disk: Disk, directory: string, partitions: readonly string[]): Promise<RecoveryPoints> {
    const text = readText(disk, `${directory}/${RECOVERY_POINT_FILE}`);
    const known = text === null ? null : decodeRecoveryPoints(text);
    const points = new RecoveryPoints(disk, directory, known ?? new Map(partitions.map((name) => [name, UNKNOWN_POINT])));
    if (known === null) await points.write();
    return points;
  }

  /** The offset below which the partition is known to have been durable. */
  of(name: string): number {
    return this.points.get(name) ?? 0;
  }

  set(name: string, offset: number): void {
    this.points.set(name, offset);
  }

  /** A partition is gone; {@link settleForgotten} comes before another of that name. */
  forget(name: string): void {
    if (this.points.delete(name)) this.#stale = true;
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
    const text = encodeRecoveryPoints(this.points);
    if (text === this.#written) return;
    const wasStale = this.#stale;
    this.#stale = false;
    try {
      await replaceText(this.disk, this.directory, RECOVERY_POINT_FILE, text);
    } catch (error) {
      this.#stale = wasStale;
      throw error;
    }
    this.#written = text;
  }
}

/** A partition that no topic can have, in front of the others: its offset is the CRC-32C of the lines of these. */
const CHECKSUM = "#crc32c";

export function encodeRecoveryPoints(points: ReadonlyMap<string, number>): string {
  const lines = [...points].map(([name, offset]) => {
    const dash = name.lastIndexOf("-");
    return `${name.slice(0, dash)} ${name.slice(dash + 1)} ${offset}`;
  });
  return [VERSION, lines.length + 1, checksumLine(lines), ...lines].join("\n") + "\n";
}

function checksumLine(lines: readonly string[]): string {
  return `${CHECKSUM} 0 ${parseInt(checksumText(lines.join("\n")), 16)}`;
}

/** The points by name, or null if the file is damaged. */
export function decodeRecoveryPoints(text: string): Map<string, number> | null {
  const [version, count, ...lines] = text.trimEnd().split("\n");
  if (version !== String(VERSION) || Number(count) !== lines.length) return null;
  const points = new Map<string, number>();
  if (lines.at(0)?.startsWith(CHECKSUM) && lines.shift() !== checksumLine(lines)) return null;
  for (const line of lines) {
    const match = /^(\S+) (\d+) (\d+)$/.exec(line);
    if (match === null) return null;
    points.set(partitionDirectoryName(match[1], Number(match[2])), Number(match[3]));
  }
  return points;
}
