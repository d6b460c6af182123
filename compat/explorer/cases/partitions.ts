/** More partitions for topics that are there: what Kafka's source can answer to CreatePartitions, what provokes it, and what is told afterwards. */
import { batchOf } from "../../../broker/testing/requests.ts";
import { ask, type Fields, type History, type Step, type Value } from "../history.ts";
import { topic } from "./fixture.ts";

const UNKNOWN_TOPIC_OR_PARTITION = 3;
const LEADER_NOT_AVAILABLE = 5;
const NOT_LEADER_OR_FOLLOWER = 6;
const notThereYet = { whileError: [UNKNOWN_TOPIC_OR_PARTITION, LEADER_NOT_AVAILABLE, NOT_LEADER_OR_FOLLOWER] };

const to = (...brokers: readonly (readonly number[])[]): Value => brokers.map((brokerIds) => ({ brokerIds }));

/** Kafka's answers come out of a hash table. */
const unordered = { unordered: ["results"] };

/** `stock` has two partitions, and keeps them: these are only checked. */
function checks(name: string, ...topics: readonly Fields[]): History {
  const request = { topics: topics.map((one) => ({ name: "stock", assignments: null, ...one })), timeoutMs: 5_000, validateOnly: true };
  return ask("CreatePartitions", name, request, unordered);
}

/** The partitions of `g{run}` up to `count`, once Kafka's broker has heard of them; the last of them takes records. */
const told = (count: number): readonly Step[] => [
  {
    api: "ListOffsets",
    version: 6,
    request: {
      replicaId: -1,
      topics: [{ name: "g{run}", partitions: Array.from({ length: count }, (_, i) => ({ partitionIndex: i, timestamp: -1n })) }],
    },
    keyed: { partitions: "partitionIndex" },
    ...notThereYet,
  },
  {
    api: "Metadata",
    version: 12,
    request: { topics: [{ name: "g{run}" }], allowAutoTopicCreation: false },
    keyed: { partitions: "partitionIndex" },
    own: ["topics"],
  },
  {
    api: "Produce",
    version: 9,
    request: {
      acks: -1,
      timeoutMs: 5_000,
      topicData: [{ name: "g{run}", partitionData: [{ index: count - 1, records: batchOf(["one", "two"]) }] }],
    },
    ...notThereYet,
  },
];

function grows(name: string, wanted: Fields, partitions: number, before: readonly Step[] = topic("g{run}", "topicId")): History {
  const request = { topics: [{ name: "g{run}", assignments: null, ...wanted }], timeoutMs: 5_000 };
  return { ...ask("CreatePartitions", name, request, { before, after: told(partitions) }), sampled: true };
}

const unknown: Fields = { name: "none{run}", count: 3 };

export const partitionHistories: readonly History[] = [
  grows("two more", { count: 3 }, 3),
  grows("as many as there are", { count: 1 }, 1),
  grows("one, assigned", { count: 2, assignments: to([1]) }, 2),
  checks("10,000 more", { count: 10_002 }),
  checks("10,001 more", { count: 10_003 }),
  checks("three", { count: 3 }),
  checks("two of two", { count: 2 }),
  checks("one of two", { count: 1 }),
  checks("none", { count: 0 }),
  checks("less than none", { count: -1 }),
  checks("assigned", { count: 4, assignments: to([1], [1]) }),
  checks("too few assignments", { count: 4, assignments: to([1]) }),
  checks("too many assignments", { count: 3, assignments: to([1], [1]) }),
  checks("no assignments", { count: 3, assignments: to() }),
  checks("assignments, but nothing to assign", { count: 2, assignments: to() }),
  checks("assigned to nobody", { count: 3, assignments: to([]) }),
  checks("assigned to a broker that is not there", { count: 3, assignments: to([9]) }),
  checks("assigned to a negative broker", { count: 3, assignments: to([-1]) }),
  checks("assigned to the same broker twice", { count: 3, assignments: to([1, 1]) }),
  checks("assigned to more brokers than the others", { count: 3, assignments: to([1, 2]) }),
  checks("a topic that is not there", unknown),
  checks("a name that none can have", { name: "a b", count: 3 }),
  checks("no name", { name: "", count: 3 }),
  checks("the metadata", { name: "__cluster_metadata", count: 3 }),
  checks("the offsets", { name: "__consumer_offsets", count: 3 }),
  checks("the same topic twice", { count: 3 }, { count: 4 }),
  checks("the same topic three times, and one that is not there", { count: 3 }, { count: 4 }, unknown, { count: 3 }),
  checks("several that fail and one that does not", unknown, { count: 3 }, { name: "a b", count: 1 }),
  checks("no topic"),
  checks("too few, and assigned to a broker that is not there", { count: 1, assignments: to([9]) }),
  checks("the metadata, assigned", { name: "__cluster_metadata", count: 3, assignments: to([1]) }),
  checks("the second assigned to a broker that is not there", { count: 4, assignments: to([1], [9]) }),
  checks("a topic that is not there, assigned", { ...unknown, assignments: to([1]) }),
  grows("two, assigned, one after the other", { count: 3, assignments: to([1]) }, 3, [
    ...topic("g{run}", "topicId"),
    { api: "CreatePartitions", version: 3, request: { topics: [{ name: "g{run}", count: 2, assignments: to([1]) }], timeoutMs: 5_000 } },
  ]),
];
