import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settleThrough } from "../platform/mod.ts";
import { errorName } from "../protocol/mod.ts";
import { ListOffsets } from "../protocol/generated/02_list_offsets.ts";
import { Metadata } from "../protocol/generated/03_metadata.ts";
import { AddPartitionsToTxn } from "../protocol/generated/24_add_partitions_to_txn.ts";
import { DescribeTransactions } from "../protocol/generated/65_describe_transactions.ts";
import { ListTransactions, type ListTransactionsRequest } from "../protocol/generated/66_list_transactions.ts";
import { offsetOf } from "./testing/requests.ts";
import { readCommitted, TransactionalProducer } from "./testing/transaction_client.ts";
import { BrokerWorld } from "./testing/world.ts";

const topics = { t: { partitions: 2 }, u: {} };

async function committed(world: BrokerWorld, partition = 0, topic = "t"): Promise<string> {
  const { values, lastStableOffset } = await readCommitted(await world.connect(), topic, partition);
  return `${values.join("")} < ${lastStableOffset}`;
}

async function list(world: BrokerWorld, filters: Partial<ListTransactionsRequest> = {}): Promise<string[]> {
  const request = { stateFilters: [], producerIdFilters: [], durationFilter: -1, transactionalIdPattern: null, ...filters };
  const answer = await (await world.connect()).call(ListTransactions, 2, request);
  if (answer.errorCode !== 0) return [errorName(answer.errorCode)];
  return answer.transactionStates.map(({ transactionalId, transactionState }) => `${transactionalId} ${transactionState}`).sort();
}

async function describeId(world: BrokerWorld, transactionalId: string): Promise<string> {
  const answer = await (await world.connect()).call(DescribeTransactions, 0, { transactionalIds: [transactionalId] });
  const [{ errorCode, transactionState, producerId, producerEpoch, topics: inTransaction }] = answer.transactionStates;
  if (errorCode !== 0) return errorName(errorCode);
  const partitions = inTransaction.map(({ topic, partitions }) => `${topic}:${partitions}`);
  return [transactionState, `${producerId}/${producerEpoch}`, ...partitions].join(" ");
}

