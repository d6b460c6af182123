import { DiskError } from "../platform/mod.ts";
import type { RecordBatch } from "../protocol/records/mod.ts";
import { checkFormat, DIRTY_FILE, FORMAT_FILE, formatText, LOCK_FILE } from "./data_directory.ts";
import type { PartitionId, StorageEnvironment } from "./environment.ts";
import { isDeletedDirectory, isStrayDirectory, parsePartitionDirectory, partitionDirectoryName } from "./file_names.ts";
import type { Finding } from "./finding.ts";
import { checkLog, checkpointBeside, isCache, type LogReport } from "./fsck_log.ts";
import { LEADER_EPOCH_FILE } from "./leader_epochs.ts";
import type { LastStop } from "./log_scan.ts";
import type { LogConfig } from "./log_config.ts";
import { LogSegments } from "./log_segments.ts";
import type { Log } from "./log.ts";
import { LogManager } from "./manager.ts";
import {
  CLEANER_OFFSET_FILE,
  decodeOffsets,
  encodeOffsets,
  LOG_START_FILE,
  RECOVERY_POINT_FILE,
  UNKNOWN_POINT,
} from "./offset_checkpoint.ts";
import { StorageError, StorageStartError } from "./storage_error.ts";
import { readText } from "./text_files.ts";

/** A partition that exists. */
export interface KnownLog {
  readonly id: PartitionId;
  readonly config: LogConfig;
}

/** Who knows which partitions there are. */
export interface MetadataReader {
  /** The log that tells of the others. */
  readonly log: KnownLog;
  /** All other partitions, as the batches of that log tell. Throws `Error` with a sentence where they cannot be understood. */
  readonly read: (batches: Iterable<RecordBatch>) => readonly KnownLog[];
  /** Files of the directory that storage does not know, with what is wrong with their text, or null. */
  readonly files: Readonly<Record<string, (text: string) => string | null>>;
}

/** What was found in a data directory. */
export interface FsckReport {
  readonly findings: readonly Finding[];
  /** What is worth knowing and no fault. */
  readonly notes: readonly string[];
  /** Partitions that were looked into. */
  readonly logs: number;
}

/**
 * Checks a data directory, changing nothing. Throws {@link StorageStartError}, one sentence, where it is in use or none of Ottla's, and `DiskError` where it
 * cannot be read.
 */
export async function checkDirectory(env: StorageEnvironment, root: string, metadata: MetadataReader): Promise<FsckReport> {
  if (!checkFormat(env.disk, root)) throw new StorageStartError(`${root} is no data directory.`);
  const lock = env.disk.lock(`${root}/${LOCK_FILE}`, { readOnly: true });
  if (lock === null) throw new StorageStartError(`The data directory ${root} is in use by another process.`);
  try {
    const check = new DirectoryCheck(env, root, metadata);
    await check.run();
    return check;
  } finally {
    lock.release();
  }
}

/**
 * Makes the caches again that `report` finds fault with, and has every log recovered as a start would; what is damaged inside of logs stays. Throws as
 * {@link checkDirectory}.
 */
export async function repairDirectory(env: StorageEnvironment, root: string, metadata: MetadataReader, report: FsckReport): Promise<void> {
  const manager = await LogManager.open(env, root, { cleanerEnabled: false });
  try {
    for (const { path } of report.findings) {
      const isRemoved = isCache(path) || [".tmp", `/${CLEANER_OFFSET_FILE}`, `/${LOG_START_FILE}`].some((ending) => path.endsWith(ending));
      if (isRemoved) await env.disk.remove(path);
      // What a log has lost its checkpoint may still know: which transactions were aborted.
      const checkpoint = isCache(path) ? checkpointBeside(path) : null;
      if (checkpoint !== null) await env.disk.remove(checkpoint);
    }
    const metadataLog = await manager.openLog(metadata.log.id, metadata.log.config);
    for (const { id, config } of metadata.read(metadataLog.batchesFrom(metadataLog.logStartOffset))) {
      const name = partitionDirectoryName(id.topic, id.partition);
      if (env.disk.stat(`${root}/${name}`) === null) continue;
      const log = await openIfPossible(manager, { id, config });
      if (report.findings.some(({ path }) => path === `${root}/${name}/${LEADER_EPOCH_FILE}`)) log?.checkpointEpochs();
    }
  } catch (error) {
    await manager.abandon();
    throw error;
  }
  // After a crash the next start has to know of it: it raises leader epochs.
  if (manager.uncleanStart) await manager.abandon();
  else await manager.close();
}

