import type { RowScenario, Step } from "../steps/step.ts";
import { create, inPartition } from "./common.ts";

const area = "commits";

/** An administrator of librdkafka that loses its broker may wait for an answer for good, or take its process with it. */
const OTHERS = ["java", "franz-go", "kafkajs", "platformatic"] as const;

const five: Step = { op: "produce", topic: "t", records: inPartition(0, "a", "b", "c", "d", "e") };
const join: Step = { op: "join", member: "m", group: "g", topics: ["t"] };
const ready: Step = { op: "status", member: "m", expect: { assigned: { $not: [] } }, within: 25_000 };

function offsetIs(offset: number): Step {
  return { op: "groupOffsets", group: "g", expect: [{ topic: "t", partition: 0, offset }], within: 10_000 };
}

function alter(offset: number): Step {
  return { op: "alterGroupOffsets", group: "g", offsets: [["t", 0, offset]] };
}

export const commitsRows: readonly RowScenario[] = [
  {
    name: "a commit is told by OffsetFetch",
    area,
    features: ["OffsetCommit", "OffsetFetch"],
    steps: [create(), five, join, ready, { op: "commit", member: "m", offsets: [["t", 0, 3]] }, offsetIs(3)],
  },
  {
    name: "the next member begins where the last one committed",
    area,
    features: ["OffsetCommit"],
    steps: [
      create(),
      five,
      join,
      { op: "poll", member: "m", count: 5, expect: ["a", "b", "c", "d", "e"] },
      { op: "commit", member: "m", offsets: [["t", 0, 3]] },
      { op: "leave", member: "m" },
      { op: "join", member: "n", group: "g", topics: ["t"] },
      { op: "poll", member: "n", count: 2, expect: ["d", "e"] },
    ],
  },
  {
    name: "automatic commits follow what was delivered",
    area,
    features: ["enable.auto.commit"],
    steps: [
      create(),
      five,
      { op: "join", member: "m", group: "g", topics: ["t"], autoCommit: true },
      { op: "poll", member: "m", count: 5, expect: { $count: 5 } },
      offsetIs(5),
    ],
  },
  {
    name: "automatic commits carry the leader epoch of what was delivered",
    area,
    features: ["KIP-320", "enable.auto.commit"],
    clients: ["java", "franz-go"],
    steps: [
      create(),
      five,
      { op: "join", member: "m", group: "g", topics: ["t"], autoCommit: true },
      { op: "poll", member: "m", count: 5, expect: { $count: 5 } },
      { op: "groupOffsets", group: "g", expect: [{ topic: "t", partition: 0, offset: 5, leaderEpoch: 0 }], within: 10_000 },
    ],
  },
  {
    name: "each partition has a commit of its own",
    area,
    features: ["OffsetFetch"],
    steps: [
      create("t", 3),
      { op: "alterGroupOffsets", group: "g", offsets: [["t", 0, 5], ["t", 1, 6], ["t", 2, 7]] },
      {
        op: "groupOffsets",
        group: "g",
        expect: { $unordered: [{ partition: 0, offset: 5 }, { partition: 1, offset: 6 }, { partition: 2, offset: 7 }] },
      },
    ],
  },
  {
    name: "what is committed by hand for an empty group is where its member begins",
    area,
    features: ["KIP-396"],
    steps: [create(), five, alter(2), join, { op: "poll", member: "m", count: 3, expect: ["c", "d", "e"] }],
  },
  {
    name: "nobody from outside commits for a group with members",
    area,
    features: ["KIP-396"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [create(), five, join, ready, { ...alter(2), error: "UNKNOWN_MEMBER_ID" }],
  },
  {
    name: "a commit may go back",
    area,
    features: ["OffsetCommit"],
    steps: [create(), five, alter(4), alter(1), offsetIs(1), join, { op: "poll", member: "m", count: 4, expect: ["b", "c", "d", "e"] }],
  },
  {
    name: "a commit may lie behind the end",
    area,
    features: ["OffsetCommit"],
    steps: [create(), five, alter(99), offsetIs(99)],
  },
  {
    name: "a committed offset beyond the end is reset",
    area,
    features: ["auto.offset.reset"],
    steps: [create(), five, alter(99), join, { op: "poll", member: "m", count: 5, expect: ["a", "b", "c", "d", "e"] }],
  },
  {
    name: "metadata is kept with the offset",
    area,
    features: ["OffsetCommit"],
    steps: [
      create(),
      { op: "alterGroupOffsets", group: "g", offsets: [["t", 0, 1]], metadata: "žluťoučký kůň" },
      { op: "groupOffsets", group: "g", expect: [{ offset: 1, metadata: "žluťoučký kůň" }] },
    ],
  },
  {
    name: "metadata over offset.metadata.max.bytes is refused",
    area,
    features: ["offset.metadata.max.bytes"],
    // librdkafka's own limit is lower.
    clients: ["java", "franz-go"],
    steps: [
      create(),
      { op: "alterGroupOffsets", group: "g", offsets: [["t", 0, 1]], metadata: "x".repeat(4_097), error: "OFFSET_METADATA_TOO_LARGE" },
      { op: "alterGroupOffsets", group: "g", offsets: [["t", 0, 1]], metadata: "x".repeat(4_096) },
    ],
  },
  {
    name: "one offset of a group is deleted, the other stays",
    area,
    features: ["KIP-496"],
    steps: [
      create("t", 2),
      { op: "alterGroupOffsets", group: "g", offsets: [["t", 0, 1], ["t", 1, 2]] },
      { op: "deleteGroupOffsets", group: "g", topic: "t", partition: 0 },
      { op: "groupOffsets", group: "g", expect: [{ partition: 1, offset: 2 }] },
    ],
  },
  {
    name: "an offset of a topic that members read is not deleted",
    area,
    features: ["KIP-496"],
    steps: [
      create(),
      five,
      join,
      ready,
      { op: "commit", member: "m", offsets: [["t", 0, 1]] },
      { op: "deleteGroupOffsets", group: "g", topic: "t", partition: 0, error: "GROUP_SUBSCRIBED_TO_TOPIC" },
    ],
  },
  {
    name: "offsets of a group that is not there cannot be deleted",
    area,
    features: ["KIP-496"],
    steps: [create(), { op: "deleteGroupOffsets", group: "nobody", topic: "t", partition: 0, error: "GROUP_ID_NOT_FOUND" }],
  },
  {
    name: "a deleted group has forgotten its offsets",
    area,
    features: ["KIP-229"],
    steps: [create(), five, alter(3), { op: "deleteGroup", group: "g" }, join, {
      op: "poll",
      member: "m",
      count: 5,
      expect: { $count: 5 },
    }],
  },
  {
    name: "groups have their own offsets",
    area,
    features: ["OffsetFetch"],
    steps: [
      create(),
      alter(3),
      { op: "alterGroupOffsets", group: "h", offsets: [["t", 0, 4]] },
      offsetIs(3),
      { op: "groupOffsets", group: "h", expect: [{ offset: 4 }] },
      { op: "groupOffsets", group: "i", expect: [] },
    ],
  },
  {
    name: "with a topic its committed offsets go",
    area,
    features: ["DeleteTopics"],
    steps: [
      create("t"),
      create("u"),
      { op: "alterGroupOffsets", group: "g", offsets: [["t", 0, 1]] },
      { op: "alterGroupOffsets", group: "g", offsets: [["u", 0, 2]] },
      { op: "deleteTopic", topic: "t" },
      { op: "groupOffsets", group: "g", expect: [{ topic: "u", offset: 2 }], within: 15_000 },
    ],
  },
  {
    name: "commits are there after a restart",
    area,
    clients: OTHERS,
    features: ["__consumer_offsets"],
    steps: [create(), alter(3), { op: "restartBroker" }, { ...offsetIs(3), within: 40_000 }],
  },
  {
    name: "commits are there after kill -9",
    area,
    clients: OTHERS,
    features: ["__consumer_offsets", "durability"],
    steps: [create(), alter(3), { op: "killBroker" }, { ...offsetIs(3), within: 40_000 }],
  },
  {
    name: "a commit for a topic that is not there is refused",
    area,
    features: ["OffsetCommit"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [create(), { op: "alterGroupOffsets", group: "g", offsets: [["nowhere", 0, 1]], error: "UNKNOWN_TOPIC_OR_PARTITION" }],
  },
  {
    name: "the offsets of a group without members expire",
    area,
    features: ["KIP-211", "offsets.retention.minutes"],
    broker: { "offsets.retention.minutes": "1", "offsets.retention.check.interval.ms": "1000" },
    clients: ["franz-go"],
    steps: [create(), alter(3), offsetIs(3), { op: "wait", ms: 50_000 }, offsetIs(3), {
      op: "groupOffsets",
      group: "g",
      expect: [],
      within: 20_000,
    }],
  },
  {
    name: "a commit for a partition that is not there is refused, and one beside it is kept",
    area,
    features: ["OffsetCommit"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      create(),
      { op: "alterGroupOffsets", group: "g", offsets: [["t", 0, 3], ["t", 9, 1]], error: "UNKNOWN_TOPIC_OR_PARTITION" },
      offsetIs(3),
    ],
  },
  {
    name: "one request commits a hundred partitions of two topics",
    area,
    features: ["OffsetCommit", "OffsetFetch"],
    // To commit for a group, kafkajs joins it, each time.
    clients: ["java", "librdkafka", "franz-go", "platformatic"],
    steps: [
      create("t", 50),
      create("u", 50),
      {
        op: "alterGroupOffsets",
        group: "g",
        offsets: ["t", "u"].flatMap((topic, i) => Array.from({ length: 50 }, (_, each) => [topic, each, 100 * i + each] as const)),
      },
      {
        op: "groupOffsets",
        group: "g",
        expect: {
          $unordered: ["t", "u"].flatMap((topic, i) =>
            Array.from({ length: 50 }, (_, partition) => ({ topic, partition, offset: 100 * i + partition }))
          ),
        },
        within: 5_000,
      },
    ],
  },
  {
    name: "where a commit is deleted, reading begins anew",
    area,
    features: ["KIP-496", "auto.offset.reset"],
    steps: [
      create(),
      five,
      alter(3),
      { op: "deleteGroupOffsets", group: "g", topic: "t", partition: 0 },
      join,
      { op: "poll", member: "m", count: 5, expect: ["a", "b", "c", "d", "e"] },
    ],
  },
  {
    name: "a topic made anew is read from its beginning",
    area,
    features: ["DeleteTopics", "OffsetFetch"],
    steps: [
      create(),
      { op: "produce", topic: "t", producer: "first", records: inPartition(0, "old 1", "old 2") },
      alter(2),
      { op: "deleteTopic", topic: "t" },
      { op: "groupOffsets", group: "g", expect: [], within: 15_000 },
      create(),
      { op: "produce", topic: "t", producer: "second", records: inPartition(0, "new 1", "new 2", "new 3"), within: 10_000 },
      { op: "join", member: "n", group: "g", topics: ["t"] },
      { op: "poll", member: "n", count: 3, expect: ["new 1", "new 2", "new 3"] },
    ],
  },
];
