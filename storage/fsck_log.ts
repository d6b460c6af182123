import { DiskError, OverlayDisk } from "../platform/mod.ts";
import type { StorageEnvironment } from "./environment.ts";
import { CLEANED_SUFFIX, DELETED_SUFFIX, offsetOfFile, type SegmentFile, segmentFileName, SWAP_SUFFIX } from "./file_names.ts";
import type { Finding } from "./finding.ts";
import { checkSegmentFiles } from "./fsck_segment.ts";
import { decodeLeaderEpochs, encodeLeaderEpochs, type EpochEntry, LEADER_EPOCH_FILE, LeaderEpochs } from "./leader_epochs.ts";
import type { LoadedLog } from "./loader.ts";
import { checkpointOf, type LastStop } from "./log_scan.ts";
import type { LogConfig } from "./log_config.ts";
import { decodeCheckpoint, type LogCheckpoint } from "./checkpoint.ts";
import { decodePartitionMetadata, encodePartitionMetadata, PARTITION_METADATA_FILE } from "./partition_metadata.ts";
import { decodeProducerSnapshot, type ProducerSnapshotEntry } from "./producer_snapshot.ts";
import { visitLog } from "./read_only.ts";
import { decodeStartOffset, START_OFFSET_FILE } from "./start_offset.ts";
import type { Segment } from "./segment.ts";
import { finishSwaps } from "./segment_swap.ts";
import { StorageError } from "./storage_error.ts";
import { readBytes, readText } from "./text_files.ts";

/** What a log must agree with. */
export interface LogExpectations {
  /** Of its topic. */
  readonly topicId: string;
  readonly config: LogConfig;
  readonly lastStop: LastStop;
}

/** What was found in a partition's directory; where its log ends, unless it cannot be opened. */
export interface LogReport {
  readonly findings: readonly Finding[];
  readonly logEndOffset: number | null;
}

/**
 * Checks all that stands in a partition's directory: opens the log as after a loss of all its caches, on a disk that keeps what is written to itself, and
 * compares the caches with what the batches say. `visit` may read the log before that is closed again. Throws `DiskError`.
 */
export async function checkLog(
  env: StorageEnvironment,
  directory: string,
  expected: LogExpectations,
  visit: (loaded: LoadedLog) => void = () => {},
): Promise<LogReport> {
  const check = new LogCheck(env, directory, expected);
  return { logEndOffset: await check.run(visit), findings: check.findings };
}

const REBUILT = "it is made again from the batches";

class LogCheck {
  readonly findings: Finding[] = [];
  readonly #names: readonly string[];
  readonly #overlay: OverlayDisk;
  /** Whether the batches tell all that there was. */
  #isComplete = true;

  constructor(private readonly env: StorageEnvironment, private readonly directory: string, private readonly expected: LogExpectations) {
    this.#names = env.disk.list(directory);
    this.#overlay = new OverlayDisk(env.disk);
  }

  async run(visit: (loaded: LoadedLog) => void): Promise<number | null> {
    this.#checkTopicId();
    this.#checkNames();
    const startOffset = this.#checkStartOffset();
    await finishSwaps(this.#overlay, this.directory);
    for (const name of this.#overlay.list(this.directory)) {
      if (name.endsWith(".ottla") || name === LEADER_EPOCH_FILE) await this.#overlay.remove(this.#path(name));
    }
    try {
      const { config, lastStop } = this.expected;
      return await visitLog(this.env, this.#overlay, this.directory, config, lastStop, (loaded) => {
        this.#checkLoaded(loaded, startOffset);
        visit(loaded);
        return loaded.logEndOffset;
      });
    } catch (error) {
      if (!(error instanceof StorageError || error instanceof DiskError)) throw error;
      this.#found(this.directory, null, `The log cannot be opened: ${error.message}`, "nothing: it stays as it is");
      return null;
    }
  }

