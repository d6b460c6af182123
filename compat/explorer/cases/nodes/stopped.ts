/** What is asked of three nodes while some of them are stopped, and after they have come back. */
import { batchOf } from "../../../../broker/testing/requests.ts";
import { ErrorCode } from "../../../../protocol/errors.ts";
import { ask, type Fields, type History, type Step, type Value } from "../../history.ts";
import { at, has, type Plain } from "../../plain.ts";
import { stable } from "../bases.ts";
import { FIRST } from "../fixture.ts";
import {
  byHand,
  creates,
  errorsOfFetch,
  errorsOfProduce,
  fromTopic,
  GROUPS,
  MOVING,
  NODES,
  placed,
  producer,
  spread,
  told,
  toTopic,
  TRANSACTIONS,
} from "./fixture.ts";
import { placedOnTwo, reassignmentsOnTwo } from "./moves.ts";
import { atNode, views } from "./views.ts";

const { COORDINATOR_LOAD_IN_PROGRESS, CONCURRENT_TRANSACTIONS, NOT_COORDINATOR } = ErrorCode;
/** A coordinator that is about to know of a transaction, or to end it. */
const ENDING = [...MOVING, CONCURRENT_TRANSACTIONS];

/** Begins what goes on while nodes stop: a group `kept` with one member, two open transactions, and a topic whose partition will move. */
export const begun: History = {
  name: "the fixture before nodes stop",
  api: "Metadata",
  versions: "12",
  steps: [
    ...placed("traded", "tradedId", [[3, 1, 2], [1, 2, 3]], { "min.insync.replicas": "1" }),
    ...placed("moving", "movingId", [[1, 2]]),
    ...placed("held", "heldId", [[1, 2, 3]], { "min.insync.replicas": "2" }),
    { api: "Produce", version: 13, request: toTopic("held", 0) },
    ...placed("eligible", "eligibleId", [[1, 2, 3]], { "min.insync.replicas": "3" }),
    ...placed("strict", "strictId", [[1, 2, 3]], { "min.insync.replicas": "3" }),
    ...producer("marked", "markedProducer"),
    addedTo("marked", 0, "strict"),
    writes("marked", 0, "strict"),
    ...stable("kept", null, 600_000).map((step) => ({ ...step, node: GROUPS })),
    ...["open", "other"].flatMap((id) => [
      ...producer(id, `${id}Producer`),
      addedTo(id, 0),
      { ...writes(id, 0), node: 3 },
    ]),
  ],
};

/** A topic of three replicas, of which two have to be in sync. */
export function sending(topic: string, partitions: number): History {
  const rotated = Array.from({ length: partitions }, (_, i) => [1 + i % 3, 1 + (i + 1) % 3, 1 + (i + 2) % 3]);
  return {
    name: "a topic to send to",
    api: "Metadata",
    versions: "12",
    steps: placed(topic, "topicId", rotated, { "min.insync.replicas": "2" }),
  };
}

function addedTo(transactionalId: string, partition: number, topic = "traded"): Step {
  return {
    api: "AddPartitionsToTxn",
    version: 3,
    node: TRANSACTIONS,
    request: {
      v3AndBelowTransactionalId: transactionalId,
      v3AndBelowProducerId: `$${transactionalId}Producer`,
      v3AndBelowProducerEpoch: 0,
      v3AndBelowTopics: [{ name: topic, partitions: [partition] }],
    },
  };
}

/** The first batch of an open transaction in a partition. */
function writes(transactionalId: string, index: number, topic = "traded"): Step {
  const records: Value = (bound) =>
    batchOf(["x"], {
      producerId: Number(bound[`${transactionalId}Producer`]),
      producerEpoch: 0,
      baseSequence: 0,
      isTransactional: true,
    }, FIRST);
  return {
    api: "Produce",
    version: 11,
    request: { transactionalId, acks: -1, timeoutMs: 5_000, topicData: [{ name: topic, partitionData: [{ index, records }] }] },
  };
}

/** The end of an open transaction. */
function ends(transactionalId: string, committed: boolean): Fields {
  return { transactionalId, producerId: `$${transactionalId}Producer`, producerEpoch: 0, committed };
}

