import type { RowScenario, Step } from "../steps/step.ts";
import { create, FORGETFUL, inPartition, long, numbered } from "./common.ts";

const area = "idempotence";

function send(...values: string[]): Step {
  return { op: "produce", topic: "t", producer: "p", idempotent: true, records: inPartition(0, ...values) };
}

function reads(...values: string[]): Step {
  return { op: "fetch", topic: "t", partition: 0, from: "earliest", count: values.length, expect: values };
}

export const idempotenceRows: readonly RowScenario[] = [
  {
    name: "an idempotent producer's records come once and in order",
    area,
    features: ["KIP-98"],
    steps: [create(), send(...numbered(500)), reads(...numbered(500)), {
      op: "listOffsets",
      topic: "t",
      at: "latest",
      expect: { offset: 500 },
    }],
  },
  {
    name: "its sequence goes on through fifty sends",
    area,
    features: ["KIP-98"],
    steps: [create(), ...numbered(50).map((value) => send(value)), reads(...numbered(50))],
  },
  {
    name: "it has a sequence in each of five partitions",
    area,
    features: ["KIP-98"],
    steps: [
      create("t", 5),
      ...[0, 1, 2].map((round): Step => ({
        op: "produce",
        topic: "t",
        producer: "p",
        idempotent: true,
        records: [0, 1, 2, 3, 4].map((partition) => ({ partition, value: `${round}` })),
        expect: [round, round, round, round, round],
      })),
    ],
  },
  {
    name: "two idempotent producers share a partition",
    area,
    features: ["KIP-98"],
    steps: [
      create(),
      send("p1"),
      { op: "produce", topic: "t", producer: "q", idempotent: true, records: inPartition(0, "q1"), expect: [1] },
      send("p2"),
      { op: "produce", topic: "t", producer: "q", idempotent: true, records: inPartition(0, "q2"), expect: [3] },
      reads("p1", "q1", "p2", "q2"),
    ],
  },
  ...(["gzip", "snappy", "lz4", "zstd"] as const).map((compression): RowScenario => ({
    name: `compressed by ${compression} they keep their sequence`,
    area,
    features: ["KIP-98"],
    steps: [
      create(),
      ...["a", "b", "c"].map((value, i): Step => ({
        op: "produce",
        topic: "t",
        producer: "p",
        idempotent: true,
        compression,
        records: inPartition(0, value, value),
        expect: [2 * i, 2 * i + 1],
      })),
      reads("a", "a", "b", "b", "c", "c"),
    ],
  })),
  {
    name: "a topic that compresses anew keeps the sequence",
    area,
    features: ["KIP-98", "compression.type"],
    steps: [create("t", 1, { "compression.type": "gzip" }), send("a", "b"), send("c"), reads("a", "b", "c")],
  },
  {
    name: "a sequence goes on when the broker comes back",
    area,
    features: ["KIP-98"],
    steps: [create(), send("a"), send("b"), { op: "restartBroker" }, { ...send("c"), expect: [2] }, reads("a", "b", "c")],
  },
  {
    name: "a sequence goes on after kill -9",
    area,
    features: ["KIP-98", "durability"],
    steps: [create(), send("a"), send("b"), { op: "killBroker" }, { ...send("c"), expect: [2] }, reads("a", "b", "c")],
  },
  {
    name: "a producer that comes after a restart is another one",
    area,
    features: ["KIP-98", "InitProducerId"],
    steps: [
      create(),
      send("p1"),
      { op: "restartBroker" },
      { op: "produce", topic: "t", producer: "q", idempotent: true, records: inPartition(0, "q1"), expect: [1] },
      reads("p1", "q1"),
    ],
  },
  {
    name: "after a refused record the producer goes on",
    area,
    clients: ["java", "franz-go"],
    features: ["KIP-360"],
    steps: [
      create("t", 1, { "max.message.bytes": "10000" }),
      send("a"),
      { ...send(long("x", 20_000)), error: "MESSAGE_TOO_LARGE" },
      { ...send("b"), expect: [1] },
      reads("a", "b"),
    ],
  },
  {
    name: "it writes to many topics with one producer id",
    area,
    features: ["KIP-98"],
    steps: [
      create("t"),
      create("u"),
      send("a"),
      { op: "produce", topic: "u", producer: "p", idempotent: true, records: inPartition(0, "of u"), expect: [0] },
      { ...send("b"), expect: [1] },
    ],
  },
  {
    name: "a producer that was forgotten for writing nothing begins anew",
    area,
    features: ["producer.id.expiration.ms"],
    broker: FORGETFUL,
    clients: ["java", "librdkafka", "franz-go"],
    steps: [create(), send("a"), { op: "wait", ms: 2_500 }, { ...send("b"), expect: [1] }, reads("a", "b")],
  },
  {
    name: "a record that one partition refuses does not disturb another's sequence",
    area,
    features: ["KIP-98", "KIP-360"],
    clients: ["java", "franz-go"],
    steps: [
      create("t", 2, { "max.message.bytes": "10000" }),
      send("a"),
      {
        op: "produce",
        topic: "t",
        producer: "p",
        idempotent: true,
        records: inPartition(1, long("x", 20_000)),
        error: "MESSAGE_TOO_LARGE",
      },
      { ...send("b"), expect: [1] },
      { op: "produce", topic: "t", producer: "p", idempotent: true, records: inPartition(1, "c"), expect: [0] },
      reads("a", "b"),
    ],
  },
];
