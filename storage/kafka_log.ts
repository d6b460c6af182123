import type { Disk } from "../platform/mod.ts";
import { decodeLeaderEpochs, LEADER_EPOCH_FILE } from "./leader_epochs.ts";
import { encodePartitionMetadata, PARTITION_METADATA_FILE } from "./partition_metadata.ts";
import { decodeStartOffset, encodeStartOffset, START_OFFSET_FILE } from "./start_offset.ts";
import { StorageError } from "./storage_error.ts";
import { readText, replaceText, syncFile, writeBytes } from "./text_files.ts";

const COPY_BYTES = 1 << 20;
const LOG = /^\d{20}\.log$/;

/**
 * Copies what Kafka has of a partition and its batches do not tell: the batches themselves, the producers whose batches were deleted, the leader epochs, where the log starts.
 * Indexes are made again by whoever opens the log. Nothing is copied of a partition that never had a record. Durable once it has settled; answers
 * whether there was anything. Throws `DiskError`, and {@link StorageError} for a directory that is in between.
 */
export async function copyKafkaLog(disk: Disk, from: string, to: string, topicId: string, startOffset: number): Promise<boolean> {
  const names = disk.list(from);
  const unfinished = names.find((name) => name.endsWith(".swap"));
  if (unfinished !== undefined) {
    throw new StorageError(`${from}/${unfinished} is left of a compaction: start Kafka, and stop it in good order.`);
  }
  const logs = names.filter((name) => LOG.test(name));
  const start = Math.max(startOffset, ownStart(disk, from));
  const isEmpty = logs.length === 0 || (Number.parseInt(logs[0]) === 0 && logs.length === 1 && disk.stat(`${from}/${logs[0]}`)!.size === 0);
  if (isEmpty) return false;
  disk.makeDirectory(to);
  writeBytes(disk, `${to}/${PARTITION_METADATA_FILE}`, new TextEncoder().encode(encodePartitionMetadata(topicId)));
  await syncFile(disk, `${to}/${PARTITION_METADATA_FILE}`);
  for (const name of names) if (LOG.test(name) || /^\d{20}\.snapshot$/.test(name)) await copyFile(disk, `${from}/${name}`, `${to}/${name}`);
  const epochs = readText(disk, `${from}/${LEADER_EPOCH_FILE}`);
  // The batches tell too, unless a leader has written none.
  if (epochs !== null && decodeLeaderEpochs(epochs) !== null) await replaceText(disk, to, LEADER_EPOCH_FILE, epochs);
  if (start > Number.parseInt(logs[0], 10)) await replaceText(disk, to, START_OFFSET_FILE, encodeStartOffset(start));
  await disk.syncDirectory(to);
  return true;
}

/** Where the log started while it was Ottla's, which a Kafka that was killed may not have heard of yet. */
function ownStart(disk: Disk, directory: string): number {
  const text = readText(disk, `${directory}/${START_OFFSET_FILE}`);
  const offset = text === null ? 0 : decodeStartOffset(text);
  if (offset === null) throw new StorageError(`${directory}/${START_OFFSET_FILE} is damaged: nobody knows which records were deleted.`);
  return offset;
}

async function copyFile(disk: Disk, from: string, to: string): Promise<void> {
  const source = disk.open(from, { readOnly: true });
  const target = disk.open(to, { create: true });
  try {
    const buffer = new Uint8Array(Math.min(COPY_BYTES, source.size));
    for (let position = 0; position < source.size;) {
      const length = source.read(buffer, position);
      if (length === 0) throw new StorageError(`${from} shrank while it was read.`);
      target.append(buffer.subarray(0, length));
      position += length;
    }
    await target.sync();
  } finally {
    source.close();
    target.close();
  }
}
