import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ErrorCode, errorName } from "../../protocol/errors.ts";
import { KafkaError } from "../kafka_error.ts";
import { Catalogue } from "./catalogue.ts";
import { decideGrowths } from "./create_partitions.ts";
import { newPartitionRecords } from "./replica_assignment.ts";

const NODES = { nodeIds: [1, 2, 3], isRunning: () => true };

/** A catalogue whose topics have these replicas. */
function catalogue(topics: Readonly<Record<string, readonly (readonly number[])[]>>): Catalogue {
  const made = new Catalogue();
  for (const [index, [name, replicas]] of Object.entries(topics).entries()) {
    const topicId = `${index}`.padStart(22, "A");
    made.replay({ type: "TopicRecord", data: { name, topicId } });
    newPartitionRecords(topicId, 0, replicas).forEach((record) => made.replay(record));
  }
  return made;
}

const one = () => catalogue({ t: [[1, 2], [2, 3]], __consumer_offsets: [[1]] });
const assigned = (...brokers: readonly number[][]) => brokers.map((brokerIds) => ({ brokerIds }));

describe("decideGrowths", () => {
  it("adds partitions with as many replicas as the topic's first, and leaves the others alone", () => {
    const topics = one();
    const before = [...topics.topic("t")!.partitions];
    const [{ errorCode, errorMessage, records }] = decideGrowths(topics, [{ name: "t", count: 4, assignments: null }], NODES);
    assert.deepEqual([errorCode, errorMessage], [ErrorCode.NONE, null]);
    records.forEach((record) => topics.replay(record));
    const { partitions } = topics.topic("t")!;
    assert.deepEqual(partitions.slice(0, 2), before);
    assert.deepEqual(partitions.map(({ replicas }) => replicas), [[1, 2], [2, 3], [3, 1], [1, 2]]);
    const nobody = { addingReplicas: [], removingReplicas: [], elr: [], lastKnownElr: [] };
    const led = { leader: 1, leaderEpoch: 0, partitionEpoch: 0 };
    assert.deepEqual(partitions[3], { partition: 3, replicas: [1, 2], isr: [1, 2], ...nobody, ...led });
  });

  it("assigns new partitions as it is told to", () => {
    const topics = one();
    const [{ records }] = decideGrowths(topics, [{ name: "t", count: 4, assignments: assigned([3, 1], [2, 1]) }], NODES);
    records.forEach((record) => topics.replay(record));
    assert.deepEqual(topics.topic("t")!.partitions.map(({ replicas, leader }) => [leader, replicas]), [
      [1, [1, 2]],
      [2, [2, 3]],
      [3, [3, 1]],
      [2, [2, 1]],
    ]);
  });

  const refusals: readonly [what: string, name: string, count: number, assignments: number[][] | null, code: number][] = [
    ["as many as there are", "t", 2, null, ErrorCode.INVALID_PARTITIONS],
    ["fewer", "t", 1, null, ErrorCode.INVALID_PARTITIONS],
    ["less than none", "t", -1, null, ErrorCode.INVALID_PARTITIONS],
    ["fewer before anything about assignments", "t", 2, [[9]], ErrorCode.INVALID_PARTITIONS],
    ["too few assignments", "t", 4, [[1, 2]], ErrorCode.INVALID_REPLICA_ASSIGNMENT],
    ["too many assignments, though the number is beyond all limits", "t", 2 ** 31 - 1, [[1, 2]], ErrorCode.INVALID_REPLICA_ASSIGNMENT],
    ["no assignments", "t", 3, [], ErrorCode.INVALID_REPLICA_ASSIGNMENT],
    ["an assignment to nobody", "t", 3, [[]], ErrorCode.INVALID_REPLICA_ASSIGNMENT],
    ["an assignment to a stranger", "t", 3, [[1, 9]], ErrorCode.INVALID_REPLICA_ASSIGNMENT],
    ["an assignment to a broker twice", "t", 3, [[1, 1]], ErrorCode.INVALID_REPLICA_ASSIGNMENT],
    ["fewer replicas than the others have", "t", 3, [[1]], ErrorCode.INVALID_REPLICA_ASSIGNMENT],
    ["more replicas than the others have", "t", 4, [[1, 2], [1, 2, 3]], ErrorCode.INVALID_REPLICA_ASSIGNMENT],
    ["a topic that is not there", "u", 3, null, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
    ["the offsets' topic, whose groups would be lost", "__consumer_offsets", 2, null, ErrorCode.INVALID_REQUEST],
    ["fewer for the offsets' topic", "__consumer_offsets", 1, null, ErrorCode.INVALID_PARTITIONS],
  ];
  for (const [what, name, count, assignments, code] of refusals) {
    it(`refuses ${what}, and not what is asked beside it`, () => {
      const topics = catalogue({ t: [[1, 2], [2, 3]], __consumer_offsets: [[1]], other: [[1]] });
      const wanted = [{ name, count, assignments: assignments && assigned(...assignments) }, {
        name: "other",
        count: 2,
        assignments: null,
      }];
      const [refused, other] = decideGrowths(topics, wanted, NODES);
      assert.deepEqual([refused.name, errorName(refused.errorCode), refused.records], [name, errorName(code), []]);
      assert.deepEqual([errorName(other.errorCode), other.records.length], ["NONE", 1]);
    });
  }

  it("refuses more partitions than one request may ask for", () => {
    const topics = catalogue({ t: [[1]], u: [[1]] });
    const grown = (t: number, u: number) =>
      decideGrowths(topics, [{ name: "t", count: t, assignments: null }, { name: "u", count: u, assignments: null }], NODES);
    assert.deepEqual(grown(5_001, 5_001).map(({ records }) => records.length), [5_000, 5_000]);
    for (const [t, u] of [[5_001, 5_002], [2 ** 31 - 1, 2]]) {
      assert.throws(() => grown(t, u), (error) => error instanceof KafkaError && error.code === ErrorCode.POLICY_VIOLATION);
    }
  });
});
