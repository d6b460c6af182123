/** Partitions that are added, and pages of partitions. */
import type { ClientName } from "../drivers/driver.ts";
import type { RowScenario, Step } from "../steps/step.ts";
import { create, inPartition } from "./common.ts";

const area = "administration";

const three: Step = { op: "produce", topic: "t", records: inPartition(0, "a", "b", "c") };
const remains = (partitions: number): Step => ({ op: "describeTopic", topic: "t", expect: { partitions }, within: 5_000 });

type Assignments = Extract<Step, { op: "createTopic" }>["assignments"];

const wrong: readonly (readonly [what: string, count: number, error: string, assignments?: Assignments])[] = [
  ["as many partitions as it has", 2, "INVALID_PARTITIONS"],
  ["no partitions", 0, "INVALID_PARTITIONS"],
  ["replicas for fewer partitions than are added", 4, "INVALID_REPLICA_ASSIGNMENT", [["broker"]]],
  ["replicas for more partitions than are added", 3, "INVALID_REPLICA_ASSIGNMENT", [["broker"], ["broker"]]],
  ["a partition on a broker that is not there", 3, "INVALID_REPLICA_ASSIGNMENT", [[77]]],
  ["a partition twice on a broker", 3, "INVALID_REPLICA_ASSIGNMENT", [["broker", "broker"]]],
  ["a partition of more replicas than the others", 4, "INVALID_REPLICA_ASSIGNMENT", [["broker"], ["broker", 77]]],
];

/** What these clients refuse themselves. */
const withoutAsking: Readonly<Record<string, readonly ClientName[]>> = {
  "no partitions": ["java", "franz-go", "kafkajs"],
  "replicas for fewer partitions than are added": ["java", "franz-go", "kafkajs", "platformatic"],
  "replicas for more partitions than are added": ["java", "franz-go", "kafkajs", "platformatic"],
};

const added: readonly Omit<RowScenario, "area">[] = [
  ...wrong.map(([what, count, error, assignments]): Omit<RowScenario, "area"> => ({
    name: `a topic is not given ${what}`,
    features: ["CreatePartitions"],
    ...(withoutAsking[what] === undefined ? {} : { clients: withoutAsking[what] }),
    steps: [
      create("t", 2),
      { op: "createPartitions", topic: "t", count, ...(assignments === undefined ? {} : { assignments }), error },
      remains(2),
    ],
  })),
  {
    name: "a topic that is not there gets no partitions",
    features: ["CreatePartitions"],
    steps: [{ op: "createPartitions", topic: "nowhere", count: 3, error: "UNKNOWN_TOPIC_OR_PARTITION" }],
  },
  {
    name: "more partitions are refused with validate_only as without",
    features: ["CreatePartitions"],
    steps: [create("t", 2), { op: "createPartitions", topic: "t", count: 1, validateOnly: true, error: "INVALID_PARTITIONS" }],
  },
  {
    name: "partitions are added where they are told to be, and take records",
    features: ["CreatePartitions"],
    clients: ["java", "librdkafka", "franz-go", "kafkajs"],
    steps: [
      create("t", 1),
      { op: "createPartitions", topic: "t", count: 3, assignments: [["broker"], ["broker"]] },
      { op: "describeTopic", topic: "t", expect: { partitions: 3, leader: { $kept: "broker.id" } }, within: 5_000 },
      { op: "listOffsets", topic: "t", partition: 2, at: "latest", expect: { offset: 0 }, within: 5_000 },
      { op: "produce", topic: "t", records: inPartition(2, "a"), expect: [0], within: 5_000 },
    ],
  },
  {
    name: "records stay where they are when partitions are added",
    features: ["CreatePartitions"],
    steps: [
      create("t", 1),
      three,
      { op: "createPartitions", topic: "t", count: 2 },
      remains(2),
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 3, expect: ["a", "b", "c"] },
      { op: "listOffsets", topic: "t", partition: 1, at: "latest", expect: { offset: 0 }, within: 5_000 },
    ],
  },
  {
    name: "partitions that were added are there after kill -9, and take records",
    features: ["CreatePartitions", "durability"],
    clients: ["java", "franz-go"],
    steps: [
      create("t", 1),
      { op: "createPartitions", topic: "t", count: 3 },
      remains(3),
      { op: "killBroker" },
      { op: "describeTopic", topic: "t", expect: { partitions: 3 }, within: 15_000 },
      { op: "produce", topic: "t", records: inPartition(2, "a"), expect: [0], within: 15_000 },
    ],
  },
  {
    name: "a topic of added partitions that is made anew has as many as it is made with",
    features: ["CreatePartitions", "DeleteTopics"],
    clients: ["java", "franz-go", "librdkafka"],
    steps: [
      create("t", 1),
      { op: "createPartitions", topic: "t", count: 5 },
      remains(5),
      { op: "deleteTopic", topic: "t" },
      { op: "createTopic", topic: "t", partitions: 2, replicas: 1, within: 10_000 },
      { op: "describeTopic", topic: "t", expect: { partitions: 2 }, within: 10_000 },
    ],
  },
];

const page = (step: Omit<Extract<Step, { op: "describePage" }>, "op">): Step => ({ op: "describePage", within: 5_000, ...step });

const pages: readonly Omit<RowScenario, "area">[] = [
  {
    name: "pages go through topics in the order of their names, and tell where the next begins",
    features: ["KIP-966"],
    steps: [
      create("b", 3),
      create("a", 2),
      page({ topics: ["b", "a"], limit: 3, expect: { found: ["a-0", "a-1", "b-0"], next: { topic: "b", partition: 1 } } }),
      page({ topics: ["b", "a"], limit: 3, cursor: { topic: "b", partition: 1 }, expect: { found: ["b-1", "b-2"], next: null } }),
    ],
  },
  {
    name: "a page that ends with a topic names the next topic",
    features: ["KIP-966"],
    steps: [
      create("a", 2),
      create("b", 1),
      page({ topics: ["a", "b"], limit: 2, expect: { found: ["a-0", "a-1"], next: { topic: "b", partition: 0 } } }),
    ],
  },
  {
    name: "topics that are not there take no room on a page",
    features: ["KIP-966"],
    steps: [
      create("a", 1),
      create("c", 2),
      page({
        topics: ["a", "b", "c"],
        limit: 2,
        expect: { found: ["a-0", "b: UNKNOWN_TOPIC_OR_PARTITION", "c-0"], next: { topic: "c", partition: 1 } },
      }),
    ],
  },
  {
    name: "a topic that is asked for twice is on the page once",
    features: ["KIP-966"],
    steps: [create("a", 2), page({ topics: ["a", "a"], limit: 9, expect: { found: ["a-0", "a-1"], next: null } })],
  },
  {
    name: "a page has a partition, also where none is asked for",
    features: ["KIP-966"],
    steps: [create("a", 2), page({ topics: ["a"], limit: 0, expect: { found: ["a-0"], next: { topic: "a", partition: 1 } } })],
  },
  {
    name: "a page cannot begin at a topic that is not asked for",
    features: ["KIP-966"],
    steps: [create("a", 2), page({ topics: ["a"], limit: 9, cursor: { topic: "b", partition: 0 }, error: "INVALID_REQUEST" })],
  },
  {
    name: "a page cannot begin before a topic's first partition",
    features: ["KIP-966"],
    steps: [create("a", 2), page({ topics: ["a"], limit: 9, cursor: { topic: "a", partition: -1 }, error: "INVALID_REQUEST" })],
  },
];

export const partitionsRows: readonly RowScenario[] = [...added, ...pages].map((each) => ({ ...each, area }));