/** Waits until the topics of the fixture are told of as they will be: which replicas are offline. */
function settled(...gone: readonly number[]): Step[] {
  return [1, 2, 3].filter((node) => !gone.includes(node)).map((node) => ({
    api: "Metadata",
    version: 12,
    node,
    request: { topics: ["thrice", "all", "twice", "traded", "__consumer_offsets", "__transaction_state"].map((name) => ({ name })) },
    until: (answer) => {
      const shown = at(answer, "topics") as unknown as { partitions: { replicaNodes: number[]; isrNodes: number[] }[] }[];
      return shown.every(({ partitions }) =>
        partitions.every(({ replicaNodes, isrNodes }) =>
          replicaNodes.every((id) => isrNodes.includes(id) !== gone.includes(id)) || isrNodes.length === 0
        )
      );
    },
    see: () => null,
  }));
}

const settledHistory = (name: string, gone: readonly number[], more: readonly Step[] = []): History => ({
  name,
  api: "Metadata",
  versions: "12",
  steps: [...settled(...gone), ...more],
});

/** Begins to move a partition to where it can only come when all are back. */
export const oneStopped: History = settledHistory("node 3 is stopped", [3], [{
  api: "AlterPartitionReassignments",
  version: 0,
  request: { timeoutMs: 10_000, topics: [{ name: "moving", partitions: [{ partitionIndex: 0, replicas: [3, 1] }] }] },
}]);
export const twoStopped: History = settledHistory("nodes 2 and 3 are stopped", [2, 3]);
export const noneStopped: History = settledHistory("all nodes are back", []);

const sends = (when: string, node: number, topic: string, partition: number, acks = -1): History => ({
  ...ask("Produce", `${when}, acks=${acks} to ${topic}-${partition}, node ${node}`, { ...toTopic(topic, partition), acks }, {
    node,
    see: errorsOfProduce,
  }),
  sampled: true,
});

const fetches = (when: string, node: number, topic: string, partition: number, more: Fields = {}): History => ({
  ...ask("Fetch", `${when}, of ${topic}-${partition}, node ${node}`, fromTopic(topic, partition, { maxBytes: 1, ...more }), {
    node,
    see: errorsOfFetch,
  }),
  sampled: true,
});

const elects = (name: string, electionType: number, topic: string): History =>
  ask("ElectLeaders", `type ${electionType} of ${topic}, ${name}`, {
    electionType,
    topicPartitions: [{ topic, partitions: [0, 1, 2] }],
    timeoutMs: 10_000,
  });

const groupOf: Fields = { groupId: "kept", generationId: 1, memberId: "$memberId" };
const commitsTo = (groupId: string): Fields => ({
  groupId,
  generationIdOrMemberEpoch: -1,
  topics: [{ name: "thrice", topicId: "$thriceId", partitions: [{ partitionIndex: 0, committedOffset: 4 }] }],
});

