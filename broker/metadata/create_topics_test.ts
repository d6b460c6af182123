import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ErrorCode, errorName } from "../../protocol/errors.ts";
import type { CreatableTopic } from "../../protocol/generated/19_create_topics.ts";
import { Catalogue, ConfigResourceType } from "./catalogue.ts";
import { type Creation, type CreationRules, decideCreations } from "./create_topics.ts";

function rules(overrides: Partial<CreationRules> = {}): CreationRules {
  let created = 0;
  return {
    isRunning: () => true,
    nodeIds: [1],
    numPartitions: 2,
    defaultReplicationFactor: 1,
    clampReplicationFactor: false,
    invalidConfigs: (configs) => configs.has("wrong") ? "wrong is wrong" : null,
    newTopicId: () => `${created++}`.padStart(22, "A"),
    ...overrides,
  };
}

function asked(name: string, overrides: Partial<CreatableTopic> = {}): CreatableTopic {
  return { name, numPartitions: -1, replicationFactor: -1, assignments: [], configs: [], ...overrides };
}

function outcomes(creations: readonly Creation[]): string[] {
  return creations.map(({ name, errorCode }) => `${name}: ${errorName(errorCode)}`);
}

const NAME = "a".repeat(249);

describe("creating topics", () => {
  const refusals: [what: string, topic: CreatableTopic, code: number][] = [
    ["an empty name", asked(""), ErrorCode.INVALID_TOPIC_EXCEPTION],
    ["the name .", asked("."), ErrorCode.INVALID_TOPIC_EXCEPTION],
    ["a name with a blank", asked("a b"), ErrorCode.INVALID_TOPIC_EXCEPTION],
    ["a name of 250 characters", asked(NAME + "a"), ErrorCode.INVALID_TOPIC_EXCEPTION],
    ["a name that differs from another only in . and _", asked("old.topic"), ErrorCode.INVALID_TOPIC_EXCEPTION],
    ["a name that is taken", asked("old_topic"), ErrorCode.TOPIC_ALREADY_EXISTS],
    ["the metadata topic", asked("__cluster_metadata"), ErrorCode.INVALID_REQUEST],
    ["no partitions", asked("t", { numPartitions: 0 }), ErrorCode.INVALID_PARTITIONS],
    ["minus two partitions", asked("t", { numPartitions: -2 }), ErrorCode.INVALID_PARTITIONS],
    ["no replicas", asked("t", { replicationFactor: 0 }), ErrorCode.INVALID_REPLICATION_FACTOR],
    ["more replicas than nodes", asked("t", { replicationFactor: 2 }), ErrorCode.INVALID_REPLICATION_FACTOR],
    ["a wrong config", asked("t", { configs: [{ name: "wrong", value: "1" }] }), ErrorCode.INVALID_CONFIG],
    [
      "an assignment and a partition count",
      asked("t", { numPartitions: 1, assignments: [{ partitionIndex: 0, brokerIds: [1] }] }),
      ErrorCode.INVALID_REQUEST,
    ],
    [
      "an assignment and a factor",
      asked("t", { replicationFactor: 1, assignments: [{ partitionIndex: 0, brokerIds: [1] }] }),
      ErrorCode.INVALID_REQUEST,
    ],
    [
      "an assignment that begins at 1",
      asked("t", { assignments: [{ partitionIndex: 1, brokerIds: [1] }] }),
      ErrorCode.INVALID_REPLICA_ASSIGNMENT,
    ],
    ["an assignment to nobody", asked("t", { assignments: [{ partitionIndex: 0, brokerIds: [] }] }), ErrorCode.INVALID_REPLICA_ASSIGNMENT],
    [
      "an assignment to a stranger",
      asked("t", { assignments: [{ partitionIndex: 0, brokerIds: [7] }] }),
      ErrorCode.INVALID_REPLICA_ASSIGNMENT,
    ],
    [
      "an assignment to one broker twice",
      asked("t", { assignments: [{ partitionIndex: 0, brokerIds: [1, 1] }] }),
      ErrorCode.INVALID_REPLICA_ASSIGNMENT,
    ],
  ];
  const existing = new Catalogue();
  decideCreations(existing, [asked("old_topic")], rules())[0].records.forEach((record) => existing.replay(record));

  for (const [what, topic, code] of refusals) {
    it(`refuses ${what} and writes nothing`, () => {
      const [creation] = decideCreations(existing, [topic], rules());
      assert.equal(errorName(creation.errorCode), errorName(code));
      assert.ok(creation.errorMessage);
      assert.deepEqual(creation.records, []);
    });
  }

  it("answers each topic by itself, and a name asked for twice once", () => {
    const creations = decideCreations(
      existing,
      [asked("a"), asked("b"), asked(""), asked("b"), asked(NAME), asked("c.d"), asked("c_d")],
      rules(),
    );
    assert.deepEqual(outcomes(creations), [
      "a: NONE",
      "b: INVALID_REQUEST",
      ": INVALID_TOPIC_EXCEPTION",
      `${NAME}: NONE`,
      "c.d: NONE",
      // As in Kafka: only what is there already is in the way.
      "c_d: NONE",
    ]);
  });

  it("refuses a whole request that asks for more than 10,000 partitions, or needs more than 10,000 records", () => {
    const assigned = Array.from({ length: 5_001 }, (_, partitionIndex) => ({ partitionIndex, brokerIds: [1] }));
    const requests: [CreatableTopic[], Partial<CreationRules>][] = [
      [[asked("a", { numPartitions: 5_000 }), asked("b", { assignments: assigned }), asked("")], {}],
      [[asked("a"), asked("b")], { numPartitions: 5_001 }],
      [[asked("a", { numPartitions: 10_000 })], {}],
      [[asked("a", { numPartitions: 9_998, configs: [{ name: "retention.ms", value: "5" }] }), asked("b", { numPartitions: 1 })], {}],
      // What is refused by itself counts as partitions, but needs no records; a name that comes twice counts for nothing.
      [[asked("a", { numPartitions: 9_999 }), asked("b", { numPartitions: 1, replicationFactor: 2 })], {}],
      [[
        asked("a", { numPartitions: 9_999 }),
        asked("b", { numPartitions: 9 }),
        asked("b", { numPartitions: 9 }),
        asked("c", { numPartitions: -3 }),
      ], {}],
    ];
    assert.deepEqual(requests.map(([topics, changes]) => outcomes(decideCreations(existing, topics, rules(changes)))), [
      ["a: POLICY_VIOLATION", "b: POLICY_VIOLATION", ": POLICY_VIOLATION"],
      ["a: POLICY_VIOLATION", "b: POLICY_VIOLATION"],
      ["a: POLICY_VIOLATION"],
      ["a: POLICY_VIOLATION", "b: POLICY_VIOLATION"],
      ["a: NONE", "b: INVALID_REPLICATION_FACTOR"],
      ["a: NONE", "b: INVALID_REQUEST", "c: INVALID_PARTITIONS"],
    ]);
  });

  it("writes records from which the catalogue is the same again", () => {
    const topics = [
      asked("plain"),
      asked("spread", {
        numPartitions: 3,
        replicationFactor: 2,
        configs: [{ name: "retention.ms", value: "5" }, { name: "none", value: null }],
      }),
      asked("assigned", { assignments: [{ partitionIndex: 1, brokerIds: [2] }, { partitionIndex: 0, brokerIds: [1] }] }),
    ];
    const creations = decideCreations(new Catalogue(), topics, rules({ nodeIds: [1, 2] }));
    const catalogue = new Catalogue();
    creations.flatMap(({ records }) => records).forEach((record) => catalogue.replay(record));
    assert.deepEqual([...catalogue.topics()].map(({ name, partitions }) => [name, partitions.map(({ replicas }) => replicas)]), [
      ["plain", [[1], [2]]],
      ["spread", [[1, 2], [2, 1], [1, 2]]],
      ["assigned", [[1], [2]]],
    ]);
    assert.deepEqual([...catalogue.configs(ConfigResourceType.TOPIC, "spread")], [["retention.ms", "5"]]);
    assert.deepEqual([creations[1].numPartitions, creations[1].replicationFactor], [3, 2]);
  });
});

