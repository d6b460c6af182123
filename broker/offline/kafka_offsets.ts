import { ControlRecordType, parseEndTransactionMarker, type RecordBatch } from "../../protocol/records/mod.ts";
import { defaultLogConfig, readLog, type StorageEnvironment } from "../../storage/mod.ts";
import { type GroupRecord, groupRecordCodec } from "../coordinator/group/records.ts";
import type { KafkaTopic } from "./kafka_directory.ts";

/**
 * What groups have committed, the newest of each partition; offsets of transactions if these have been committed. Groups themselves are not told of: their
 * members have to join again wherever they go.
 */
export async function committedOffsets(env: StorageEnvironment, { partitions }: KafkaTopic): Promise<GroupRecord[]> {
  const commits = new Map<string, GroupRecord>();
  for (const { directory } of partitions) {
    if (directory === null) continue;
    const reader = new CommitReader(env, commits);
    await readLog(env, directory, { ...defaultLogConfig, compact: true }, (batches) => {
      for (const batch of batches) reader.take(batch);
    });
  }
  return [...commits.values()];
}

class CommitReader {
  /** By producer id, of transactions that have no end yet. */
  readonly #pending = new Map<number, GroupRecord[]>();

  constructor(private readonly env: StorageEnvironment, private readonly commits: Map<string, GroupRecord>) {}

  take(batch: RecordBatch): void {
    for (const { key, value } of batch.records(this.env.compression)) {
      if (batch.isControl) {
        const marker = parseEndTransactionMarker(key, value);
        if (marker?.type === ControlRecordType.COMMIT) {
          for (const record of this.#pending.get(batch.producerId) ?? []) this.#note(record);
        }
        if (marker !== undefined) this.#pending.delete(batch.producerId);
        continue;
      }
      const record = groupRecordCodec.decode(key?.slice() ?? null, value?.slice() ?? null);
      if (record?.type !== "OffsetCommit") continue;
      if (!batch.isTransactional) this.#note(record);
      else this.#pending.set(batch.producerId, [...this.#pending.get(batch.producerId) ?? [], record]);
    }
  }

  #note(record: GroupRecord): void {
    if (record.type !== "OffsetCommit") return;
    const { group, topic, partition } = record.key;
    const name = `${group}\n${topic}\n${partition}`;
    if (record.value === null) this.commits.delete(name);
    else this.commits.set(name, record);
  }
}