/** Node 3 is stopped. */
export const whileOneIsStopped: readonly History[] = [
  ...views("while node 3 is stopped", [1, 2]),
  ...[-1, 1].flatMap((acks) => [
    sends("while node 3 is stopped", 1, "thrice", 2, acks),
    sends("while node 3 is stopped", 2, "thrice", 2, acks),
    sends("while node 3 is stopped", 1, "all", 0, acks),
    sends("while node 3 is stopped", 1, "twice", 2, acks),
    sends("while node 3 is stopped", 2, "twice", 1, acks),
    sends("while node 3 is stopped", 1, "twice", 0, acks),
    sends("while node 3 is stopped", 1, "once", 2, acks),
  ]),
  ...[1, 2].flatMap((node) => [
    fetches("while node 3 is stopped", node, "thrice", 2),
    fetches("while node 3 is stopped", node, "once", 2),
    fetches("while node 3 is stopped, in its rack", node, "thrice", 0, { rackId: "c" }),
    ...atNode("while node 3 is stopped", node, "thrice", 2),
    ...atNode("while node 3 is stopped", node, "once", 2),
  ]),
  ...atNode("while too few are in sync", 1, "twice", 2),
  ...[0, 1].flatMap((type) => ["thrice", "once"].map((topic) => elects("while node 3 is stopped", type, topic))),
  ...reassignmentsOnTwo,
  ...[1, 2, 3].map((replicationFactor) =>
    creates("while node 3 is stopped", `${replicationFactor} replicas`, { numPartitions: 6, replicationFactor }, (answer) => spread(answer))
  ),
  creates("while node 3 is stopped", "by hand, on it first", byHand([3, 1], [1, 3])),
  creates("while node 3 is stopped", "refused by hand, on it alone", byHand([3])),
  creates("while node 3 is stopped", "refused by hand, one partition on it alone", byHand([1], [3])),
  ask("CreatePartitions", "while node 3 is stopped, on it alone", {
    topics: [{ name: "p{run}", count: 2, assignments: [{ brokerIds: [3] }] }],
    timeoutMs: 10_000,
  }, { versions: "3", before: placedOnTwo("p{run}", [1]) }),
  ask("CreatePartitions", "while node 3 is stopped, on it first", {
    topics: [{ name: "p{run}", count: 2, assignments: [{ brokerIds: [3, 2] }] }],
    timeoutMs: 10_000,
  }, {
    versions: "3",
    before: placedOnTwo("p{run}", [1, 2]),
    after: [{ ...told("p{run}"), until: (answer) => (at(answer, "topics/0/partitions") as Plain[]).length === 2 }],
  }),
  ask("Heartbeat", "while node 3 is stopped", groupOf, { node: 2 }),
  ask("OffsetFetch", "while node 3 is stopped", {
    groups: [{ groupId: "any", topics: [{ name: "thrice", topicId: "$thriceId", partitionIndexes: [0] }] }],
  }, {
    node: 2,
    versions: "8+",
  }),
  {
    name: "EndTxn: of a transaction whose coordinator has moved",
    api: "EndTxn",
    versions: "4",
    steps: [
      { api: "DescribeTransactions", node: 2, request: { transactionalIds: ["open"] }, whileError: ENDING, see: stateOfTransaction },
      { ...addedTo("open", 1), node: 2, whileError: MOVING },
      writes("open", 1),
      fetchCommitted(1, 0),
      { api: "EndTxn", node: 2, request: ends("open", true), whileError: MOVING },
      fetchCommitted(1, 2),
      { api: "EndTxn", node: 1, request: ends("open", true) },
    ],
  },
  {
    name: "IncrementalAlterConfigs: other replicas needed, of a partition that a node may lead which is out of sync",
    api: "IncrementalAlterConfigs",
    versions: "1",
    steps: [
      mayLead(3),
      needs("2", { validateOnly: true }),
      mayLead(3),
      needs("2"),
      mayLead(),
      needs("3"),
      mayLead(),
    ],
  },
  {
    name: "EndTxn: of a transaction whose marker has too few replicas",
    api: "EndTxn",
    versions: "4",
    steps: [
      { api: "EndTxn", node: 2, request: ends("marked", true), whileError: MOVING },
      fetchCommitted(0, 0, "strict"),
      { api: "DescribeTransactions", node: 2, request: { transactionalIds: ["marked"] }, see: stateOfTransaction },
      { api: "InitProducerId", version: 4, node: 2, request: { transactionalId: "marked", transactionTimeoutMs: 600_000 } },
    ],
  },
  ...[1, 2].flatMap((node) => [
    ask("ListTransactions", `while node 3 is stopped, node ${node}`, { stateFilters: ["Ongoing"] }, { node, see: idsOfTransactions }),
    ask("ListGroups", `while node 3 is stopped, node ${node}`, {}, { node, unordered: ["groups"] }),
  ]),
];

function needs(value: string, more: Fields = {}): Step {
  const configs = [{ name: "min.insync.replicas", configOperation: 0, value }];
  return { api: "IncrementalAlterConfigs", request: { resources: [{ resourceType: 2, resourceName: "eligible", configs }], ...more } };
}

