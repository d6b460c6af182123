import { RecordBatch } from "../batch.ts";
import { batchesOfAnyFormat } from "../batches.ts";
import { BatchBuilder, emptyBatch } from "../builder.ts";
import type { Codecs } from "../compression.ts";
import { joined } from "./batches.ts";

/** The batches written again from what is read in them: the same bytes, unless they are compressed. Those of old formats as they came. */
export function writtenAgain(bytes: Uint8Array, codecs: Codecs): Uint8Array {
  return joined(...batchesOfAnyFormat(bytes).map((batch) => batch instanceof RecordBatch ? again(batch, codecs) : batch.bytes));
}

function again(batch: RecordBatch, codecs: Codecs): Uint8Array {
  if (batch.recordCount === 0) return emptyBatch(batch);
  const { baseOffset, lastOffset, partitionLeaderEpoch, compressionType, producerId, producerEpoch, baseSequence } = batch;
  const builder = new BatchBuilder({
    baseOffset,
    lastOffset,
    partitionLeaderEpoch,
    compressionType,
    codecs,
    producerId,
    producerEpoch,
    baseSequence,
    logAppendTime: batch.timestampType === "LogAppendTime" ? batch.maxTimestamp : undefined,
    isTransactional: batch.isTransactional,
    isControl: batch.isControl,
    deleteHorizonMs: batch.deleteHorizonMs,
  });
  const reader = batch.reader(codecs);
  while (reader.next()) {
    const timestamp = batch.baseTimestamp + reader.timestampDelta;
    builder.appendWithOffset(baseOffset + reader.offsetDelta, {
      timestamp,
      key: reader.key(),
      value: reader.value(),
      headers: reader.headers(),
    });
  }
  return builder.build();
}