async function openIfPossible(manager: LogManager, { id, config }: KnownLog): Promise<Log | null> {
  try {
    return await manager.openLog(id, config);
  } catch (error) {
    // What stands in its way is reported again.
    if (error instanceof StorageError) return null;
    throw error;
  }
}

class DirectoryCheck implements FsckReport {
  readonly findings: Finding[] = [];
  readonly notes: string[] = [];
  logs = 0;
  readonly #names: readonly string[];
  readonly #unclean: boolean;
  /** Null: the file is damaged. */
  readonly #points: ReadonlyMap<string, number> | null;
  /** Null: the file is missing or damaged. */
  readonly #starts: ReadonlyMap<string, number> | null;

  constructor(private readonly env: StorageEnvironment, private readonly root: string, private readonly metadata: MetadataReader) {
    this.#names = env.disk.list(root);
    this.#unclean = this.#names.includes(DIRTY_FILE);
    this.#points = this.#offsetsIn(RECOVERY_POINT_FILE);
    this.#starts = this.#offsetsIn(LOG_START_FILE);
  }

  async run(): Promise<void> {
    if (this.#unclean) this.notes.push("The directory was not closed by whoever used it: the next start recovers it.");
    this.#checkFiles();
    const known = await this.#checkMetadata();
    for (const log of known ?? []) await this.#checkLog(log);
    this.#checkNames(known);
  }

  /** The partitions that the metadata log tells of; null where it cannot be read. */
  async #checkMetadata(): Promise<readonly KnownLog[] | null> {
    const { log, read } = this.metadata;
    const name = partitionDirectoryName(log.id.topic, log.id.partition);
    if (this.env.disk.stat(`${this.root}/${name}`) === null) {
      if (this.#names.some((other) => parsePartitionDirectory(other) !== null)) {
        this.#found(name, "The log is missing that tells which topics there are.", "nothing: the next start puts all partitions aside");
      }
      return null;
    }
    let known: readonly KnownLog[] | null = null;
    await this.#checkLog(log, (segments, start) => {
      try {
        known = read(segments.batchesFrom(start));
      } catch (error) {
        if (!(error instanceof Error) || error instanceof DiskError) throw error;
        this.#found(name, `What topics there are cannot be read: ${error.message}`, "nothing: it stays as it is");
      }
    });
    return known;
  }

  async #checkLog({ id, config }: KnownLog, visit: (segments: LogSegments, startOffset: number) => void = () => {}): Promise<void> {
    const name = partitionDirectoryName(id.topic, id.partition);
    const path = `${this.root}/${name}`;
    const point = this.#points?.get(name) ?? 0;
    if (this.env.disk.stat(path) === null) {
      // A partition has files from its first record on.
      if (point > 0) {
        this.#found(name, `The partition has no directory, though offsets up to ${point} were durable.`, "nothing: they are gone");
      }
      return;
    }
    this.logs++;
    const lastStop: LastStop = { unclean: this.#unclean, recoveryPoint: this.#points === null ? UNKNOWN_POINT : point };
    const { findings, logEndOffset }: LogReport = await checkLog(this.env, path, { topicId: id.topicId, config, lastStop }, (loaded) => {
      this.#checkStart(name, loaded.startOffset, loaded.segments.at(0)?.baseOffset);
      visit(new LogSegments(loaded.segments, loaded.epochs, this.env), loaded.startOffset);
    });
    this.findings.push(...findings);
    if (this.#unclean || this.#points === null || logEndOffset === null || logEndOffset === point) return;
    const problem = `The file lets ${name} end at offset ${point}, its log ends at ${logEndOffset}.`;
    this.#found(RECOVERY_POINT_FILE, problem, "it is written anew");
  }

  /** A log starts where its first segment does, unless that has some of what was deleted. After a crash the file may be of a minute before. */
  #checkStart(name: string, startOffset: number, first = 0): void {
    const start = Math.max(startOffset, first);
    const said = Math.max(this.#starts?.get(name) ?? 0, first);
    if (said === start || (this.#unclean && said < start)) return;
    this.#found(
      LOG_START_FILE,
      `The file lets Apache Kafka start ${name} at offset ${said}, its log starts at ${start}.`,
      "it is written anew",
    );
  }

  #offsetsIn(name: string): ReadonlyMap<string, number> | null {
    const text = readText(this.env.disk, `${this.root}/${name}`);
    return text === null ? null : decodeOffsets(text);
  }

  #checkFiles(): void {
    const { disk } = this.env;
    if (readText(disk, `${this.root}/${FORMAT_FILE}`) !== formatText()) {
      this.#found(FORMAT_FILE, "The file is not as it was written, though it can be understood.", "nothing: it stays as it is");
    }
    if (this.#points !== null && encodeOffsets(this.#points) !== readText(disk, `${this.root}/${RECOVERY_POINT_FILE}`)) {
      this.#found(RECOVERY_POINT_FILE, "The file is not as it was written, though it can be understood.", "it is written anew");
    }
    if (this.#points === null) {
      this.#found(RECOVERY_POINT_FILE, "The file is missing or damaged: what was durable is not known.", "it is written anew");
    }
    this.#checkOffsets(CLEANER_OFFSET_FILE, "The file is damaged: up to where logs are compacted is not known.", "the file is removed");
    this.#checkOffsets(LOG_START_FILE, "The file is damaged: Apache Kafka would not know where logs start.", "it is written anew");
    for (const [name, check] of Object.entries(this.metadata.files)) {
      const text = readText(disk, `${this.root}/${name}`);
      const problem = text === null ? "The file is missing." : check(text);
      if (problem !== null) this.#found(name, problem, "nothing: it stays as it is");
    }
  }

  #checkOffsets(name: string, problem: string, repair: string): void {
    const text = readText(this.env.disk, `${this.root}/${name}`);
    const offsets = this.#offsetsIn(name);
    if (text !== null && (offsets === null || encodeOffsets(offsets) !== text)) this.#found(name, problem, repair);
  }

  /** What nobody knows. */
  #checkNames(known: readonly KnownLog[] | null): void {
    const own = new Set([
      FORMAT_FILE,
      LOCK_FILE,
      DIRTY_FILE,
      RECOVERY_POINT_FILE,
      CLEANER_OFFSET_FILE,
      LOG_START_FILE,
      "lost+found",
      ...Object.keys(this.metadata.files),
    ]);
    const partitions = new Set([this.metadata.log, ...known ?? []].map(({ id }) => partitionDirectoryName(id.topic, id.partition)));
    for (const name of this.#names) {
      if (own.has(name) || partitions.has(name)) continue;
      if (isDeletedDirectory(name)) {
        this.#found(name, "The partition was deleted, and its files are not all gone.", "the next start removes them");
      } else if (isStrayDirectory(name)) this.notes.push(`${this.root}/${name} was put aside, as no topic had it.`);
      else if (parsePartitionDirectory(name) === null) this.#found(name, "Nobody knows this file.", "nothing: it stays as it is");
      else if (known !== null) this.#found(name, "No topic has this partition.", "the next start puts the directory aside");
    }
  }

  #found(name: string, problem: string, repair: string): void {
    this.findings.push({ path: `${this.root}/${name}`, position: null, problem, repair });
  }
}
