import type { Disk } from "../platform/mod.ts";
import { decodeCheckpoint } from "./checkpoint.ts";
import { CLEANED_SUFFIX, type SegmentFile, segmentFileName, SWAP_SUFFIX } from "./file_names.ts";
import { StorageError } from "./storage_error.ts";
import { readBytes } from "./text_files.ts";

/*
 * A cleaned segment takes the place of one segment or more, all or nothing, whatever a crash leaves:
 *
 * 1. Its files are written under the names that they are to have, with `.cleaned` behind, and synced; then the directory is.
 * 2. Its checkpoint is renamed from `.ottla.cleaned` to `.ottla.swap`, and the directory synced. From here on the old segments are gone: the checkpoint
 *    tells where the cleaned one ends, and so which those are.
 * 3. The old files go, the cleaned ones get their names, the directory is synced.
 * 4. `.ottla.swap` becomes `.ottla`, and the directory is synced before anything else gets a name that ends in `.cleaned`.
 *
 * Whoever finds a `.swap` does 3 and 4 again; other files that end in `.cleaned` are nothing. Kafka renames logs and indexes themselves to `.swap`, one by one, and
 * syncs the directory at the end (`LocalLog.replaceSegments`, `LogLoader`).
 */

/** All but the checkpoint, the log last: while it still has its other name the old segments may still be there. */
const KINDS: readonly SegmentFile[] = ["index", "timeindex", "txnindex", "log"];

/** Step 2, once step 1 is over: there is no way back from here on, whether this settles or not. */
export async function commitSwap(disk: Disk, directory: string, baseOffset: number): Promise<void> {
  const path = pathOf(directory, baseOffset, "ottla");
  disk.rename(path + CLEANED_SUFFIX, path + SWAP_SUFFIX);
  await disk.syncDirectory(directory);
}

/** Steps 3 and 4, once the old files are out of the way, those of `baseOffset` too. */
export async function takeNames(disk: Disk, directory: string, baseOffset: number): Promise<void> {
  for (const kind of KINDS) {
    const path = pathOf(directory, baseOffset, kind);
    if (disk.stat(path + CLEANED_SUFFIX) !== null) disk.rename(path + CLEANED_SUFFIX, path);
  }
  await disk.syncDirectory(directory);
  const checkpoint = pathOf(directory, baseOffset, "ottla");
  disk.rename(checkpoint + SWAP_SUFFIX, checkpoint);
  await disk.syncDirectory(directory);
}

/**
 * Steps 3 and 4 of what a crash interrupted, and the end of what was not committed. Answers the names in the directory afterwards. Throws
 * {@link StorageError} and `DiskError`.
 */
export async function finishSwaps(disk: Disk, directory: string): Promise<string[]> {
  const names = disk.list(directory);
  if (!names.some((name) => name.endsWith(CLEANED_SUFFIX) || name.endsWith(SWAP_SUFFIX))) return names;
  for (const name of names) {
    const match = /^(\d{20})\.ottla\.swap$/.exec(name);
    if (match !== null) await finish(disk, directory, Number(match[1]));
  }
  await discardCleaned(disk, directory);
  return disk.list(directory);
}

/** Removes the files of cleaned segments that have not taken any place, unless one is about to. */
export async function discardCleaned(disk: Disk, directory: string): Promise<void> {
  const names = disk.list(directory);
  if (names.some((name) => name.endsWith(SWAP_SUFFIX))) return;
  for (const name of names) {
    if (name.endsWith(CLEANED_SUFFIX)) await disk.remove(`${directory}/${name}`);
  }
}

async function finish(disk: Disk, directory: string, baseOffset: number): Promise<void> {
  const path = pathOf(directory, baseOffset, "ottla") + SWAP_SUFFIX;
  const checkpoint = decodeCheckpoint(readBytes(disk, path) ?? new Uint8Array());
  if (checkpoint === null) throw new StorageError(`${path} is damaged: nobody knows which segments were compacted.`);
  for (const name of disk.list(directory)) {
    const [, base, kind] = /^(\d{20})\.(log|index|timeindex|txnindex|snapshot|ottla)$/.exec(name) ?? [];
    const isOld = kind !== undefined && Number(base) > baseOffset && Number(base) < checkpoint.nextOffset;
    const isStale = name === segmentFileName(baseOffset, "txnindex") && checkpoint.segment.transactionIndex?.entries === 0;
    if (isOld || isStale) await disk.remove(`${directory}/${name}`);
  }
  await takeNames(disk, directory, baseOffset);
}

function pathOf(directory: string, baseOffset: number, kind: SegmentFile): string {
  return `${directory}/${segmentFileName(baseOffset, kind)}`;
}
