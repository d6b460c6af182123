import { batchOf } from "../../../broker/testing/requests.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import type { History, Step, Value } from "../history.ts";

const {
  UNKNOWN_TOPIC_OR_PARTITION,
  LEADER_NOT_AVAILABLE,
  NOT_LEADER_OR_FOLLOWER,
  COORDINATOR_LOAD_IN_PROGRESS,
  COORDINATOR_NOT_AVAILABLE,
  NOT_COORDINATOR,
} = ErrorCode;

/** Timestamp of the first record: 2026-01-01. */
export const FIRST = 1_767_225_600_000;

/** Makes a topic and waits until it can be written; `name` may have `{run}` in it. Binds its id as `id`. */
export function topic(name: string, id: string, partitions = 1, configs: Record<string, string> = {}): Step[] {
  const named = Object.entries(configs).map(([name, value]) => ({ name, value }));
  const wanted = { name, numPartitions: partitions, replicationFactor: 1, configs: named };
  return [
    { api: "CreateTopics", version: 6, request: { topics: [wanted], timeoutMs: 10_000 }, keyed: { configs: "name" } },
    {
      api: "Metadata",
      version: 12,
      request: { topics: [{ name }] },
      bind: { [id]: "topics/0/topicId" },
      whileError: [UNKNOWN_TOPIC_OR_PARTITION, LEADER_NOT_AVAILABLE],
    },
    // Metadata may know a topic a moment before its log is there.
    {
      api: "ListOffsets",
      version: 6,
      request: {
        replicaId: -1,
        topics: [{ name, partitions: Array.from({ length: partitions }, (_, i) => ({ partitionIndex: i, timestamp: -1n })) }],
      },
      keyed: { partitions: "partitionIndex" },
      whileError: [UNKNOWN_TOPIC_OR_PARTITION, LEADER_NOT_AVAILABLE, NOT_LEADER_OR_FOLLOWER],
    },
  ];
}

/** Appends records to a partition of a topic. */
export function produced(name: string, index: number, records: Value): Step {
  return {
    api: "Produce",
    version: 9,
    request: { acks: -1, timeoutMs: 5_000, topicData: [{ name, partitionData: [{ index, records }] }] },
  };
}

/** The first part of the fixture: the topic `stock`, its id bound to `stockId`, with offsets 0 to 9 in partition 0 (in three batches, the latest timestamp at 6) and nothing in partition 1. */
export const stock: History = {
  name: "the fixture",
  api: "Metadata",
  versions: "12",
  steps: [
    // The records are of January: nothing is to delete them meanwhile.
    ...topic("stock", "stockId", 2, { "retention.ms": "-1" }),
    produced("stock", 0, batchOf(["a", "b", "c"], {}, FIRST)),
    produced("stock", 0, batchOf(["d", "e", "f", "g"], {}, FIRST + 10_000)),
    produced("stock", 0, batchOf(["h", "i", "j"], {}, FIRST + 5_000)),
    // For transactions, whose markers would be in the way of others.
    ...topic("traded", "tradedId", 2),
    // The first producer id is 0, which could be taken for none.
    {
      api: "InitProducerId",
      request: { transactionalId: null, transactionTimeoutMs: 1_000 },
      whileError: [COORDINATOR_LOAD_IN_PROGRESS],
    },
  ],
};

/** Kafka's broker finds out who coordinates transactions when it is first asked for one: it has been, then. */
const transaction: readonly Step[] = [
  { api: "FindCoordinator", version: 3, request: { key: "any", keyType: 1 }, whileError: [COORDINATOR_NOT_AVAILABLE] },
  {
    api: "InitProducerId",
    version: 4,
    request: { transactionalId: "any", transactionTimeoutMs: 60_000 },
    bind: { fixtureProducer: "producerId" },
    whileError: [COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR],
  },
  {
    api: "TxnOffsetCommit",
    version: 5,
    request: {
      transactionalId: "any",
      groupId: "any",
      producerId: "$fixtureProducer",
      producerEpoch: 0,
      generationId: -1,
      topics: [{ name: "stock", partitions: [{ partitionIndex: 0, committedOffset: 1 }] }],
    },
    whileError: [COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE],
  },
  {
    api: "EndTxn",
    version: 4,
    request: { transactionalId: "any", producerId: "$fixtureProducer", producerEpoch: 0, committed: true },
  },
];

/** The second: a coordinator of groups, and `offsetsId`. */
export const coordinator: History = {
  name: "the fixture's coordinator",
  api: "Metadata",
  versions: "12",
  steps: [
    {
      api: "FindCoordinator",
      version: 3,
      request: { key: "any", keyType: 0 },
      whileError: [COORDINATOR_NOT_AVAILABLE],
    },
    {
      api: "OffsetCommit",
      version: 8,
      request: {
        groupId: "any",
        generationIdOrMemberEpoch: -1,
        topics: [{ name: "stock", partitions: [{ partitionIndex: 0, committedOffset: 1 }] }],
      },
      whileError: [COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR],
    },
    ...transaction,
    { api: "Metadata", version: 12, request: { topics: [{ name: "__consumer_offsets" }] }, bind: { offsetsId: "topics/0/topicId" } },
  ],
};