  #checkLoaded(loaded: LoadedLog, startOffset: number): void {
    const { segments, epochs, producers, logEndOffset } = loaded;
    const states = new Map<number, LogCheckpoint>();
    for (const [segment, checkpoint] of loaded.checkpoints) states.set(segment.baseOffset, checkpoint);
    const last = segments.at(-1);
    if (last !== undefined && !states.has(last.baseOffset)) {
      states.set(last.baseOffset, checkpointOf(last, logEndOffset, epochs, producers));
    }
    this.#checkCuts();
    const { lastStop: { unclean }, config: { compact } } = this.expected;
    for (const [index, segment] of segments.entries()) {
      const state = states.get(segment.baseOffset)!;
      if (compact || state.segment.damage.length > 0) this.#isComplete = false;
      // While segments take the places of others, their files have other names.
      if (!this.#names.some((name) => name.endsWith(SWAP_SUFFIX))) {
        this.findings.push(...checkSegmentFiles(this.env.disk, this.directory, segment, state, { unclean, isComplete: this.#isComplete }));
      }
      const next = segments.at(index + 1);
      if (next === undefined || compact || next.baseOffset === state.nextOffset) continue;
      this.#isComplete = false;
      const gone = `${state.nextOffset} to ${next.baseOffset - 1}`;
      this.#found(
        segment.path,
        state.segment.size,
        `The offsets ${gone} are in no segment.`,
        "nothing: reads of them answer CORRUPT_MESSAGE",
      );
    }
    const starts = new Map(segments.slice(1).map(({ baseOffset }, index) => [baseOffset, states.get(segments[index].baseOffset)!]));
    if (last !== undefined) starts.set(logEndOffset, states.get(last.baseOffset)!);
    this.#checkSnapshots(starts, logEndOffset);
    const checkpointed = last === undefined ? null : this.#checkpointed(last);
    const known = { entries: checkpointed ?? epochs.entries, isAll: checkpointed !== null };
    this.#checkEpochs(known, Math.max(startOffset, segments.at(0)?.baseOffset ?? 0), logEndOffset);
  }

  #checkTopicId(): void {
    const path = this.#path(PARTITION_METADATA_FILE);
    const text = readText(this.env.disk, path);
    const topicId = text === null ? null : decodePartitionMetadata(text);
    const { topicId: right } = this.expected;
    const what = text === null ? "is missing" : "is damaged";
    if (topicId === null) {
      const repair = `it is written anew, with topic id ${right}; where nothing was ever synced, the directory is put aside`;
      this.#found(path, null, `The file that says whose records these are ${what}.`, repair);
    } else if (topicId !== right) {
      this.#found(
        path,
        null,
        `The directory belongs to topic id ${topicId}, not ${right}.`,
        "nothing: the next start puts the directory aside",
      );
    } else if (text !== encodePartitionMetadata(topicId)) {
      this.#found(path, null, "The file is not as it was written, though it can be understood.", "nothing: it stays as it is");
    }
  }

  /** The epochs that the checkpoint of all the log tells of, if it is sound: the batches tell of those that have not been compacted away. */
  #checkpointed(last: Segment): readonly EpochEntry[] | null {
    const bytes = readBytes(this.env.disk, this.#path(segmentFileName(last.baseOffset, "ottla")));
    const checkpoint = bytes === null ? null : decodeCheckpoint(bytes);
    return checkpoint?.segment.size === last.size ? checkpoint.epochs : null;
  }

  /** Files that belong to nothing. */
  #checkNames(): void {
    const logs = new Set(this.#names.map((name) => offsetOfFile(name, "log")));
    for (const name of this.#names) {
      const [, base, kind] = /^(\d{20})\.(\w+)$/.exec(name) ?? [];
      if (name.endsWith(CLEANED_SUFFIX) || name.endsWith(SWAP_SUFFIX)) {
        this.#found(this.#path(name), null, "A compaction has not come to its end.", "it is ended, or begins anew");
      } else if (name.endsWith(DELETED_SUFFIX) || name.endsWith(".tmp")) {
        this.#found(this.#path(name), null, "The file is left of a deletion, or of a write that came to no end.", "the file is removed");
      } else if (kind !== undefined && (CACHES as readonly string[]).includes(kind) && !logs.has(Number(base))) {
        this.#found(this.#path(name), null, "The segment of this file is gone.", "the file is removed");
      } else if (!KNOWN.test(name)) {
        this.#found(this.#path(name), null, "The file is none of a partition's.", "nothing: it stays as it is");
      }
    }
  }

  #checkStartOffset(): number {
    if (!this.#names.includes(START_OFFSET_FILE)) return 0;
    const path = this.#path(START_OFFSET_FILE);
    const offset = decodeStartOffset(readText(this.env.disk, path) ?? "");
    if (offset !== null) return offset;
    this.#found(
      path,
      null,
      "The file is damaged: which records were deleted is not known, and the partition is not opened.",
      "nothing: it stays as it is",
    );
    void this.#overlay.remove(path);
    return 0;
  }

  /** What recovery would cut off. */
  #checkCuts(): void {
    for (const name of this.#overlay.list(this.directory)) {
      const [, log, position] = /^(\d{20}\.log)\.(\d+)\.torn$/.exec(name) ?? [];
      if (log === undefined || this.#names.includes(name)) continue;
      const { size } = this.#overlay.stat(this.#path(name))!;
      this.#found(
        this.#path(log),
        Number(position),
        `Behind the last batch stand ${size} bytes that are none.`,
        `they are cut off, and kept in ${name}`,
      );
    }
  }

  /** `starts`: what the log knows at the offsets at which snapshots are taken. */
  #checkSnapshots(starts: ReadonlyMap<number, LogCheckpoint>, logEndOffset: number): void {
    for (const name of this.#names) {
      const offset = offsetOfFile(name, "snapshot");
      if (offset === null) continue;
      const path = this.#path(name);
      const entries = decodeProducerSnapshot(readBytes(this.env.disk, path) ?? new Uint8Array());
      const wrong = entries === null ? undefined : this.#wrongProducer(entries, starts.get(offset));
      if (entries === null) this.#found(path, null, "The snapshot of producers is damaged.", "the file is removed");
      else if (offset > logEndOffset) {
        this.#found(path, null, `The snapshot was taken behind the end of the log, ${logEndOffset}.`, "the file is removed");
      } else if (wrong !== undefined) {
        this.#found(path, null, `What the snapshot says of producer ${wrong} is not what the batches say.`, "the file is removed");
      }
    }
  }

  /** A producer whose last batch is another in the log. Those whose batches were deleted or compacted away are known by the snapshot alone. */
  #wrongProducer(entries: readonly ProducerSnapshotEntry[], state: LogCheckpoint | undefined): number | undefined {
    if (state === undefined || !this.#isComplete) return undefined;
    const known = new Map(state.producers);
    return entries.find(({ producerId, epoch, lastSequence, lastOffset }) => {
      const entry = known.get(producerId);
      const last = entry?.batches.at(-1);
      if (entry === undefined) return false;
      return entry.epoch !== epoch || (last?.lastSequence ?? -1) !== lastSequence || (last?.lastOffset ?? -1) !== lastOffset;
    })?.producerId;
  }

  /** `isAll`: whether those that are known are all that there have been since records were last deleted. */
  #checkEpochs(
    { entries: known, isAll }: { entries: readonly EpochEntry[]; isAll: boolean },
    startOffset: number,
    logEndOffset: number,
  ): void {
    const path = this.#path(LEADER_EPOCH_FILE);
    const text = readText(this.env.disk, path);
    const { unclean } = this.expected.lastStop;
    if (text === null) {
      if (known.length > 0 && !unclean) this.#found(path, null, "The file of leader epochs is missing.", REBUILT);
      return;
    }
    const entries = decodeLeaderEpochs(text);
    if (entries === null) {
      this.#found(path, null, "The file of leader epochs is damaged.", REBUILT);
      return;
    }
    if (encodeLeaderEpochs(entries) !== text) {
      this.#found(path, null, "The file of leader epochs is not as it was written.", REBUILT);
      return;
    }
    const [said, right] = [entries, known].map((list) => {
      const epochs = new LeaderEpochs(list);
      epochs.truncateFromStart(startOffset);
      return epochs.entries.map(({ epoch, startOffset }) => `${epoch} from ${startOffset} on`);
    });
    // An epoch may have begun without writing anything; a crash may have come before the file was written.
    if (said.length === right.length + 1 && entries.at(-1)!.startOffset === logEndOffset) said.pop();
    if (unclean && said.length < right.length) right.length = said.length;
    const isEarlier = isAll && known.length > 0 && entries.length > 0 && entries[0].startOffset < known[0].startOffset;
    if (said.join() === right.join() && !isEarlier) return;
    // Where compaction has taken the first batches of an epoch, the file alone knows where that began.
    const inFile = new LeaderEpochs(entries);
    const agrees = known.every(({ epoch, startOffset }) => inFile.epochAt(startOffset) === epoch);
    if (this.expected.config.compact && agrees && said.length === right.length) return;
    this.#found(
      path,
      null,
      `Leader epochs are ${said.join(", ") || "none"} in the file, ${right.join(", ") || "none"} in the log.`,
      REBUILT,
    );
  }

  #path(name: string): string {
    return `${this.directory}/${name}`;
  }

  #found(path: string, position: number | null, problem: string, repair: string): void {
    this.findings.push({ path, position, problem, repair });
  }
}

/** Files that go with their segment. */
const CACHES: readonly SegmentFile[] = ["index", "timeindex", "txnindex", "ottla"];

const KNOWN =
  /^(\d{20}\.(log|index|timeindex|txnindex|snapshot|ottla)|\d{20}\.log\.\d+\.torn|leader-epoch-checkpoint|log-start-offset|partition\.metadata|sync-failed)$/;

/** The caches that a finding may be about: whoever repairs removes them. */
export function isCache(path: string): boolean {
  return /\.(index|timeindex|txnindex|snapshot|ottla)$/.test(path) || path.endsWith(`/${LEADER_EPOCH_FILE}`);
}

/** The checkpoint of the segment to which a file belongs. */
export function checkpointBeside(path: string): string | null {
  const [, directory, base] = /^(.*)\/(\d{20})\.\w+$/.exec(path) ?? [];
  return base === undefined ? null : `${directory}/${segmentFileName(Number(base), "ottla")}`;
}