for (const version of [1, 2] as const) {
  describe(`a transactional producer of version ${version}`, () => {
    it("commits and aborts, over several partitions, one transaction after the other", async () => {
      const world = await BrokerWorld.start(1, { topics });
      const x = await TransactionalProducer.connect(world, "x", version);
      assert.equal(await x.init(), "NONE");
      const send = async (topic: string, partition: number, value: string) => {
        if (version === 1) assert.equal(await x.add(topic, partition), "NONE");
        assert.equal(await x.send(topic, partition, [value]), "NONE");
      };
      await send("t", 0, "a");
      await send("t", 1, "b");
      assert.deepEqual([await committed(world, 0), await committed(world, 1)], [" < 0", " < 0"]);
      assert.equal(await x.end(true), "NONE");
      assert.deepEqual([await committed(world, 0), await committed(world, 1)], ["a < 2", "b < 2"], "when EndTxn has answered");
      await send("t", 0, "c");
      assert.equal(await x.end(false), "NONE");
      await send("t", 0, "d");
      await send("u", 0, "e");
      assert.equal(await x.end(true), "NONE");
      assert.deepEqual([await committed(world, 0), await committed(world, 0, "u")], ["ad < 6", "e < 2"]);
      assert.equal(await x.end(true), version === 1 ? "NONE" : "INVALID_TXN_STATE", "with version 2 it would be another's end");
      assert.equal(await x.end(false), version === 1 ? "INVALID_TXN_STATE" : "NONE");
    });

    it("is ended and fenced by the next with its id", async () => {
      const world = await BrokerWorld.start(2, { topics });
      const x = await TransactionalProducer.connect(world, "x", version);
      await x.init();
      if (version === 1) await x.add("t", 0);
      await x.send("t", 0, ["a"]);
      const y = await TransactionalProducer.connect(world, "x", version);
      assert.equal(await y.init(), "NONE");
      assert.equal(await committed(world), " < 2");
      assert.equal(await x.end(true), "PRODUCER_FENCED");
      assert.equal(await x.send("t", 0, ["b"]), "INVALID_PRODUCER_EPOCH");
      assert.equal(await x.init(60_000, true), "PRODUCER_FENCED");
      assert.equal(await x.add("t", 1), "PRODUCER_FENCED");
      if (version === 1) await y.add("t", 0);
      await y.send("t", 0, ["c"]);
      await y.end(true);
      assert.equal(await committed(world), "c < 4");
    });

    it("is aborted when its transaction is open for too long", async () => {
      const world = await BrokerWorld.start(3, { topics });
      const x = await TransactionalProducer.connect(world, "x", version);
      await x.init(15_000);
      if (version === 1) await x.add("t", 0);
      await x.send("t", 0, ["a"]);
      await settleThrough(world.platform.clock, 14_000);
      assert.equal(await committed(world), " < 0");
      await settleThrough(world.platform.clock, 10_000);
      assert.equal(await committed(world), " < 2");
      // With version 2 the epoch tells the producer's end from the next: it learns that its transaction was aborted, and may agree.
      assert.equal(await x.end(true), version === 1 ? "PRODUCER_FENCED" : "INVALID_TXN_STATE");
      assert.equal(await x.send("t", 0, ["b"]), "INVALID_PRODUCER_EPOCH");
      assert.equal(await describeId(world, "x"), "CompleteAbort 0/1");
      assert.equal(await x.end(false), version === 1 ? "PRODUCER_FENCED" : "NONE");
    });

    it("goes on after a restart, with what was open", async () => {
      const world = await BrokerWorld.start(4, { topics });
      const x = await TransactionalProducer.connect(world, "x", version);
      await x.init();
      if (version === 1) await x.add("t", 0);
      await x.send("t", 0, ["a"]);
      await world.restart("power cut");
      assert.equal(await describeId(world, "x"), "Ongoing 0/0 t:0");
      const again = await x.reconnected(world);
      assert.equal(await again.send("t", 0, ["b"]), "NONE");
      assert.equal(await again.end(true), "NONE");
      assert.equal(await committed(world), "ab < 3");
      await world.reopen();
      assert.equal(await committed(world), "ab < 3");
    });
  });
}

describe("Produce in a transaction", () => {
  it("of version 1 needs partitions that were added", async () => {
    const world = await BrokerWorld.start(1, { topics });
    const x = await TransactionalProducer.connect(world, "x", 1);
    await x.init();
    assert.equal(await x.send("t", 0, ["a"]), "INVALID_TXN_STATE");
    assert.equal(await x.send("t", 1, ["a"], { version: 11 }), "TRANSACTION_ABORTABLE");
    const other = await TransactionalProducer.connect(world, "y", 1);
    assert.equal(await other.send("t", 0, ["a"]), "INVALID_PRODUCER_ID_MAPPING");
    assert.deepEqual(await list(world), ["x Empty"]);
    assert.equal(await committed(world), " < 0");
  });

  it("of version 1 may write where it was not asked to, where nobody verifies", async () => {
    const world = await BrokerWorld.start(7, { topics, properties: { "transaction.partition.verification.enable": "false" } });
    const x = await TransactionalProducer.connect(world, "x", 1);
    await x.init();
    assert.equal(await x.send("t", 0, ["a"]), "NONE");
    assert.equal(await describeId(world, "x"), `Empty ${x.producerId}/0`);
    assert.equal(await committed(world), " < 0", "it hangs");
    const y = await TransactionalProducer.connect(world, "y", 2);
    await y.init();
    assert.equal(await y.send("t", 1, ["b"]), "NONE");
    assert.equal(await describeId(world, "y"), `Ongoing ${y.producerId}/0 t:1`, "the first batch adds its partition all the same");
  });

  it("of version 2 is appended in the order of its requests, though the first waits for the coordinator", async () => {
    const world = await BrokerWorld.start(2, { topics });
    const x = await TransactionalProducer.connect(world, "x", 2);
    await x.init();
    const answers = await Promise.all("abcdefgh".split("").map((value) => x.send("t", 0, [value])));
    assert.deepEqual(new Set(answers), new Set(["NONE"]));
    await x.end(true);
    assert.equal(await committed(world), "abcdefgh < 9");
  });

  it("of version 2 is refused while the transaction before is being ended, and for who is no producer", async () => {
    const world = await BrokerWorld.start(3, { topics });
    const x = await TransactionalProducer.connect(world, "x", 2);
    assert.equal(await x.send("t", 0, ["a"]), "NOT_ENOUGH_REPLICAS", "there is no coordinator yet");
    await x.init();
    const y = await TransactionalProducer.connect(world, "y", 2);
    assert.equal(await y.send("t", 0, ["a"]), "INVALID_PRODUCER_ID_MAPPING");
  });
});