/** Who may lead `eligible` though it is not in sync. */
function mayLead(...nodes: readonly number[]): Step {
  return {
    api: "DescribeTopicPartitions",
    request: { topics: [{ name: "eligible" }], responsePartitionLimit: 10 },
    until: has("topics/0/partitions/0/eligibleLeaderReplicas", nodes),
    unordered: ["isrNodes"],
  };
}

/** What of a partition is decided, once all before this offset is: markers are written after the transaction has ended. */
function fetchCommitted(partition: number, lastStableOffset: number, topic = "traded"): Step {
  const path = "responses/0/partitions/0";
  return {
    api: "Fetch",
    version: 13,
    node: 1,
    request: fromTopic(topic, partition, { isolationLevel: 1 }),
    until: has(`${path}/lastStableOffset`, lastStableOffset),
    see: (answer) => [at(answer, `${path}/errorCode`) ?? null, at(answer, `${path}/lastStableOffset`) ?? null],
  };
}

function stateOfTransaction(answer: Plain): Plain {
  const { errorCode, transactionState, topics } = at(answer, "transactionStates/0") as Record<string, Plain>;
  return { errorCode, transactionState, topics };
}

function idsOfTransactions(answer: Plain): Plain {
  const states = at(answer, "transactionStates") as Plain[];
  return states.map((state) => String(at(state, "transactionalId"))).filter((id) => id === "other");
}

/** Nodes 2 and 3 are stopped. */
export const whileTwoAreStopped: readonly History[] = [
  ...views("while node 1 alone runs", [1]),
  ...["thrice", "all", "twice", "once"].flatMap((topic) =>
    [0, 1, 2].flatMap((partition) => [-1, 1].map((acks) => sends("while node 1 alone runs", 1, topic, partition, acks)))
  ),
  ...["thrice", "once"].flatMap((topic) => [0, 1, 2].map((partition) => fetches("while node 1 alone runs", 1, topic, partition))),
  fetches("while node 1 alone runs, in rack b", 1, "thrice", 1, { rackId: "b" }),
  ...[0, 1].flatMap((type) => ["thrice", "once"].map((topic) => elects("while node 1 alone runs", type, topic))),
  ...[1, 2, 3].map((replicationFactor) =>
    creates("while node 1 alone runs", `${replicationFactor} replicas`, { numPartitions: 3, replicationFactor }, led)
  ),
  ask("Heartbeat", "while node 1 alone runs", groupOf, { whileError: MOVING }),
  ask("OffsetFetch", "while node 1 alone runs", {
    groups: [{ groupId: "any", topics: [{ name: "thrice", topicId: "$thriceId", partitionIndexes: [0] }] }],
  }, {
    versions: "8+",
    whileError: [COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR],
  }),
  ask("OffsetCommit", "while node 1 alone runs", commitsTo("g{run}"), { whileError: [COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR] }),
  ask("InitProducerId", "while too few replicas are in sync", { transactionalId: "t{run}", transactionTimeoutMs: 60_000 }, {
    versions: "4+",
    whileError: [COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR],
  }),
  ask("EndTxn", "while too few replicas are in sync", ends("other", true), {
    versions: "3",
    whileError: [COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR],
  }),
  {
    name: "Produce: acks=1 while too few are in sync: nobody reads it",
    api: "Produce",
    versions: "11",
    steps: [
      { api: "Produce", request: { ...toTopic("held", 0), acks: 1 } },
      ...[-1n, -2n, -3n].map((timestamp): Step => ({
        api: "ListOffsets",
        version: 8,
        request: { replicaId: -1, topics: [{ name: "held", partitions: [{ partitionIndex: 0, timestamp }] }] },
      })),
      ...[0n, 2n, 3n, 4n, 5n].map((fetchOffset): Step => ({
        api: "Fetch",
        version: 13,
        request: fromTopic("held", 0, {}, { fetchOffset }),
      })),
      { api: "DeleteRecords", request: { topics: [{ name: "held", partitions: [{ partitionIndex: 0, offset: 3n }] }], timeoutMs: 5_000 } },
    ],
  },
  ...atNode("while node 1 alone runs", 1, "thrice", 1),
  ...atNode("while node 1 alone runs", 1, "once", 1),
];

