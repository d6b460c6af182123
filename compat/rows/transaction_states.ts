/** What producers and administrators are told of transactions and those who make them. */
import type { Matcher } from "../steps/match.ts";
import type { RowScenario, Step } from "../steps/step.ts";
import {
  abort,
  begin,
  beginAgain,
  beginLong,
  commit,
  committed,
  committedAre,
  create,
  FORGETFUL,
  inPartition,
  long,
  plain,
  send,
  sendOffsets,
} from "./common.ts";

const area = "transactions";
const FENCED = ["INVALID_PRODUCER_EPOCH", "PRODUCER_FENCED"];

function describe(expect: Matcher): Step {
  return { op: "describeTransaction", transactionalId: "x", expect, within: 10_000 };
}

const described: readonly Omit<RowScenario, "area">[] = [
  {
    name: "an id that has a producer and no transaction yet is Empty, in epoch 0",
    features: ["KIP-664", "InitProducerId"],
    steps: [
      { op: "initTransactions", producer: "p", transactionalId: "x" },
      describe({ state: "Empty", epoch: 0, partitions: [], timeoutMs: 10_000 }),
    ],
  },
  {
    name: "a producer that takes over an id has its producer id in the next epoch",
    features: ["KIP-360", "InitProducerId"],
    steps: [
      { op: "initTransactions", producer: "p", transactionalId: "x" },
      { op: "describeTransaction", transactionalId: "x", keep: "first", within: 10_000 },
      { op: "initTransactions", producer: "q", transactionalId: "x" },
      describe({ state: "Empty", epoch: 1, producerId: { $kept: "first.producerId" } }),
    ],
  },
  {
    name: "with every transaction that ends the epoch grows, and the producer id stays",
    features: ["KIP-890"],
    steps: [
      create(),
      ...begin(),
      send("p", "a"),
      { ...describe({ state: "Ongoing", epoch: 0 }), keep: "first" } as Step,
      commit,
      describe({ state: "CompleteCommit", epoch: 1, producerId: { $kept: "first.producerId" } }),
      beginAgain(),
      send("p", "b"),
      abort,
      describe({ state: "CompleteAbort", epoch: 2, producerId: { $kept: "first.producerId" } }),
      { op: "describeProducers", topic: "t", partition: 0, expect: [{ epoch: 2, transactionStart: -1 }] },
    ],
  },
  {
    name: "an open transaction tells its partitions, and one that has ended has none",
    features: ["KIP-664"],
    steps: [
      create("t"),
      create("u", 2),
      ...begin(),
      send("p", "a"),
      { op: "produce", topic: "u", producer: "p", transactionalId: "x", records: inPartition(1, "b") },
      describe({ state: "Ongoing", partitions: ["t-0", "u-1"] }),
      commit,
      describe({ state: "CompleteCommit", partitions: [] }),
    ],
  },
  {
    name: "a transaction of offsets has a partition of the topic of offsets",
    features: ["KIP-664", "__consumer_offsets"],
    steps: [create(), ...begin(), sendOffsets(7), describe({ state: "Ongoing", partitions: [{ $matches: "^__consumer_offsets-\\d+$" }] })],
  },
  {
    name: "ListTransactions chooses by state",
    features: ["KIP-664"],
    steps: [
      create(),
      ...begin("p", "x"),
      send("p", "a"),
      ...begin("q", "y"),
      send("q", "b"),
      { op: "commitTransaction", producer: "q" },
      { op: "listTransactions", states: ["CompleteCommit"], expect: [{ transactionalId: "y" }], within: 5_000 },
      { op: "listTransactions", states: ["Ongoing"], expect: [{ transactionalId: "x" }] },
      {
        op: "listTransactions",
        states: ["Ongoing", "CompleteCommit"],
        expect: { $unordered: [{ transactionalId: "x", state: "Ongoing" }, { transactionalId: "y", state: "CompleteCommit" }] },
      },
      { op: "listTransactions", states: ["Empty"], expect: [] },
    ],
  },
  {
    name: "ListTransactions chooses by how long a transaction has been open",
    features: ["KIP-994"],
    steps: [
      create(),
      ...beginLong(),
      send("p", "a"),
      { op: "listTransactions", olderThanMs: 60_000, expect: [] },
      { op: "listTransactions", olderThanMs: 1_000, expect: [{ transactionalId: "x" }], within: 10_000 },
    ],
  },
  {
    name: "ListTransactions chooses by a pattern that the whole id must match",
    features: ["KIP-1152"],
    steps: [
      ...["apple-1", "apple-2", "pear"].map((id): Step => ({ op: "initTransactions", producer: id, transactionalId: id })),
      {
        op: "listTransactions",
        pattern: "apple-.*",
        expect: { $unordered: [{ transactionalId: "apple-1" }, { transactionalId: "apple-2" }] },
        within: 5_000,
      },
      { op: "listTransactions", pattern: "apple", expect: [] },
      { op: "listTransactions", pattern: "(", error: "INVALID_REGULAR_EXPRESSION" },
    ],
  },
  {
    name: "DescribeProducers tells each of several: in a transaction, after one, and without",
    features: ["KIP-664", "KIP-890"],
    steps: [
      create(),
      plain("of nobody"),
      ...begin("p", "x"),
      send("p", "a", "b"),
      ...begin("q", "y"),
      send("q", "c"),
      { op: "commitTransaction", producer: "q" },
      { op: "produce", topic: "t", producer: "r", idempotent: true, records: inPartition(0, "d", "e", "f") },
      {
        op: "describeProducers",
        topic: "t",
        partition: 0,
        expect: {
          $unordered: [
            { epoch: 0, lastSequence: 1, transactionStart: 1 },
            { epoch: 1, lastSequence: -1, transactionStart: -1 },
            { epoch: 0, lastSequence: 2, transactionStart: -1 },
          ],
        },
        within: 5_000,
      },
    ],
  },
  {
    name: "DescribeProducers tells the same after a restart",
    features: ["KIP-664", "durability"],
    steps: [
      create(),
      plain("of nobody"),
      ...beginLong(),
      send("p", "a", "b"),
      { op: "describeProducers", topic: "t", partition: 0, expect: [{ lastSequence: 1, transactionStart: 1 }], keep: "before" },
      { op: "restartBroker" },
      { op: "describeProducers", topic: "t", partition: 0, expect: { $kept: "before" }, within: 20_000 },
    ],
  },
];