describe("catalogue", () => {
  it("raises the leader epoch only when a leader is named, the partition epoch always", () => {
    const catalogue = new Catalogue();
    const [{ records, topicId }] = decideCreations(catalogue, [asked("t", { numPartitions: 1 })], rules());
    records.forEach((record) => catalogue.replay(record));
    catalogue.replay({ type: "PartitionChangeRecord", data: { partitionId: 0, topicId, isr: [1] } });
    catalogue.replay({ type: "PartitionChangeRecord", data: { partitionId: 0, topicId, leader: 1 } });
    const [{ leader, leaderEpoch, partitionEpoch }] = catalogue.topic("t")!.partitions;
    assert.deepEqual([leader, leaderEpoch, partitionEpoch], [1, 1, 2]);
  });

  it("forgets a removed topic with its configuration", () => {
    const catalogue = new Catalogue();
    const [{ records, topicId }] = decideCreations(catalogue, [asked("t", { configs: [{ name: "retention.ms", value: "5" }] })], rules());
    records.forEach((record) => catalogue.replay(record));
    catalogue.replay({ type: "RemoveTopicRecord", data: { topicId } });
    assert.equal(catalogue.topic("t"), undefined);
    assert.equal(catalogue.topicById(topicId), undefined);
    assert.equal(catalogue.configs(ConfigResourceType.TOPIC, "t").size, 0);
  });

  it("stops at a record about a topic that it does not know", () => {
    const change = { type: "PartitionChangeRecord", data: { partitionId: 0, topicId: "A".repeat(22), leader: 1 } } as const;
    assert.throws(() => new Catalogue().replay(change), /does not exist/);
  });
});
