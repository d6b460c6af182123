import type { MessageCodec } from "../../protocol/mod.ts";
import { ClearElrRecord } from "../../protocol/generated/records/clear_elr_record.ts";
import { ClientQuotaRecord } from "../../protocol/generated/records/client_quota_record.ts";
import { ConfigRecord } from "../../protocol/generated/records/config_record.ts";
import { FeatureLevelRecord } from "../../protocol/generated/records/feature_level_record.ts";
import { PartitionChangeRecord } from "../../protocol/generated/records/partition_change_record.ts";
import { PartitionRecord } from "../../protocol/generated/records/partition_record.ts";
import { ProducerIdsRecord } from "../../protocol/generated/records/producer_ids_record.ts";
import { RemoveTopicRecord } from "../../protocol/generated/records/remove_topic_record.ts";
import { TopicRecord } from "../../protocol/generated/records/topic_record.ts";
import { ErrorCode } from "../../protocol/errors.ts";
import { HEADER_BYTES } from "../../protocol/records/mod.ts";
import { Reader, Writer } from "../../protocol/wire/mod.ts";
import type { RecordCodec } from "../coordinator/shard.ts";
import { KafkaError } from "../kafka_error.ts";

const codecs = {
  TopicRecord,
  PartitionRecord,
  PartitionChangeRecord,
  ConfigRecord,
  RemoveTopicRecord,
  FeatureLevelRecord,
  ProducerIdsRecord,
  ClientQuotaRecord,
  ClearElrRecord,
};

type Codecs = typeof codecs;

/** A record of the cluster metadata log: one of KRaft's own messages, by name. */
export type MetadataRecord = {
  [Type in keyof Codecs]: { readonly type: Type; readonly data: Codecs[Type] extends MessageCodec<infer Message> ? Message : never };
}[keyof Codecs];

/** The largest batch of the metadata log, in bytes. Kafka: `KafkaRaftClient.MAX_BATCH_SIZE_BYTES`. */
export const MAX_METADATA_BATCH_BYTES = 8 * 1024 * 1024;

/** Most records that one request may come to, and so most partitions that it may ask for. Kafka: `QuorumController.MAX_RECORDS_PER_USER_OP`. */
export const MAX_RECORDS = 10_000;

/** More than a record needs around its value. */
const RECORD_OVERHEAD = 24;

/** Before every record: the version of this frame. Kafka: `AbstractApiMessageSerde`. */
const FRAME_VERSION = 1;

const types = new Map(Object.entries(codecs).map(([type, codec]) => [codec.apiKey, type as keyof Codecs]));

/** Whether the value is that of a record of a type in {@link MetadataRecord}; Kafka has more. */
export function isKnownMetadataRecord(value: Uint8Array): boolean {
  const reader = new Reader(value, { api: "metadata record", version: 0 });
  return reader.unsignedVarint() === FRAME_VERSION && types.has(reader.unsignedVarint());
}

/** A metadata record and its bytes: no key; the value is frame version, record type and record version, all unsigned varints, then the message. */
export const metadataRecordCodec: RecordCodec<MetadataRecord> = {
  encode({ type, data }) {
    const codec: MessageCodec<unknown> = codecs[type];
    const writer = new Writer(64);
    writer.unsignedVarint(FRAME_VERSION);
    writer.unsignedVarint(codec.apiKey!);
    writer.unsignedVarint(codec.maxVersion);
    codec.write(writer, data, codec.maxVersion);
    return { key: null, value: writer.written() };
  },
  decode(_key, value) {
    if (value === null) throw new Error("a metadata record without a value");
    const reader = new Reader(value, { api: "metadata record", version: 0 });
    const frame = reader.unsignedVarint();
    if (frame !== FRAME_VERSION) throw new Error(`a metadata record of frame version ${frame}`);
    const key = reader.unsignedVarint();
    const version = reader.unsignedVarint();
    const type = types.get(key);
    if (type === undefined) throw new Error(`a metadata record of unknown type ${key}`);
    const codec: MessageCodec<unknown> = codecs[type];
    if (version > codec.maxVersion) throw new Error(`a ${type} of version ${version}; ${codec.maxVersion} is the newest known`);
    return { type, data: codec.read(reader, version) } as MetadataRecord;
  },
};

/** The records that a request comes to, which become one batch. Throws POLICY_VIOLATION when they are too many for that. */
export function ofOneRequest(records: readonly MetadataRecord[]): readonly MetadataRecord[] {
  let bytes = 0;
  for (const record of records) bytes += metadataRecordCodec.encode(record).value!.length + RECORD_OVERHEAD;
  if (records.length <= MAX_RECORDS && bytes <= MAX_METADATA_BATCH_BYTES - HEADER_BYTES) return records;
  throw new KafkaError(ErrorCode.POLICY_VIOLATION, "The request asks for more than can be done at once.");
}
