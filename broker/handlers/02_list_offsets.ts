import { ErrorCode } from "../../protocol/errors.ts";
import {
  ListOffsets,
  type ListOffsetsPartition,
  type ListOffsetsPartitionResponse,
  type ListOffsetsRequest,
  type ListOffsetsResponse,
} from "../../protocol/generated/02_list_offsets.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { leaderEpochProblem } from "../leader_epochs.ts";
import type { Partition, Partitions } from "../partitions.ts";

/** Timestamps that ask for an offset by its place instead of by time. Kafka: `ListOffsetsRequest`. */
const LATEST = -1n;
const EARLIEST = -2n;
const MAX_TIMESTAMP = -3n;
const EARLIEST_LOCAL = -4n;
const LATEST_TIERED = -5n;
const EARLIEST_PENDING_UPLOAD = -6n;

/** The first version that may ask for each of them; in an older one Kafka answers UNSUPPORTED_VERSION. */
const firstVersion: ReadonlyMap<bigint, number> = new Map([
  [MAX_TIMESTAMP, 7],
  [EARLIEST_LOCAL, 8],
  [LATEST_TIERED, 9],
  [EARLIEST_PENDING_UPLOAD, 11],
]);

/** From this version on the answer says which leader epoch wrote the record (KIP-320). */
const LEADER_EPOCH_VERSION = 4;
const READ_COMMITTED = 1;
const CONSUMER = -1;
const DEBUGGING_CONSUMER = -2;

interface Found {
  readonly offset: number;
  readonly timestamp: number;
  readonly leaderEpoch: number;
}

const nothing: Found = { offset: -1, timestamp: -1, leaderEpoch: -1 };

/** Finds offsets by timestamp, and the ends of partitions. */
export function listOffsets(partitions: Partitions): Handler<ListOffsetsRequest, ListOffsetsResponse> {
  return {
    api: ListOffsets,
    handle(context, request) {
      const asked = new Map<string, number>();
      for (const { name, partitions } of request.topics) {
        for (const { partitionIndex } of partitions) {
          asked.set(`${name}-${partitionIndex}`, (asked.get(`${name}-${partitionIndex}`) ?? 0) + 1);
        }
      }
      const topics = request.topics.map(({ name, partitions: wanted }) => ({
        name,
        partitions: wanted.map((one) => {
          if (asked.get(`${name}-${one.partitionIndex}`)! > 1) return answer(one, ErrorCode.INVALID_REQUEST);
          return look(context, partitions, request, name, one);
        }),
      }));
      return { throttleTimeMs: 0, topics };
    },
    fail(request, code) {
      const topics = request.topics.map(({ name, partitions }) => ({ name, partitions: partitions.map((one) => answer(one, code)) }));
      return { throttleTimeMs: 0, topics };
    },
  };
}

function look(
  context: RequestContext,
  partitions: Partitions,
  request: ListOffsetsRequest,
  topic: string,
  wanted: ListOffsetsPartition,
): ListOffsetsPartitionResponse {
  if (!context.authorize("Describe", "Topic", topic)) return answer(wanted, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
  if (wanted.timestamp < EARLIEST_PENDING_UPLOAD) return answer(wanted, ErrorCode.UNSUPPORTED_VERSION);
  if (context.apiVersion < (firstVersion.get(wanted.timestamp) ?? 0)) return answer(wanted, ErrorCode.UNSUPPORTED_VERSION);
  const partition = partitions.find(topic, wanted.partitionIndex);
  if (typeof partition === "number") return answer(wanted, partition);
  if (request.replicaId !== CONSUMER && request.replicaId !== DEBUGGING_CONSUMER) return answer(wanted, ErrorCode.NOT_LEADER_OR_FOLLOWER);
  const problem = leaderEpochProblem(partition, wanted.currentLeaderEpoch);
  if (problem !== ErrorCode.NONE) return answer(wanted, problem);
  const found = find(partition, wanted.timestamp, request.isolationLevel === READ_COMMITTED);
  return answer(wanted, ErrorCode.NONE, context.apiVersion < LEADER_EPOCH_VERSION ? { ...found, leaderEpoch: -1 } : found);
}

function find({ log, leaderEpoch }: Partition, timestamp: bigint, committed: boolean): Found {
  const end = committed ? log.lastStableOffset : log.highWatermark;
  switch (timestamp) {
    case LATEST:
      return { offset: end, timestamp: -1, leaderEpoch };
    case EARLIEST:
    case EARLIEST_LOCAL:
      return { offset: log.logStartOffset, timestamp: -1, leaderEpoch: log.epochAt(log.logStartOffset) };
    case LATEST_TIERED:
    case EARLIEST_PENDING_UPLOAD:
      return nothing;
    case MAX_TIMESTAMP:
      return below(end, log.maxTimestampOffset());
  }
  if (timestamp > BigInt(Number.MAX_SAFE_INTEGER)) return nothing;
  return below(end, log.offsetForTimestamp(Number(timestamp)));
}

function below(end: number, found: Found | null): Found {
  return found === null || found.offset >= end ? nothing : found;
}

function answer({ partitionIndex }: ListOffsetsPartition, errorCode: number, found: Found = nothing): ListOffsetsPartitionResponse {
  return { partitionIndex, errorCode, timestamp: found.timestamp, offset: found.offset, leaderEpoch: found.leaderEpoch };
}
