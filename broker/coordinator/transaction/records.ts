import { ErrorCode } from "../../../protocol/errors.ts";
import { TransactionLogKey } from "../../../protocol/generated/records/transaction_log_key.ts";
import { TransactionLogValue } from "../../../protocol/generated/records/transaction_log_value.ts";
import { Reader } from "../../../protocol/wire/mod.ts";
import { KafkaError } from "../../kafka_error.ts";
import { encodeMessage } from "../encode.ts";
import type { RecordCodec } from "../shard.ts";

/** A record of `__transaction_state`: what is known of a transactional id from now on; without a value, nothing. */
export interface TransactionRecord {
  readonly transactionalId: string;
  readonly value: TransactionLogValue | null;
}

/** Kafka writes this version where `transaction.version` is 1 or more, as it is here. */
const VALUE_VERSION = 1;

/** Transaction records and their bytes. Kafka: `TransactionLog`, `TransactionCoordinatorRecordSerde`. */
export const transactionRecordCodec: RecordCodec<TransactionRecord> = {
  encode({ transactionalId, value }) {
    const key = encodeMessage(TransactionLogKey, { transactionalId }, 0, TransactionLogKey.apiKey);
    return { key, value: value && encodeMessage(TransactionLogValue, value, VALUE_VERSION) };
  },
  decode(key, value) {
    if (key === null) throw new Error("a transaction record without a key");
    const reader = new Reader(key, { api: "transaction record key", version: 0 });
    if (reader.int16() !== TransactionLogKey.apiKey) return null;
    const { transactionalId } = TransactionLogKey.read(reader, 0);
    return { transactionalId, value: value && decodeValue(value) };
  },
};

/** Throws UNKNOWN_SERVER_ERROR, as Kafka answers, for a transaction of more partitions than the log takes in one batch. */
export function checkFits(record: TransactionRecord, maxBatchBytes: number): void {
  if (upperBound(record) <= maxBatchBytes) return;
  const { key, value } = transactionRecordCodec.encode(record);
  if (key!.length + (value?.length ?? 0) + BATCH_AND_RECORD_BYTES > maxBatchBytes) throw new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR);
}

/** As many of the tombstones as surely fit into `maxBatchBytes`, and one in any case. */
export function tombstonesOf(transactionalIds: Iterable<string>, maxBatchBytes: number): TransactionRecord[] {
  const tombstones: TransactionRecord[] = [];
  let bytes = 0;
  for (const transactionalId of transactionalIds) {
    const tombstone = { transactionalId, value: null };
    bytes += upperBound(tombstone);
    if (bytes > maxBatchBytes && tombstones.length > 0) break;
    tombstones.push(tombstone);
  }
  return tombstones;
}

/** What a batch and its only record take beside key and value, at most. */
const BATCH_AND_RECORD_BYTES = 100;

/** More bytes than a batch of this record takes, from the lengths of its texts. */
function upperBound({ transactionalId, value }: TransactionRecord): number {
  const topics = value?.transactionPartitions ?? [];
  const partitions = topics.reduce((bytes, { topic, partitionIds }) => bytes + 8 + 3 * topic.length + 4 * partitionIds.length, 0);
  return BATCH_AND_RECORD_BYTES + 128 + 3 * transactionalId.length + partitions;
}

function decodeValue(bytes: Uint8Array): TransactionLogValue {
  const reader = new Reader(bytes, { api: "TransactionLogValue", version: 0 });
  const version = reader.int16();
  if (version < 0 || version > TransactionLogValue.maxVersion) throw new Error(`a TransactionLogValue of version ${version}`);
  return TransactionLogValue.read(reader, version);
}