const ended: readonly Omit<RowScenario, "area">[] = [
  {
    name: "transactions of no records are committed and aborted",
    features: ["KIP-98"],
    // @platformatic/kafka asks the broker to end what has not begun.
    clients: ["java", "librdkafka", "franz-go", "kafkajs"],
    steps: [
      create(),
      ...begin(),
      commit,
      beginAgain(),
      abort,
      beginAgain(),
      send("p", "a"),
      commit,
      { op: "listOffsets", topic: "t", at: "latest", expect: { offset: 2 }, within: 5_000 },
      committed("a"),
    ],
  },
  {
    name: "a record that is refused ends its transaction, not its producer",
    features: ["KIP-98", "KIP-360", "max.message.bytes"],
    // @platformatic/kafka counts what was refused; librdkafka purges what comes after the abort.
    clients: ["java", "franz-go", "kafkajs"],
    steps: [
      create("t", 1, { "max.message.bytes": "10000" }),
      ...begin(),
      send("p", "a"),
      { ...send("p", long("x", 20_000)), error: "MESSAGE_TOO_LARGE" } as Step,
      abort,
      beginAgain(),
      send("p", "b"),
      commit,
      committedAre("b"),
    ],
  },
  {
    name: "what an administrator has aborted in a partition, the producer's commit does not bring back",
    features: ["KIP-664"],
    steps: [
      create("t", 2),
      ...begin(),
      send("p", "a"),
      { op: "produce", topic: "t", producer: "p", transactionalId: "x", records: inPartition(1, "b") },
      { op: "abortHanging", topic: "t", partition: 0 },
      plain("after"),
      commit,
      committedAre("after"),
      { op: "fetch", topic: "t", partition: 1, from: "earliest", count: 1, isolation: "read_committed", expect: ["b"] },
    ],
  },
];

const refused: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a producer that was replaced cannot send",
    features: ["KIP-98", "KIP-360"],
    clients: ["java", "franz-go", "librdkafka"],
    steps: [
      create(),
      ...begin("p"),
      send("p", "a"),
      { op: "initTransactions", producer: "q", transactionalId: "x" },
      { ...send("p", "late"), error: FENCED } as Step,
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 2, waitMs: 1_500, expect: ["a"] },
    ],
  },
  {
    name: "after its timeout a transaction cannot be committed, and its id begins anew",
    features: ["transaction.timeout.ms"],
    steps: [
      create(),
      { op: "initTransactions", producer: "p", transactionalId: "x", transactionTimeoutMs: 1_000 },
      beginAgain(),
      send("p", "late"),
      { op: "describeTransaction", transactionalId: "x", expect: { state: "CompleteAbort" }, within: 25_000 },
      { ...commit, error: "INVALID_TXN_STATE" } as Step,
      ...begin("q"),
      send("q", "of q"),
      { op: "commitTransaction", producer: "q" },
      committedAre("of q"),
    ],
  },
  {
    name: "a timeout above transaction.max.timeout.ms is refused",
    features: ["transaction.max.timeout.ms"],
    // Kafka's own client tells this without its error; kafkajs asks when a transaction begins.
    clients: ["franz-go", "librdkafka"],
    steps: [{
      op: "initTransactions",
      producer: "p",
      transactionalId: "x",
      transactionTimeoutMs: 900_001,
      error: "INVALID_TRANSACTION_TIMEOUT",
    }],
  },
  {
    name: "an id that nobody has used can be fenced, and is known then",
    features: ["KIP-588"],
    steps: [{ op: "fenceProducer", transactionalId: "x" }, describe({ state: "Empty", partitions: [] })],
  },
  {
    name: "an id that is not used for a while is forgotten, and begins anew",
    features: ["transactional.id.expiration.ms"],
    broker: FORGETFUL,
    steps: [
      create(),
      ...begin(),
      send("p", "a"),
      commit,
      { op: "describeTransaction", transactionalId: "x", error: "TRANSACTIONAL_ID_NOT_FOUND", within: 20_000 },
      { op: "listTransactions", expect: [] },
      ...begin("q"),
      send("q", "b"),
      describe({ state: "Ongoing", epoch: 0 }),
      { op: "commitTransaction", producer: "q" },
      committed("a", "b"),
    ],
  },
  {
    name: "an id and a producer in an open transaction are not forgotten",
    features: ["transactional.id.expiration.ms", "producer.id.expiration.ms"],
    broker: FORGETFUL,
    clients: ["java", "franz-go", "librdkafka", "kafkajs"],
    steps: [create(), ...beginLong(), send("p", "a"), { op: "wait", ms: 10_000 }, send("p", "b"), commit, committed("a", "b")],
  },
];

export const transactionStatesRows: readonly RowScenario[] = [...described, ...ended, ...refused].map((each) => ({ ...each, area }));
