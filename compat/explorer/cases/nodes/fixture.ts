/** What the cases of three nodes have in common: topics whose replicas are known, coordinators on known nodes, and what of answers is no chance. */
import { batchOf } from "../../../../broker/testing/requests.ts";
import { ErrorCode } from "../../../../protocol/errors.ts";
import { ask, type Fields, type History, type Step } from "../../history.ts";
import { at, has, type Plain } from "../../plain.ts";
import { FIRST, produced } from "../fixture.ts";

const {
  UNKNOWN_TOPIC_OR_PARTITION,
  LEADER_NOT_AVAILABLE,
  NOT_LEADER_OR_FOLLOWER,
  COORDINATOR_LOAD_IN_PROGRESS,
  COORDINATOR_NOT_AVAILABLE,
  NOT_COORDINATOR,
} = ErrorCode;

/** A coordinator that has just begun, or is about to. */
export const MOVING: readonly number[] = [COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR];

/** Where clients have to ask what nodes know by themselves. */
export const NODES = [1, 2, 3] as const;
/** The coordinators of groups and of transactions, as the fixture places them. */
export const GROUPS = 2;
export const TRANSACTIONS = 3;

/** Makes a topic of partitions that have these replicas, and waits until it can be written; binds its id as `id`. */
export function placed(name: string, id: string, replicas: readonly (readonly number[])[], configs: Record<string, string> = {}): Step[] {
  const assignments = replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds }));
  const named = Object.entries({ "retention.ms": "-1", ...configs }).map(([name, value]) => ({ name, value }));
  const wanted = { name, numPartitions: -1, replicationFactor: -1, assignments, configs: named };
  return [
    { api: "CreateTopics", version: 6, request: { topics: [wanted], timeoutMs: 10_000 }, keyed: { configs: "name" } },
    ...NODES.map((node): Step => ({
      ...told(name, node),
      bind: { [id]: "topics/0/topicId" },
      whileError: [UNKNOWN_TOPIC_OR_PARTITION, LEADER_NOT_AVAILABLE],
    })),
    // Metadata may know a topic a moment before its log is there.
    ...replicas.map(([leader], index): Step => ({
      ...ends(name, index, leader),
      whileError: [UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER],
    })),
  ];
}

/** A topic as a node tells of it. Which replica came into sync first is chance. */
export function told(name: string, node = 1): Step {
  return {
    api: "Metadata",
    version: 12,
    node,
    request: { topics: [{ name }] },
    whileError: [UNKNOWN_TOPIC_OR_PARTITION],
    unordered: ["isrNodes"],
    see: topics,
  };
}

/** Who runs is asked by itself. */
const topics = (answer: Plain): Plain => at(answer, "topics") ?? null;

function ends(name: string, partitionIndex: number, node: number): Step {
  return {
    api: "ListOffsets",
    version: 6,
    node,
    request: { replicaId: -1, topics: [{ name, partitions: [{ partitionIndex, timestamp: -1n }] }] },
  };
}

/** Moves the only partition of an internal topic, and has it led by the first of its replicas. */
function moved(name: string, replicas: readonly number[]): Step[] {
  const [leader] = replicas;
  const partitions = [{ partitionIndex: 0, replicas }];
  return [
    { api: "AlterPartitionReassignments", version: 0, request: { timeoutMs: 10_000, topics: [{ name, partitions }] } },
    { api: "ListPartitionReassignments", request: { timeoutMs: 10_000, topics: null }, until: has("topics", []) },
    {
      api: "ElectLeaders",
      request: { electionType: 0, topicPartitions: [{ topic: name, partitions: [0] }], timeoutMs: 10_000 },
      see: () => null,
    },
    ...NODES.map((node): Step => ({ ...told(name, node), until: has("topics/0/partitions/0/leaderId", leader), see: () => null })),
  ];
}

/**
 * Topics whose names say how many replicas a partition has: `thrice`, of which two must be in sync, and `all`, of which three must; `twice`, of which two
 * must; `once`. Of each the first partition is led by node 1, and so on. Then the coordinators, {@link GROUPS} and {@link TRANSACTIONS}.
 */