/** Node 3, which is stopped as node 2 is, is forgotten. */
export const forgetting: readonly History[] = [{
  name: "UnregisterBroker: of a node that is stopped",
  api: "UnregisterBroker",
  versions: "0",
  steps: [
    { api: "UnregisterBroker", request: { brokerId: 3 } },
    { api: "UnregisterBroker", request: { brokerId: 3 } },
    // What is asked is the broker's own view, which is behind its controller's.
    {
      api: "DescribeCluster",
      request: { includeFencedBrokers: true },
      until: (answer) => !brokersIn(answer).includes(3),
      see: brokersIn,
    },
  ],
}];

function brokersIn(answer: Plain): number[] {
  return (at(answer, "brokers") as { brokerId: number }[]).map(({ brokerId }) => brokerId).sort();
}

export const whileOneIsForgotten: readonly History[] = [
  ...views("while node 3 is forgotten", [1]),
  ...[1, 2, 3].map((replicationFactor) =>
    creates("while node 3 is forgotten", `${replicationFactor < 3 ? "" : "refused: "}${replicationFactor} replicas`, {
      numPartitions: 3,
      replicationFactor,
    }, replicationFactor < 3 ? led : undefined)
  ),
  creates("while node 3 is forgotten", "refused: by hand, on it", byHand([1, 3])),
  creates("while node 3 is forgotten", "by hand, on who is stopped", byHand([2, 1])),
  ask("CreatePartitions", "while node 3 is forgotten, on it", {
    topics: [{ name: "once", count: 4, assignments: [{ brokerIds: [3] }] }],
    timeoutMs: 10_000,
  }, { versions: "3" }),
  ask("AlterPartitionReassignments", "while node 3 is forgotten, to it", {
    timeoutMs: 10_000,
    topics: [{ name: "once", partitions: [{ partitionIndex: 0, replicas: [1, 3] }] }],
  }),
  ask("AlterPartitionReassignments", "while node 3 is forgotten, of what it has", {
    timeoutMs: 10_000,
    topics: [{ name: "once", partitions: [{ partitionIndex: 2, replicas: [3] }] }],
  }),
  ...[0, 1].flatMap((type) => ["thrice", "once"].map((topic) => elects("while node 3 is forgotten", type, topic))),
  ask("ListConfigResources", "while node 3 is forgotten", { resourceTypes: [4, 8] }, { versions: "1", unordered: ["configResources"] }),
  ask("DescribeConfigs", "of a node that is forgotten", {
    resources: [{ resourceType: 4, resourceName: "3", configurationKeys: ["log.cleaner.threads"] }],
  }, {
    versions: "4",
  }),
  ask("IncrementalAlterConfigs", "of a node that is forgotten", {
    resources: [{ resourceType: 4, resourceName: "3", configs: [{ name: "log.cleaner.threads", configOperation: 0, value: "1" }] }],
    validateOnly: true,
  }, { versions: "1" }),
];

/** Whether node 1 leads what it may. */
function led(answer: Plain): Plain {
  const { partitions } = at(answer, "topics/0") as unknown as { partitions: { leaderId: number; replicaNodes: number[] }[] };
  return partitions.map(({ leaderId, replicaNodes }) => ({
    factor: replicaNodes.length,
    leads: leaderId === (replicaNodes.includes(1) ? 1 : -1),
  }));
}

