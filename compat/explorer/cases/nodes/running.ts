/** What is asked of three nodes while all of them run: who leads, who coordinates, and what the others say. */
import { ask, type Fields, type History, type Step } from "../../history.ts";
import { at, has, type Plain } from "../../plain.ts";
import { logDirectory, SUBSCRIPTION } from "../bases.ts";
import { askEach, byHand, creates, errorsOfProduce, fromTopic, NODES, placed, spread, told, toTopic } from "./fixture.ts";
import { elections, reassignments } from "./moves.ts";
import { atNode, views } from "./views.ts";

const directories: readonly History[] = [
  ...askEach("DescribeLogDirs", "of three nodes", { topics: null }, { see: whoIsWhere }),
  ...askEach("DescribeLogDirs", "of three nodes, two partitions", {
    topics: [{ topic: "twice", partitions: [0] }, { topic: "once", partitions: [2] }],
  }, { see: whoIsWhere }),
  ask("AlterReplicaLogDirs", "where there is no replica", { dirs: [{ path: "$logDir", topics: [{ name: "twice", partitions: [0] }] }] }, {
    node: 3,
    before: [{ ...logDirectory, node: 3, see: () => null }],
  }),
];

interface LogDirectory {
  readonly errorCode: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly { readonly partitionIndex: number }[] }[];
}

/** Of each log directory, which partitions are there. */
function whoIsWhere(answer: Plain): Plain {
  const results = at(answer, "results") as unknown as readonly LogDirectory[];
  return results.map(({ errorCode, topics }) => ({
    errorCode,
    partitions: topics.filter(({ name }) => ["thrice", "all", "twice", "once"].includes(name))
      .flatMap(({ name, partitions }) => partitions.map(({ partitionIndex }) => `${name}-${partitionIndex}`)).sort(),
  }));
}

const factors = (answer: Plain): Plain => at(spread(answer), "factors") ?? null;

const creations: readonly History[] = [
  ...[1, 2, 3].map((replicationFactor) =>
    creates("on three nodes", `${replicationFactor} replicas`, { numPartitions: 6, replicationFactor }, spread)
  ),
  creates("on three nodes", "as many replicas as the broker has by default", { numPartitions: 6 }, spread),
  creates("on three nodes", "refused: 4 replicas", { numPartitions: 1, replicationFactor: 4 }),
  creates("on three nodes", "refused: no replica", { numPartitions: 1, replicationFactor: 0 }),
  creates("on three nodes", "by hand", byHand([2, 3], [3, 1], [1, 2])),
  creates("on three nodes", "by hand, in any order", byHand([3, 2, 1])),
  creates("on three nodes", "refused: by hand, the same node twice", byHand([2, 2])),
  creates("on three nodes", "refused: by hand, a node that is not there", byHand([1, 4])),
  creates("on three nodes", "refused: by hand, other factors", byHand([1, 2], [3])),
  creates("on three nodes", "refused: by hand, a partition left out", {
    assignments: [{ partitionIndex: 0, brokerIds: [1] }, { partitionIndex: 2, brokerIds: [2] }],
  }),
  creates("on three nodes", "refused: by hand, with a factor", { ...byHand([1, 2]), replicationFactor: 2 }),
  creates("on three nodes", "refused: by hand, with a count", { ...byHand([1, 2]), numPartitions: 1 }),
  ...[
    ["one node too few", [[1]]],
    ["as before", [[3, 1]]],
    ["a node that is not there", [[3, 5]]],
    ["the same node twice", [[3, 3]]],
    ["anywhere", null],
  ].map(([name, brokers]) =>
    ask("CreatePartitions", `on three nodes: ${name}`, {
      topics: [{
        name: "p{run}",
        count: 3,
        assignments: brokers === null ? null : (brokers as number[][]).map((brokerIds) => ({ brokerIds })),
      }],
      timeoutMs: 10_000,
    }, {
      versions: "3",
      before: placed("p{run}", "topicId", [[1, 2], [2, 3]]),
      after: [{
        ...told("p{run}"),
        ...(brokers === null ? { see: factors } : {}),
        until: (answer) => name !== "as before" && name !== "anywhere" || (at(answer, "topics/0/partitions") as Plain[]).length === 3,
      }],
    })
  ),
];

/** Followers learn of a high watermark with their next fetch. */
const known = { until: has("responses/0/partitions/0/highWatermark", 5) };