describe("AddPartitionsToTxn", () => {
  it("adds all or nothing", async () => {
    const world = await BrokerWorld.start(1, { topics });
    const x = await TransactionalProducer.connect(world, "x", 1);
    await x.init();
    assert.equal(await x.add("t", 0, 5), "OPERATION_NOT_ATTEMPTED UNKNOWN_TOPIC_OR_PARTITION");
    assert.equal(await x.add("__transaction_state", 0), "TOPIC_AUTHORIZATION_FAILED");
    assert.equal(await describeId(world, "x"), "Empty 0/0");
    assert.equal(await x.add("t", 1, 0, 1), "NONE");
    assert.equal(await describeId(world, "x"), "Ongoing 0/0 t:1,0");
  });

  it("tells brokers of several transactions, and whether partitions are in them", async () => {
    const world = await BrokerWorld.start(2, { topics });
    const x = await TransactionalProducer.connect(world, "x", 1);
    await x.init();
    await x.add("t", 0);
    const partitions = [{ name: "t", partitions: [0, 1] }];
    const ofX = { transactionalId: "x", producerId: x.producerId, producerEpoch: 0, topics: partitions };
    const request = {
      transactions: [{ ...ofX, verifyOnly: true }, { ...ofX, transactionalId: "y", verifyOnly: false }],
      v3AndBelowTransactionalId: "",
      v3AndBelowProducerId: 0,
      v3AndBelowProducerEpoch: 0,
      v3AndBelowTopics: [],
    };
    const { resultsByTransaction } = await (await world.connect()).call(AddPartitionsToTxn, 5, request);
    const codes = resultsByTransaction.map(({ transactionalId, topicResults }) =>
      `${transactionalId} ${topicResults[0].resultsByPartition.map(({ partitionErrorCode }) => errorName(partitionErrorCode))}`
    );
    assert.deepEqual(codes, ["x NONE,TRANSACTION_ABORTABLE", "y INVALID_PRODUCER_ID_MAPPING,INVALID_PRODUCER_ID_MAPPING"]);
  });
});

describe("AddOffsetsToTxn", () => {
  it("makes no topic for who has no transactional id", async () => {
    const world = await BrokerWorld.start(1, { topics });
    const x = await TransactionalProducer.connect(world, "x", 1);
    await x.init();
    const stranger = await TransactionalProducer.connect(world, "y", 1);
    assert.equal(await stranger.commitOffset("g", "t", 0, 5), "INVALID_PRODUCER_ID_MAPPING");
    const { topics: known } = await (await world.connect()).call(Metadata, 12, {
      topics: null,
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    });
    assert.deepEqual(known.map(({ name }) => name).sort(), ["__transaction_state", "t", "u"]);
    assert.equal(await x.commitOffset("g", "t", 0, 5), "NONE");
  });
});

