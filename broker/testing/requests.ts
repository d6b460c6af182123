import type { ProduceRequest } from "../../protocol/generated/00_produce.ts";
import type { FetchRequest } from "../../protocol/generated/01_fetch.ts";
import type { ListOffsetsRequest } from "../../protocol/generated/02_list_offsets.ts";
import { ZERO_UUID } from "../../protocol/mod.ts";
import { type BatchOptions, buildBatch } from "../../protocol/records/mod.ts";

const encoder = new TextEncoder();

/** A batch whose records have these values. */
export function batchOf(values: readonly string[], options: BatchOptions = {}, timestamp = 1_767_225_600_000): Uint8Array {
  return buildBatch(values.map((value, i) => ({ key: null, value: encoder.encode(value), timestamp: timestamp + i })), options);
}

/** Batches to one partition, by the topic's name (versions up to 12). */
export function produceTo(name: string, index: number, records: Uint8Array, acks = -1): ProduceRequest {
  const topicData = [{ name, topicId: ZERO_UUID, partitionData: [{ index, records }] }];
  return { transactionalId: null, acks, timeoutMs: 1000, topicData };
}

/** A fetch of one partition, by the topic's name (versions up to 12). */
export function fetchFrom(topic: string, partition: number, fetchOffset: number, changes: Partial<FetchRequest> = {}): FetchRequest {
  return {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1 << 20,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{
      topic,
      topicId: ZERO_UUID,
      partitions: [{
        partition,
        currentLeaderEpoch: -1,
        fetchOffset,
        lastFetchedEpoch: -1,
        logStartOffset: -1,
        partitionMaxBytes: 1 << 20,
      }],
    }],
    forgottenTopicsData: [],
    rackId: "",
    ...changes,
  };
}

/** The offset for one timestamp of one partition. */
export function offsetOf(name: string, partitionIndex: number, timestamp: bigint): ListOffsetsRequest {
  return {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name, partitions: [{ partitionIndex, currentLeaderEpoch: -1, timestamp }] }],
    timeoutMs: 0,
  };
}
