import { ControlRecordType, NO_PRODUCER_ID, parseEndTransactionMarker, type RecordBatch } from "../../protocol/records/mod.ts";
import { defaultLogConfig, readLog, type StorageEnvironment } from "../../storage/mod.ts";
import { CommittedOffsets } from "../coordinator/group/offsets.ts";
import { type GroupRecord, groupRecordCodec } from "../coordinator/group/records.ts";
import type { KafkaTopic } from "./kafka_directory.ts";

/**
 * What groups have committed, the newest of each partition; offsets of transactions if these have been committed. Groups themselves are not told of: their
 * members have to join again wherever they go.
 */
export async function committedOffsets(env: StorageEnvironment, { partitions }: KafkaTopic): Promise<GroupRecord[]> {
  const found: GroupRecord[] = [];
  for (const { directory } of partitions) {
    if (directory === null) continue;
    const offsets = new CommittedOffsets();
    await readLog(env, directory, { ...defaultLogConfig, compact: true }, (batches) => {
      for (const batch of batches) replay(offsets, batch, env);
    });
    for (const [key, value] of offsets.entries()) found.push({ type: "OffsetCommit", key, value });
  }
  return found;
}

function replay(offsets: CommittedOffsets, batch: RecordBatch, { compression }: StorageEnvironment): void {
  for (const { key, value, offset } of batch.records(compression)) {
    if (batch.isControl) {
      const marker = parseEndTransactionMarker(key, value);
      if (marker !== undefined) offsets.replayEndTransactionMarker(batch.producerId, marker.type === ControlRecordType.COMMIT);
      continue;
    }
    const record = groupRecordCodec.decode(key?.slice() ?? null, value?.slice() ?? null);
    if (record?.type !== "OffsetCommit") continue;
    offsets.replay(record.key, record.value, offset, batch.isTransactional ? batch.producerId : NO_PRODUCER_ID);
  }
}