export const threeNodes: History = {
  name: "the fixture of three nodes",
  api: "Metadata",
  versions: "12",
  steps: [
    ...placed("thrice", "thriceId", [[1, 2, 3], [2, 3, 1], [3, 1, 2]], { "min.insync.replicas": "2" }),
    ...placed("all", "allId", [[1, 2, 3], [2, 3, 1], [3, 1, 2]], { "min.insync.replicas": "3" }),
    ...placed("twice", "twiceId", [[1, 2], [2, 3], [3, 1]], { "min.insync.replicas": "2" }),
    ...placed("once", "onceId", [[1], [2], [3]]),
    produced("thrice", 0, batchOf(["a", "b", "c"], {}, FIRST)),
    produced("thrice", 0, batchOf(["d", "e"], {}, FIRST + 10_000)),
    { ...produced("once", 2, batchOf(["kept"], {}, FIRST)), node: 3 },
    ...[0, 1].map((keyType): Step => ({
      api: "FindCoordinator",
      version: 3,
      request: { key: "any", keyType },
      whileError: [COORDINATOR_NOT_AVAILABLE],
    })),
    ...moved("__consumer_offsets", [GROUPS, 3, 1]),
    ...moved("__transaction_state", [TRANSACTIONS, 2, 1]),
    {
      api: "OffsetCommit",
      version: 8,
      node: GROUPS,
      request: { groupId: "any", topics: [{ name: "thrice", partitions: [{ partitionIndex: 0, committedOffset: 3 }] }] },
      whileError: MOVING,
    },
    // The first producer id is 0, which could be taken for none.
    ...producer("first", "firstProducer"),
    ...producer("any", "anyProducer"),
  ],
};

/** A new producer of a transactional id. */
export function producer(transactionalId: string, id: string, node: number = TRANSACTIONS): Step[] {
  return [{
    api: "InitProducerId",
    version: 4,
    node,
    request: { transactionalId, transactionTimeoutMs: 600_000 },
    bind: { [id]: "producerId" },
    whileError: MOVING,
  }];
}

/** The same asked of each node. */
export function askEach(api: string, name: string, request: Fields, more: Parameters<typeof ask>[3] = {}): History[] {
  return NODES.map((node) => ask(api, `${name}, node ${node}`, request, { ...more, node }));
}

/** Replicas by hand, as CreateTopics takes them. */
export const byHand = (...replicas: readonly (readonly number[])[]): Fields => ({
  assignments: replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
});

/** Makes a topic, and looks at it. One whose name begins with `refused` cannot be made. */
export function creates(when: string, name: string, topic: Fields, see: (answer: Plain) => Plain = topics): History {
  const request = { topics: [{ name: "c{run}", numPartitions: -1, replicationFactor: -1, ...topic }], timeoutMs: 10_000 };
  return ask("CreateTopics", `${when}: ${name}`, request, {
    keyed: { configs: "name" },
    versions: "7",
    after: [{
      api: "Metadata",
      request: { topics: [{ name: "c{run}" }], allowAutoTopicCreation: false },
      whileError: [LEADER_NOT_AVAILABLE],
      until: (answer) => at(answer, "topics/0/errorCode") === 0 || name.startsWith("refused"),
      unordered: ["isrNodes"],
      see,
    }],
  });
}

const records = batchOf(["x", "y"], {}, FIRST);
/** Of a topic in all versions: a name before version 13, an id from there on. */
export const toTopic = (topic: string, ...partitions: readonly number[]): Fields => ({
  acks: -1,
  timeoutMs: 5_000,
  topicData: [{ name: topic, topicId: `$${topic}Id`, partitionData: partitions.map((index) => ({ index, records })) }],
});
export const fromTopic = (topic: string, partition: number, more: Fields = {}, ofPartition: Fields = {}): Fields => ({
  minBytes: 0,
  maxWaitMs: 0,
  maxBytes: 1 << 20,
  topics: [{
    topic,
    topicId: `$${topic}Id`,
    partitions: [{ partition, fetchOffset: 0n, partitionMaxBytes: 1 << 20, ...ofPartition }],
  }],
  ...more,
});
/** The codes, and who leads: which offsets others were given is chance, and so is the order of partitions. */
export function errorsOfProduce(answer: Plain): Plain {
  const partitions = at(answer, "responses/0/partitionResponses") as Record<string, Plain>[];
  return {
    errors: Object.fromEntries(
      partitions.map(({ index, errorCode, currentLeader = null }) => [String(index), { errorCode, currentLeader }]),
    ),
    endpoints: (at(answer, "nodeEndpoints") as Plain[] | undefined ?? []).map((one) => at(one, "nodeId") as number).sort(),
  };
}

/** The code, who leads and where that is: how much there is depends on the moment. */
export function errorsOfFetch(answer: Plain): Plain {
  const partition = at(answer, "responses/0/partitions/0") as Record<string, Plain>;
  const { errorCode, currentLeader = null, preferredReadReplica = null } = partition;
  return { errorCode, currentLeader, preferredReadReplica, endpoints: at(answer, "nodeEndpoints") ?? [] };
}

interface Partition {
  readonly leaderId: number;
  readonly replicaNodes: readonly number[];
}

/** How many replicas there are, and that each node leads some: which of them is chance. */
export function spread(answer: Plain): Plain {
  const partitions = at(answer, "topics/0/partitions") as unknown as readonly Partition[];
  return {
    factors: partitions.map(({ replicaNodes }) => new Set(replicaNodes).size),
    firstLeads: partitions.every(({ leaderId, replicaNodes }) => leaderId === replicaNodes[0]),
    leaders: [...new Set(partitions.map(({ leaderId }) => leaderId))].sort(),
  };
}