const elsewhere: readonly History[] = [
  ask("Produce", "to a follower", toTopic("thrice", 1), { node: 1 }),
  ask("Produce", "to a follower, with acks=1", { ...toTopic("thrice", 1), acks: 1 }, { node: 3 }),
  ask("Produce", "to who has no replica", toTopic("twice", 0), { node: 3 }),
  ask("Produce", "to a follower of three", toTopic("all", 0, 1, 2), { node: 2, see: errorsOfProduce }),
  ...[1, 2, 3].map((node) =>
    ask("Fetch", `of a partition of three, node ${node}`, fromTopic("thrice", 0), { node, versions: "11+", ...known })
  ),
  ...[2, 3].map((node) =>
    ask("Fetch", `of a partition of three, by an old client, node ${node}`, fromTopic("thrice", 0), { node, versions: "0-10" })
  ),
  ask("Fetch", "of who has no replica", fromTopic("twice", 0), { node: 3 }),
  ask("Fetch", "of a follower, beyond its end", fromTopic("thrice", 0, {}, { fetchOffset: 50n }), { node: 2, versions: "11+" }),
  ask("Fetch", "of a follower, in an epoch to come", fromTopic("thrice", 0, {}, { currentLeaderEpoch: 9 }), { node: 2, versions: "11+" }),
  ask("Fetch", "of a follower, what is committed", fromTopic("thrice", 0, { isolationLevel: 1 }), { node: 3, versions: "11+", ...known }),
  ...["a", "b", "c", "z", ""].flatMap((rackId) =>
    [1, 2].map((node) =>
      ask("Fetch", `in rack ${rackId || "none"}, node ${node}`, fromTopic("thrice", 0, { rackId }), { node, versions: "11+", ...known })
    )
  ),
  ask("Fetch", "in rack b, at the end", fromTopic("thrice", 0, { rackId: "b" }, { fetchOffset: 5n }), { versions: "11+" }),
  ask("Fetch", "in rack b, beyond the end", fromTopic("thrice", 0, { rackId: "b" }, { fetchOffset: 6n }), { versions: "11+" }),
  ask("Fetch", "in a rack without a replica", fromTopic("twice", 0, { rackId: "c" }), { versions: "11+" }),
  ...[2, 3].flatMap((node) => atNode("while all run", node, "twice", 0)),
];

const member: Fields = { groupId: "any", generationId: 1, memberId: "nobody" };
const transaction: Fields = { transactionalId: "any", producerId: "$anyProducer", producerEpoch: 0 };
const commit = { name: "thrice", topicId: "$thriceId", partitions: [{ partitionIndex: 0, committedOffset: 1 }] };

const coordinators: readonly History[] = [
  ...[1, 3].flatMap((node) => [
    ask("OffsetCommit", `node ${node} does not coordinate`, { groupId: "any", generationIdOrMemberEpoch: -1, topics: [commit] }, { node }),
    ask("OffsetFetch", `node ${node} does not coordinate`, {
      groupId: "any",
      topics: [{ name: "thrice", partitionIndexes: [0] }],
      groups: [{ groupId: "any", topics: [{ name: "thrice", topicId: "$thriceId", partitionIndexes: [0] }] }],
    }, { node }),
    ask("JoinGroup", `node ${node} does not coordinate`, {
      groupId: "any",
      sessionTimeoutMs: 30_000,
      rebalanceTimeoutMs: 30_000,
      protocolType: "consumer",
      protocols: [{ name: "range", metadata: SUBSCRIPTION }],
    }, { node }),
    ask("SyncGroup", `node ${node} does not coordinate`, { ...member, protocolType: "consumer", protocolName: "range" }, { node }),
    ask("Heartbeat", `node ${node} does not coordinate`, member, { node }),
    ask("LeaveGroup", `node ${node} does not coordinate`, { groupId: "any", memberId: "one", members: [{ memberId: "one" }] }, { node }),
    ask("DescribeGroups", `node ${node} does not coordinate`, { groups: ["any"] }, { node }),
    ask("DeleteGroups", `node ${node} does not coordinate`, { groupsNames: ["none"] }, { node }),
    ask("OffsetDelete", `node ${node} does not coordinate`, {
      groupId: "any",
      topics: [{ name: "thrice", partitions: [{ partitionIndex: 0 }] }],
    }, { node }),
    ask("TxnOffsetCommit", `node ${node} does not coordinate`, {
      ...transaction,
      groupId: "any",
      generationId: -1,
      topics: [{ name: "thrice", partitions: [{ partitionIndex: 0, committedOffset: 1 }] }],
    }, { node, versions: "0-4" }),
  ]),
  ...[1, 2].flatMap((node) => [
    ask("InitProducerId", `node ${node} does not coordinate`, { transactionalId: "any", transactionTimeoutMs: 60_000 }, { node }),
    ask("AddPartitionsToTxn", `node ${node} does not coordinate`, {
      transactions: [{ ...transaction, verifyOnly: false, topics: [{ name: "thrice", partitions: [0] }] }],
      v3AndBelowTransactionalId: "any",
      v3AndBelowProducerId: "$anyProducer",
      v3AndBelowProducerEpoch: 0,
      v3AndBelowTopics: [{ name: "thrice", partitions: [0] }],
    }, { node }),
    ask("AddOffsetsToTxn", `node ${node} does not coordinate`, { ...transaction, groupId: "any" }, { node }),
    ask("EndTxn", `node ${node} does not coordinate`, { ...transaction, committed: true }, { node }),
    ask("DescribeTransactions", `node ${node} does not coordinate`, { transactionalIds: ["any"] }, { node }),
  ]),
  ...askEach("ListGroups", "of three nodes", {}),
  ...askEach("ListTransactions", "of three nodes", {}, { unordered: ["transactionStates"] }),
];

