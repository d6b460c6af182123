import type { Compression } from "../platform/mod.ts";
import { BatchBuilder, emptyBatch, type RecordBatch, type RecordReader } from "../protocol/records/mod.ts";
import type { Slices } from "./slices.ts";

/** Records between two looks at the clock. */
const RECORDS_A_STEP = 256;

/** What is to become of a batch. */
export interface BatchFate {
  /** Whether the record that the reader stands on stays. */
  readonly keeps: (reader: RecordReader) => boolean;
  /** Whether the header stays even if no record does: somebody needs its last offset, or its producer's sequence. */
  readonly keepsHeader: boolean;
  /** It is the marker of a transaction of which nothing is left, which stays until its delete horizon. */
  readonly isMarkerOfNothing: boolean;
  /** The delete horizon for a batch that has tombstones, or is such a marker, and has none yet (KIP-534). */
  readonly deleteHorizonMs: number;
}

/**
 * The batch without the records that are not kept: itself if all are, with offsets, sequences and compression as they were if some are, its header alone, or null.
 * It gets its delete horizon on the way. Kafka: `MemoryRecords.filterTo`.
 */
export async function filterBatch(batch: RecordBatch, fate: BatchFate, codecs: Compression, slices: Slices): Promise<Uint8Array | null> {
  const reader = batch.reader(codecs);
  const kept: boolean[] = [];
  let keptCount = 0;
  let hasTombstone = false;
  while (reader.next()) {
    const keeps = fate.keeps(reader);
    kept.push(keeps);
    if (keeps) {
      keptCount++;
      if (reader.valueLength < 0) hasTombstone = true;
    }
    if (kept.length % RECORDS_A_STEP === 0 && slices.isOver(0)) await slices.next();
  }
  if (keptCount === 0) return fate.keepsHeader ? emptyBatch(batch) : null;
  const getsHorizon = (hasTombstone || fate.isMarkerOfNothing) && batch.deleteHorizonMs === undefined;
  if (keptCount === kept.length && !getsHorizon) return batch.bytes;
  return await rebuild(batch, kept, getsHorizon ? fate.deleteHorizonMs : batch.deleteHorizonMs, codecs, slices);
}

/** Kafka: `MemoryRecords.buildRetainedRecordsInto`. */
async function rebuild(
  batch: RecordBatch,
  kept: readonly boolean[],
  deleteHorizonMs: number | undefined,
  codecs: Compression,
  slices: Slices,
): Promise<Uint8Array> {
  const { baseOffset, lastOffset, partitionLeaderEpoch, compressionType, producerId, producerEpoch, baseSequence } = batch;
  const builder = new BatchBuilder({
    baseOffset,
    lastOffset,
    partitionLeaderEpoch,
    compressionType,
    codecs,
    logAppendTime: batch.timestampType === "LogAppendTime" ? batch.maxTimestamp : undefined,
    producerId,
    producerEpoch,
    baseSequence,
    isTransactional: batch.isTransactional,
    isControl: batch.isControl,
    deleteHorizonMs,
  }, batch.sizeInBytes);
  let index = 0;
  for (const record of batch.records(codecs)) {
    if (kept[index++]) builder.appendWithOffset(record.offset, record);
    if (index % RECORDS_A_STEP === 0 && slices.isOver(0)) await slices.next();
  }
  return builder.build();
}
