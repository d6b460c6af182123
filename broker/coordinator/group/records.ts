import { GroupMetadataKey } from "../../../protocol/generated/records/group_metadata_key.ts";
import { GroupMetadataValue } from "../../../protocol/generated/records/group_metadata_value.ts";
import { LegacyOffsetCommitKey } from "../../../protocol/generated/records/legacy_offset_commit_key.ts";
import { OffsetCommitKey } from "../../../protocol/generated/records/offset_commit_key.ts";
import { OffsetCommitValue } from "../../../protocol/generated/records/offset_commit_value.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import { Reader } from "../../../protocol/wire/mod.ts";
import { KafkaError } from "../../kafka_error.ts";
import { encodeMessage } from "../encode.ts";
import type { RecordCodec } from "../shard.ts";

/** A record of `__consumer_offsets`. Without a value it is a tombstone: what the key names is gone. */
export type GroupRecord =
  | { readonly type: "OffsetCommit"; readonly key: OffsetCommitKey; readonly value: OffsetCommitValue | null }
  | { readonly type: "GroupMetadata"; readonly key: GroupMetadataKey; readonly value: GroupMetadataValue | null };

/** Kafka 4.3 writes a commit with an expiry in the one version that carries it, all others in the newest. */
const OFFSET_COMMIT_WITH_EXPIRY = 1;
const OFFSET_COMMIT = 4;
const GROUP_METADATA = 3;

/**
 * Group records and their bytes: an int16 before the key tells the kind of record, one before the value its version.
 * Kafka: `GroupCoordinatorRecordSerde`, `GroupCoordinatorRecordHelpers`.
 */
export const groupRecordCodec: RecordCodec<GroupRecord> = {
  encode(record) {
    switch (record.type) {
      case "OffsetCommit": {
        const { key, value } = record;
        const version = value === null || value.expireTimestamp === -1 ? OFFSET_COMMIT : OFFSET_COMMIT_WITH_EXPIRY;
        const keyBytes = encodeMessage(OffsetCommitKey, key, 0, OffsetCommitKey.apiKey);
        return { key: keyBytes, value: value && encodeMessage(OffsetCommitValue, value, version) };
      }
      case "GroupMetadata": {
        const { key, value } = record;
        const keyBytes = encodeMessage(GroupMetadataKey, key, 0, GroupMetadataKey.apiKey);
        return { key: keyBytes, value: value && encodeMessage(GroupMetadataValue, value, GROUP_METADATA) };
      }
    }
  },
  decode(key, value) {
    if (key === null) throw new Error("a group record without a key");
    const reader = new Reader(key, { api: "group record key", version: 0 });
    switch (reader.int16()) {
      case LegacyOffsetCommitKey.apiKey:
        // Kafka wrote this kind of key with values of any version.
        return { type: "OffsetCommit", key: LegacyOffsetCommitKey.read(reader, 0), value: value && readCommit(value) };
      case OffsetCommitKey.apiKey:
        return { type: "OffsetCommit", key: OffsetCommitKey.read(reader, 0), value: value && readCommit(value) };
      case GroupMetadataKey.apiKey:
        return { type: "GroupMetadata", key: GroupMetadataKey.read(reader, 0), value: value && readGroup(value) };
      default:
        return null;
    }
  },
};

/** What is forgotten of a group when it is gone itself. */
export function groupTombstone(group: string): GroupRecord {
  return { type: "GroupMetadata", key: { group }, value: null };
}

/** As many of the tombstones as surely fit into `maxBytes` with one more, and whether these are all. */
export function batchOf(tombstones: Iterable<GroupRecord>, maxBytes: number): { records: GroupRecord[]; complete: boolean } {
  const records: GroupRecord[] = [];
  let bytes = 0;
  for (const record of tombstones) {
    bytes += upperBound(record);
    if (bytes > maxBytes && records.length > 0) return { records, complete: false };
    records.push(record);
  }
  return { records, complete: true };
}

/** Throws UNKNOWN_SERVER_ERROR, as Kafka answers, for more than the log takes in one batch. */
export function checkFits(records: readonly GroupRecord[], maxBytes: number): void {
  const mayExceed = records.reduce((bytes, record) => bytes + upperBound(record), 0) > maxBytes;
  if (mayExceed && sizeOf(records) > maxBytes) throw new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR);
}

/** More bytes than an offset or a tombstone takes, from the lengths of its texts. */
function upperBound(record: GroupRecord): number {
  if (record.type === "GroupMetadata") return 128 + 3 * record.key.group.length;
  const { key, value } = record;
  return 128 + 3 * (key.group.length + key.topic.length + (value?.metadata.length ?? 0));
}

/** The bytes that records take in a batch, give or take a few. */
export function sizeOf(records: readonly GroupRecord[]): number {
  let size = 61;
  for (const record of records) {
    const { key, value } = groupRecordCodec.encode(record);
    size += (key?.length ?? 0) + (value?.length ?? 0) + 16;
  }
  return size;
}

function readCommit(bytes: Uint8Array): OffsetCommitValue {
  const reader = new Reader(bytes, { api: "OffsetCommitValue", version: 0 });
  const version = reader.int16();
  if (version < 0 || version > OffsetCommitValue.maxVersion) throw new Error(`an OffsetCommitValue of version ${version}`);
  return OffsetCommitValue.read(reader, version);
}

/** Copies what is a view in the message: the bytes are the log's. */
function readGroup(bytes: Uint8Array): GroupMetadataValue {
  const reader = new Reader(bytes, { api: "GroupMetadataValue", version: 0 });
  const version = reader.int16();
  if (version < 0 || version > GroupMetadataValue.maxVersion) throw new Error(`a GroupMetadataValue of version ${version}`);
  const value = GroupMetadataValue.read(reader, version);
  for (const member of value.members) {
    member.subscription = member.subscription.slice();
    member.assignment = member.assignment.slice();
  }
  return value;
}