const resource = (resourceType: number, resourceName: string, ...names: readonly string[]): Fields => ({
  resources: [{ resourceType, resourceName, configurationKeys: names }],
  includeSynonyms: true,
});
const BROKER = 4;
const LOGGER = 8;
const keyedConfigs = { keyed: { configs: "name" } } as const;
const setsOf = (resourceName: string, value: string | null): Fields => ({
  resources: [{
    resourceType: BROKER,
    resourceName,
    configs: [{ name: "log.cleaner.threads", configOperation: value === null ? 1 : 0, value }],
  }],
});
const threads = (node: number, resourceName: string): Step => ({
  api: "DescribeConfigs",
  node,
  request: resource(BROKER, resourceName, "log.cleaner.threads"),
  ...keyedConfigs,
});

const configs: readonly History[] = [
  ...NODES.flatMap((node) =>
    NODES.map((of) =>
      ask("DescribeConfigs", `of node ${of}, node ${node}`, resource(BROKER, `${of}`, "node.id", "broker.rack", "broker.id"), {
        node,
        ...keyedConfigs,
      })
    )
  ),
  ...askEach("DescribeConfigs", "of all nodes", resource(BROKER, "", "broker.rack", "log.cleaner.threads"), keyedConfigs),
  ask("DescribeConfigs", "of a node that is not there", resource(BROKER, "4"), { node: 2 }),
  ...[1, 2].map((node) =>
    ask("DescribeConfigs", `loggers of node 2, node ${node}`, resource(LOGGER, "2", "root"), { node, see: errorsOfConfigs })
  ),
  {
    name: "IncrementalAlterConfigs: of one node among three",
    api: "IncrementalAlterConfigs",
    versions: "1",
    steps: [
      { api: "IncrementalAlterConfigs", node: 1, request: setsOf("2", "2") },
      { api: "IncrementalAlterConfigs", node: 2, request: setsOf("2", "2") },
      {
        ...threads(2, "2"),
        until: has("results/0/configs/0/value", "2"),
      },
      threads(1, "1"),
      threads(3, "3"),
      threads(3, ""),
      { api: "IncrementalAlterConfigs", node: 2, request: setsOf("2", null) },
      { ...threads(2, "2"), until: has("results/0/configs/0/value", "1") },
      { api: "IncrementalAlterConfigs", node: 1, request: setsOf("9", "2") },
    ],
  },
];

function errorsOfConfigs(answer: Plain): Plain {
  const { results } = answer as unknown as { results: { errorCode: number; configs: Plain[] }[] };
  return results.map(({ errorCode, configs }) => ({ errorCode, configs: configs.length }));
}

/** All nodes run. */
export const whileAllRun: readonly History[] = [
  ...views("while all run", NODES),
  ...directories,
  ...creations,
  ...elsewhere,
  ...coordinators,
  ...reassignments,
  ...elections,
  ...configs,
];
