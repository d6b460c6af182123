import type { Disk } from "../platform/mod.ts";
import type { LogCheckpoint } from "./checkpoint.ts";
import type { StorageEnvironment } from "./environment.ts";
import type { FileCache } from "./file_cache.ts";
import { FoundSegments } from "./found_segments.ts";
import type { LeaderEpochs } from "./leader_epochs.ts";
import type { LogConfig } from "./log_config.ts";
import { type LastStop, LogScan } from "./log_scan.ts";
import { SYNC_FAILED_FILE } from "./partition_directory.ts";
import { PARTITION_METADATA_FILE } from "./partition_metadata.ts";
import type { ProducerSnapshots } from "./producer_snapshots.ts";
import type { ProducerState } from "./producer_state.ts";
import type { Segment } from "./segment.ts";
import { finishSwaps } from "./segment_swap.ts";
import { decodeStartOffset, START_OFFSET_FILE } from "./start_offset.ts";
import { StorageError } from "./storage_error.ts";
import { readText, replaceText } from "./text_files.ts";

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
  const found = new FoundSegments(env.disk, directory, await finishSwaps(env.disk, directory));
  try {
    return await load(env, files, found, config, lastStop);
  } catch (error) {
    for (const segment of found.list) await segment.close();
    throw error;
  }
}

async function load(
  env: StorageEnvironment,
  files: FileCache,
  found: FoundSegments,
  config: LogConfig,
  lastStop: LastStop,
): Promise<LoadedLog> {
  const { directory, list: segments } = found;
  const { unclean } = lastStop;
  const startOffset = readStartOffset(env.disk, found);
  // Whoever wrote it may have ended before that was durable: what is told to start there must not start below later.
  if (unclean && found.names.includes(START_OFFSET_FILE)) await env.disk.syncDirectory(directory);
  const scan = new LogScan(env, found, config, lastStop);
  const { epochs, producers, snapshots } = scan;
  found.find(env, files, config, epochs);
  await found.finishDeletions(startOffset, (baseOffset) => snapshots.has(baseOffset, files.turns));
  const [from, checkpoint] = found.newestCheckpoint();
  const isComplete = checkpoint !== null && from === segments.length - 1 && checkpoint.segment.size === segments[from].size;
  scan.resume(checkpoint);
  if (!isComplete) await scan.readFrom(from, checkpoint);
  scan.noteMissingEnd(startOffset);
  await scan.settleEmpty(isComplete);
  if (found.names.includes(SYNC_FAILED_FILE)) {
    for (const [index, segment] of segments.slice(from).entries()) {
      await segment.writeAgain(index === 0 ? checkpoint?.segment.size ?? 0 : 0);
    }
    await snapshots.writeAgain(files.turns);
    await forgetFailedSync(env.disk, directory);
  }
  producers.wroteLately(segments.at(-RECENT_SEGMENTS)?.baseOffset ?? 0);
  const logEndOffset = scan.nextOffset;
  if (logEndOffset < startOffset) {
    throw new StorageError(`${directory} ends at ${logEndOffset}, below ${startOffset}, where it has to start.`);
  }
  // Who closes a log in good order has its checkpoint say all that is known.
  if (!isComplete || unclean) scan.assignEmptyEpoch();
  if (unclean) await snapshots.removeDamaged();
  await snapshots.removeStrays(segments.map(({ baseOffset }) => baseOffset), logEndOffset);
  return {
    segments,
    epochs,
    producers,
    snapshots,
    logEndOffset,
    recoveryPoint: unclean ? Math.min(Math.max(lastStop.recoveryPoint, checkpoint?.nextOffset ?? 0), logEndOffset) : logEndOffset,
    startOffset,
    isNamed: !unclean || (found.empty === null && checkpoint !== null && from === segments.length - 1),
    checkpoints: scan.checkpoints,
  };
}

function readStartOffset(disk: Disk, { directory, names }: FoundSegments): number {
  if (!names.includes(START_OFFSET_FILE)) return 0;
  const offset = decodeStartOffset(readText(disk, `${directory}/${START_OFFSET_FILE}`) ?? "");
  if (offset === null) {
    throw new StorageError(`${directory}/${START_OFFSET_FILE} is damaged: nobody knows which records were deleted.`);
  }
  return offset;
}

/** Once what was not durable has been written again: writes whose it is again too, and makes that durable. */
async function forgetFailedSync(disk: Disk, directory: string): Promise<void> {
  const metadata = readText(disk, `${directory}/${PARTITION_METADATA_FILE}`);
  if (metadata !== null) await replaceText(disk, directory, PARTITION_METADATA_FILE, metadata);
  await disk.remove(`${directory}/${SYNC_FAILED_FILE}`);
  await disk.syncDirectory(directory);
}
