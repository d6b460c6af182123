/** Topics of the broker's own. */
import type { ClientName } from "../drivers/driver.ts";
import type { RowScenario, Step } from "../steps/step.ts";
import { create, inPartition } from "./common.ts";

const area = "administration";
const alone: readonly ClientName[] = ["java"];
/** A broker that may lose its groups. */
const broker = { "background.threads": "11" };

const commits = (group: string): Step => ({ op: "alterGroupOffsets", group, offsets: [["t", 0, 1]] });

function transaction(producer: string, value: string): Step[] {
  const named = { producer, transactionalId: `x ${producer}` };
  return [
    { op: "initTransactions", ...named, within: 30_000 },
    { op: "beginTransaction", producer },
    { op: "produce", topic: "t", ...named, records: inPartition(0, value) },
    { op: "commitTransaction", producer },
  ];
}

const all: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a client writes no record to the topic of offsets",
    features: ["__consumer_offsets"],
    clients: ["java", "librdkafka", "franz-go", "kafkajs"],
    steps: [{ op: "produce", topic: "__consumer_offsets", records: inPartition(0, "a"), error: "INVALID_TOPIC_EXCEPTION" }],
  },
  {
    name: "the topic of offsets can be read",
    features: ["__consumer_offsets"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      create(),
      commits("g"),
      { op: "fetch", topic: "__consumer_offsets", partition: 0, from: "earliest", count: 1, expect: { $not: [] } },
    ],
  },
  {
    name: "the topic of offsets is deleted, with what groups have committed, and is made anew",
    features: ["__consumer_offsets", "DeleteTopics"],
    broker,
    clients: alone,
    steps: [
      create(),
      commits("g"),
      { op: "groupOffsets", group: "g", expect: [{ offset: 1 }] },
      { op: "deleteTopic", topic: "__consumer_offsets" },
      { ...commits("h"), within: 30_000 } as Step,
      { op: "groupOffsets", group: "h", expect: [{ offset: 1 }], within: 15_000 },
      { op: "groupOffsets", group: "g", expect: [] },
    ],
  },
  {
    name: "the topic of transactions is deleted and made anew, and transactions go on",
    features: ["__transaction_state", "DeleteTopics"],
    broker,
    clients: alone,
    steps: [
      create(),
      ...transaction("old", "a"),
      { op: "deleteTopic", topic: "__transaction_state" },
      ...transaction("new", "b"),
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 2, isolation: "read_committed", expect: ["a", "b"] },
    ],
  },
  {
    name: "the topic of offsets gets another setting",
    features: ["__consumer_offsets", "KIP-339"],
    broker,
    clients: alone,
    steps: [
      { op: "alterConfigs", type: "topic", name: "__consumer_offsets", set: { "min.cleanable.dirty.ratio": "0.25" }, within: 15_000 },
      {
        op: "describeConfigs",
        type: "topic",
        name: "__consumer_offsets",
        expect: { "min.cleanable.dirty.ratio": { value: "0.25", source: "DYNAMIC_TOPIC_CONFIG" } },
        within: 5_000,
      },
    ],
  },
  {
    name: "a deleted group does not come back with kill -9, nor does a deleted offset",
    features: ["DeleteGroups", "OffsetDelete", "durability"],
    clients: ["java", "franz-go"],
    steps: [
      create("t", 2),
      commits("gone"),
      { op: "alterGroupOffsets", group: "kept", offsets: [["t", 0, 1], ["t", 1, 2]] },
      { op: "deleteGroup", group: "gone" },
      { op: "deleteGroupOffsets", group: "kept", topic: "t", partition: 0 },
      { op: "killBroker" },
      { op: "groupOffsets", group: "kept", expect: [{ partition: 1, offset: 2 }], within: 15_000 },
      { op: "groupOffsets", group: "gone", expect: [] },
    ],
  },
];

export const internalTopicsRows: readonly RowScenario[] = all.map((each) => ({ ...each, area }));