/** All nodes run again: leaders stay where they went. */
export const afterAllCameBack: readonly History[] = [
  ...views("after nodes came back", [1, 2, 3]),
  ...[1, 2, 3].flatMap((node) => [
    sends("after nodes came back", node, "thrice", 1),
    sends("after nodes came back", node, "once", 2),
    fetches("after nodes came back", node, "thrice", 1),
    fetches("after nodes came back", node, "once", 2),
  ]),
  ask("Heartbeat", "after nodes came back", groupOf, { node: 2 }),
  {
    name: "EndTxn: of a transaction that two coordinators have had",
    api: "EndTxn",
    versions: "4",
    steps: [
      { api: "DescribeTransactions", node: 1, request: { transactionalIds: ["other"] }, whileError: ENDING, see: stateOfTransaction },
      { api: "EndTxn", node: 1, request: ends("other", false), whileError: MOVING },
      fetchCommitted(0, 4),
    ],
  },
  {
    name: "Fetch: of what was written while too few were in sync",
    api: "Fetch",
    versions: "13",
    steps: [
      { api: "Fetch", request: fromTopic("held", 0), until: has("responses/0/partitions/0/highWatermark", 4) },
    ],
  },
  {
    name: "EndTxn: of a transaction whose marker has enough replicas again",
    api: "EndTxn",
    versions: "4",
    steps: [fetchCommitted(0, 2, "strict"), { api: "EndTxn", request: ends("marked", true), whileError: ENDING }],
  },
  {
    name: "Metadata: of a partition that could move when its node was back",
    api: "Metadata",
    versions: "12",
    steps: [{
      ...told("moving"),
      until: (answer) =>
        has("topics/0/partitions/0/replicaNodes", [3, 1])(answer) && has("topics/0/partitions/0/isrNodes/length", 2)(answer),
    }],
  },
  ...["thrice", "once"].flatMap((topic) => [0, 1, 2].map((partition) => epochs(topic, partition))),
];

/** Where each epoch of a leader has ended. */
function epochs(topic: string, partition: number): History {
  return {
    name: `OffsetForLeaderEpoch: of ${topic}-${partition}, after nodes came back`,
    api: "OffsetForLeaderEpoch",
    versions: "4",
    steps: [0, 1, 2, 3].flatMap((leaderEpoch) => [
      {
        api: "OffsetForLeaderEpoch",
        request: { replicaId: -1, topics: [{ topic, partitions: [{ partition, leaderEpoch }] }] },
        see: (answer) => {
          const { errorCode, leaderEpoch } = at(answer, "topics/0/partitions/0") as Record<string, Plain>;
          return { errorCode, leaderEpoch };
        },
      },
    ]),
  };
}

/** Leaders go back to where they should be. */
export const elections: readonly History[] = [
  { ...elects("after nodes came back", 0, "thrice"), versions: "2" },
  { ...elects("after nodes came back", 0, "once"), versions: "2" },
];

/** The others, too. */
export const electionOfAll: readonly History[] = [{
  name: "ElectLeaders: of all partitions",
  api: "ElectLeaders",
  versions: "2",
  steps: [{
    api: "ElectLeaders",
    request: { electionType: 0, topicPartitions: null, timeoutMs: 10_000 },
    keyed: { replicaElectionResults: "topic" },
    unordered: ["partitionResult"],
    see: (answer) => {
      const results = at(answer, "replicaElectionResults") as Record<string, Plain>;
      return { errorCode: at(answer, "errorCode") ?? null, twice: results["twice"] ?? null, all: results["all"] ?? null };
    },
  }],
}];

/** Waits until each node knows the leaders that were elected. */
export const elected: History = {
  name: "leaders are back",
  api: "Metadata",
  versions: "12",
  steps: NODES.flatMap((node) =>
    ["thrice", "all", "twice"].map((topic): Step => ({
      ...told(topic, node),
      until: (answer) => [0, 1, 2].every((index) => at(answer, `topics/0/partitions/${index}/leaderId`) === index + 1),
      see: () => null,
    }))
  ),
};

/** Each partition is led by the first of its replicas again. */
export const afterElections: readonly History[] = [
  ...views("after elections", [1, 2, 3]),
  ...[1, 2, 3].flatMap((node) => [sends("after elections", node, "thrice", 1), fetches("after elections", node, "thrice", 1)]),
  ...[0, 1, 5, 9].map((currentLeaderEpoch) =>
    ask("Fetch", `after elections, in epoch ${currentLeaderEpoch}`, fromTopic("thrice", 1, { maxBytes: 1 }, { currentLeaderEpoch }), {
      node: 2,
      versions: "12+",
      see: errorsOfFetch,
    })
  ),
];