describe("what is told of transactions", () => {
  it("is filtered by state, producer, duration and pattern", async () => {
    const world = await BrokerWorld.start(1, { topics });
    for (const id of ["app-1", "app-2", "other"]) await (await TransactionalProducer.connect(world, id, 2)).init();
    const x = await TransactionalProducer.connect(world, "app-1", 2);
    await x.init();
    await x.send("t", 0, ["a"]);
    await settleThrough(world.platform.clock, 5_000);
    assert.deepEqual(await list(world), ["app-1 Ongoing", "app-2 Empty", "other Empty"]);
    assert.deepEqual(await list(world, { stateFilters: ["Empty", "nonsense"] }), ["app-2 Empty", "other Empty"]);
    assert.deepEqual(await list(world, { stateFilters: ["nonsense"] }), []);
    assert.deepEqual(await list(world, { producerIdFilters: [x.producerId] }), ["app-1 Ongoing"]);
    assert.deepEqual(await list(world, { stateFilters: ["Ongoing"], durationFilter: 4_999 }), ["app-1 Ongoing"]);
    assert.deepEqual(await list(world, { stateFilters: ["Ongoing"], durationFilter: 5_000 }), []);
    assert.deepEqual(await list(world, { transactionalIdPattern: "app-." }), ["app-1 Ongoing", "app-2 Empty"]);
    assert.deepEqual(await list(world, { transactionalIdPattern: "(" }), ["INVALID_REGULAR_EXPRESSION"]);
    assert.equal(await describeId(world, "nobody"), "TRANSACTIONAL_ID_NOT_FOUND");
    assert.equal(await describeId(world, ""), "INVALID_REQUEST");
  });

  it("ends when nobody has used an id for long", async () => {
    const properties = { "transactional.id.expiration.ms": 60_000, "transaction.remove.expired.transaction.cleanup.interval.ms": 10_000 };
    const world = await BrokerWorld.start(2, { topics, properties });
    await (await TransactionalProducer.connect(world, "x", 2)).init();
    await settleThrough(world.platform.clock, 59_000);
    assert.deepEqual(await list(world), ["x Empty"]);
    await settleThrough(world.platform.clock, 11_000);
    assert.deepEqual(await list(world), []);
    await world.restart("kill");
    assert.deepEqual(await list(world), []);
  });
});

describe("a request of version 1 that was held up on a connection which its producer has given up", () => {
  it("does not end, or write to, the producer's next transaction", async () => {
    const world = await BrokerWorld.start(1, { topics });
    const late = await TransactionalProducer.connect(world, "x", 1);
    await late.init();
    await late.add("t", 0);
    await late.send("t", 0, ["a"]);
    await settleThrough(world.platform.clock, 1_000);
    const x = await late.reconnected(world);
    assert.equal(await x.end(false), "NONE");
    await x.add("t", 0);
    await x.send("t", 0, ["b"]);
    assert.equal(await late.end(true), "PRODUCER_FENCED", "it would have committed half of the next transaction");
    assert.equal(await late.add("t", 1), "PRODUCER_FENCED");
    assert.equal(await late.send("t", 0, ["late"]), "INVALID_PRODUCER_EPOCH");
    await x.send("t", 0, ["c"]);
    assert.equal(await x.end(true), "NONE");
    assert.equal(await committed(world), "bc < 5");
  });
});

describe("Ottla's log of transactions", () => {
  it("has offsets for markers", async () => {
    const world = await BrokerWorld.start(1, { topics });
    const x = await TransactionalProducer.connect(world, "x", 2);
    await x.init();
    await x.send("t", 0, ["a"]);
    await x.end(true);
    const { topics: [{ partitions: [{ offset }] }] } = await (await world.connect()).call(ListOffsets, 6, offsetOf("t", 0, -1n));
    assert.equal(Number(offset), 2);
  });
});
