import { ErrorCode } from "../../protocol/errors.ts";
import {
  ListOffsets,
  type ListOffsetsPartition,
  type ListOffsetsPartitionResponse,
  type ListOffsetsRequest,
  type ListOffsetsResponse,
} from "../../protocol/generated/02_list_offsets.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { leadershipProblem } from "../leader_epochs.ts";
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

interface Found {
  readonly offset: number;
  readonly timestamp: number;
  readonly leaderEpoch: number;
}

const nothing: Found = { offset: -1, timestamp: -1, leaderEpoch: -1 };

/** Finds offsets by timestamp, and the ends of partitions, for whoever asks: no replica that a request names makes a difference. */
export function listOffsets(partitions: Partitions): Handler<ListOffsetsRequest, ListOffsetsResponse> {
  return {
    api: ListOffsets,
    handle(context, request) {
      // As by Kafka, who keeps answers in a map: one for each partition, and no topic without any.
      const answers = new Map<string, Map<number, ListOffsetsPartitionResponse>>();
      for (const { name, partitions: wanted } of request.topics) {
        for (const one of wanted) {
          const ofTopic = answers.get(name) ?? new Map();
          answers.set(name, ofTopic);
          const twice = ofTopic.has(one.partitionIndex);
          ofTopic.set(one.partitionIndex, twice ? answer(one, ErrorCode.INVALID_REQUEST) : look(context, partitions, request, name, one));
        }
      }
      return { throttleTimeMs: 0, topics: [...answers].map(([name, ofTopic]) => ({ name, partitions: [...ofTopic.values()] })) };
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
  const problem = leadershipProblem(partition, context.connection.nodeId, wanted.currentLeaderEpoch, { onlyLeader: true });
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
      // Before anything is written the leader's own epoch begins there.
      return {
        offset: log.logStartOffset,
        timestamp: -1,
        leaderEpoch: log.latestEpoch < 0 ? leaderEpoch : log.epochAt(log.logStartOffset),
      };
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
