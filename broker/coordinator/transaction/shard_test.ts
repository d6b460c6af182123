import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { ErrorCode } from "../../../protocol/errors.ts";
import { transactionSettings, TransactionWorld } from "../testing/transaction_harness.ts";
import type { Ended, Ending, Initialized } from "./shard.ts";
import { stateName } from "./state.ts";
import type { ProducerIdAndEpoch } from "./transitions.ts";

const {
  CONCURRENT_TRANSACTIONS,
  INVALID_PRODUCER_ID_MAPPING,
  INVALID_TRANSACTION_TIMEOUT,
  INVALID_TXN_STATE,
  NOT_COORDINATOR,
  PRODUCER_FENCED,
  UNKNOWN_SERVER_ERROR,
} = ErrorCode;

/** A world with short words for what a producer with the transactional id "x" does, each answered with the error, or with what it has then. */
class Producer extends TransactionWorld {
  init(expected: ProducerIdAndEpoch | null = null, timeoutMs = 60_000): string | number {
    const answer = this.decide<Initialized>((shard) => shard.initProducerId("x", timeoutMs, expected, this.now));
    if (typeof answer === "number") return answer;
    if ("producer" in answer.response) return text(answer.response.producer);
    this.finish(answer.response);
    return "aborted first";
  }

  add(producerId: number, producerEpoch: number, version = 2, topic = "t", ...partitionIds: number[]): number {
    const topics = [{ topic, partitionIds: partitionIds.length === 0 ? [0] : partitionIds }];
    const answer = this.decide((shard) => shard.addPartitions("x", { producerId, producerEpoch }, topics, version, this.now));
    return typeof answer === "number" ? answer : 0;
  }

  end(producerId: number, producerEpoch: number, committed: boolean, transactionVersion = 2): string | number {
    const request = { producerId, producerEpoch, committed, transactionVersion };
    const answer = this.decide<Ended>((shard) => shard.beginEnd("x", request, this.now));
    if (typeof answer === "number") return answer;
    return "ended" in answer.response ? `again ${text(answer.response.ended)}` : this.finish(answer.response);
  }

  finish({ ending }: { readonly ending: Ending }): string {
    assert.notEqual(typeof this.decide((shard) => shard.prepare(ending)), "number");
    const answer = this.decide((shard) => shard.complete(ending.transactionalId, this.now));
    assert.ok(typeof answer === "object" && answer.response !== null);
    return text(answer.response);
  }

  get state(): string {
    const { transactionStatus, producerId, producerEpoch } = this.shard.transactions.get("x")!;
    return `${stateName(transactionStatus)} ${producerId}/${producerEpoch}`;
  }

  /** Makes the newest record say that the producer has this epoch. */
  age(producerEpoch: number): void {
    const value = { ...this.shard.transactions.get("x")!, producerEpoch };
    this.decide(() => ({ response: undefined, records: [{ transactionalId: "x", value }] }));
  }
}

function text({ producerId, producerEpoch }: ProducerIdAndEpoch): string {
  return `${producerId}/${producerEpoch}`;
}

function reloadsEqual(world: TransactionWorld): void {
  assert.deepEqual(world.reload().transactions, world.shard.transactions);
}

describe("InitProducerId", () => {
  it("gives a new transactional id a new producer id, and one that is known the next epoch", () => {
    const x = new Producer();
    assert.equal(x.init(), "0/0");
    assert.equal(x.init(), "0/1");
    assert.equal(x.state, "Empty 0/1");
    assert.deepEqual(x.reload().transactions.get("x"), {
      producerId: 0,
      previousProducerId: 0,
      nextProducerId: -1,
      producerEpoch: 1,
      nextProducerEpoch: -1,
      transactionTimeoutMs: 60_000,
      transactionStatus: 0,
      transactionPartitions: null,
      transactionLastUpdateTimestampMs: 1_000,
      transactionStartTimestampMs: -1,
      clientTransactionVersion: 0,
    });
    reloadsEqual(x);
  });

  it("refuses a timeout that is none or too long", () => {
    const x = new Producer();
    assert.equal(x.init(null, 0), INVALID_TRANSACTION_TIMEOUT);
    assert.equal(x.init(null, transactionSettings.transactionMaxTimeoutMs + 1), INVALID_TRANSACTION_TIMEOUT);
    assert.equal(x.init(null, transactionSettings.transactionMaxTimeoutMs), "0/0");
  });

  it("gives a producer that says what it has the next epoch, the same again when it asks again, and fences who has an older one", () => {
    const x = new Producer();
    x.init();
    const first = { producerId: 0, producerEpoch: 0 };
    assert.equal(x.init(first), "0/1");
    assert.equal(x.init(first), "0/1", "its answer was lost");
    assert.equal(x.init({ producerId: 0, producerEpoch: 1 }), "0/2");
    assert.equal(x.init(first), PRODUCER_FENCED);
    assert.equal(x.init({ producerId: 7, producerEpoch: 2 }), PRODUCER_FENCED);
    assert.equal(x.init(), "0/3");
    assert.equal(x.init({ producerId: 0, producerEpoch: 2 }), PRODUCER_FENCED, "somebody else has the id now");
  });

  it("gives a new producer id when the epochs of the old are used up", () => {
    const x = new Producer();
    x.init();
    x.age(32_765);
    assert.equal(x.init(), "0/32766");
    assert.equal(x.init({ producerId: 0, producerEpoch: 32_766 }), "1/0");
    assert.equal(x.init({ producerId: 0, producerEpoch: 32_766 }), "1/0", "its answer was lost");
    assert.equal(x.init({ producerId: 0, producerEpoch: 5 }), PRODUCER_FENCED);
    reloadsEqual(x);
  });

  it("aborts an open transaction first, and its producer is fenced", () => {
    const x = new Producer();
    x.init();
    assert.equal(x.add(0, 0), 0);
    assert.equal(x.init(), "aborted first");
    assert.equal(x.state, "CompleteAbort 0/1", "an epoch that nobody has");
    assert.equal(x.init(), "0/2");
    assert.equal(x.end(0, 0, true), PRODUCER_FENCED);
    reloadsEqual(x);
  });

  it("aborts with the last epoch there is, and goes on with another id", () => {
    const x = new Producer();
    x.init();
    x.age(32_766);
    x.add(0, 32_766, 0);
    assert.equal(x.init(), "aborted first");
    assert.equal(x.state, "CompleteAbort 0/32767");
    assert.equal(x.init(), "1/0");
  });

  it("waits for a transaction that is being ended", () => {
    const x = new Producer();
    x.init();
    x.add(0, 0);
    const answer = x.decide((shard) => shard.beginEnd("x", { ...zero, committed: true, transactionVersion: 2 }, x.now));
    assert.equal(x.init(), CONCURRENT_TRANSACTIONS);
    assert.ok(typeof answer === "object" && "ending" in answer.response);
    const { ending } = answer.response;
    x.decide((shard) => shard.prepare(ending));
    assert.equal(x.init(), CONCURRENT_TRANSACTIONS);
  });
});

const zero = { producerId: 0, producerEpoch: 0 };

describe("adding partitions", () => {
  it("begins a transaction, joins it, and writes nothing for what is in it", () => {
    const x = new Producer();
    x.init();
    assert.equal(x.add(0, 0, 2, "t", 0, 1), 0);
    x.now += 50;
    assert.equal(x.add(0, 0, 2, "u", 3), 0);
    assert.equal(x.add(0, 0, 2, "t", 2, 2, 1), 0);
    const { transactionPartitions, transactionStartTimestampMs, transactionLastUpdateTimestampMs } = x.shard.transactions.get("x")!;
    assert.deepEqual(transactionPartitions, [{ topic: "t", partitionIds: [0, 1, 2] }, { topic: "u", partitionIds: [3] }]);
    assert.deepEqual([transactionStartTimestampMs, transactionLastUpdateTimestampMs], [1_000, 1_050]);
    const written = x.log.length;
    assert.equal(x.add(0, 0, 2, "t", 1, 0), 0);
    assert.equal(x.log.length, written);
    assert.equal(x.shard.hasPartition("x", zero, "u", 3), true);
    assert.equal(x.shard.hasPartition("x", zero, "u", 0), false);
    assert.equal(x.shard.hasPartition("x", zero, "v", 0), false);
    reloadsEqual(x);
  });

  it("is for the producer that has the id", () => {
    const x = new Producer();
    assert.equal(x.add(0, 0), INVALID_PRODUCER_ID_MAPPING);
    x.init();
    assert.equal(x.add(1, 0), INVALID_PRODUCER_ID_MAPPING);
    assert.equal(x.add(0, 1), PRODUCER_FENCED);
    x.init();
    assert.equal(x.add(0, 0), PRODUCER_FENCED);
  });

  it("waits for the transaction before", () => {
    const x = new Producer();
    x.init();
    x.add(0, 0, 0);
    const answer = x.decide((shard) => shard.beginEnd("x", { ...zero, committed: true, transactionVersion: 0 }, x.now));
    assert.equal(x.add(0, 0, 0, "u"), CONCURRENT_TRANSACTIONS);
    assert.equal(x.end(0, 0, true, 0), CONCURRENT_TRANSACTIONS);
    assert.ok(typeof answer === "object" && "ending" in answer.response);
    const { ending } = answer.response;
    x.decide((shard) => shard.prepare(ending));
    assert.equal(x.add(0, 0, 0, "u"), CONCURRENT_TRANSACTIONS);
    assert.equal(x.end(0, 0, true, 0), CONCURRENT_TRANSACTIONS);
    assert.equal(x.end(0, 0, false, 0), INVALID_TXN_STATE);
    x.decide((shard) => shard.complete("x", x.now));
    assert.equal(x.add(0, 0, 0, "u"), 0);
    assert.deepEqual(x.shard.transactions.get("x")!.transactionPartitions, [{ topic: "u", partitionIds: [0] }]);
  });

  it("refuses more partitions than a record may have", () => {
    const x = new Producer();
    x.init();
    assert.equal(x.add(0, 0, 2, "t", ...Array.from({ length: 100_000 }, (_, index) => index)), 0);
    const topics = [{ topic: "u", partitionIds: Array.from({ length: 300_000 }, (_, index) => index) }];
    assert.equal(x.decide((shard) => shard.addPartitions("x", zero, topics, 2, x.now)), UNKNOWN_SERVER_ERROR);
  });
});

describe("EndTxn with transaction version 1", () => {
  it("leaves the epoch as it is, and answers when it is repeated", () => {
    const x = new Producer();
    x.init();
    assert.equal(x.end(0, 0, false, 0), INVALID_TXN_STATE, "nothing was begun");
    x.add(0, 0, 0);
    assert.equal(x.end(0, 0, true, 0), "0/0");
    assert.equal(x.state, "CompleteCommit 0/0");
    assert.equal(x.end(0, 0, true, 0), "again 0/0");
    assert.equal(x.end(0, 0, false, 0), INVALID_TXN_STATE);
    x.add(0, 0, 0);
    assert.equal(x.end(0, 0, false, 0), "0/0");
    assert.equal(x.end(0, 0, false, 0), "again 0/0");
    assert.equal(x.end(0, 0, true, 0), INVALID_TXN_STATE);
    assert.equal(x.end(1, 0, true, 0), INVALID_PRODUCER_ID_MAPPING);
    assert.equal(x.end(0, 1, true, 0), PRODUCER_FENCED);
    reloadsEqual(x);
  });
});

describe("EndTxn with transaction version 2", () => {
  it("gives each transaction an epoch of its own, and knows by it what is repeated", () => {
    const x = new Producer();
    assert.equal(x.end(0, 0, true), INVALID_PRODUCER_ID_MAPPING);
    x.init();
    x.add(0, 0);
    assert.equal(x.end(0, 0, true), "0/1");
    assert.equal(x.end(0, 0, true), "again 0/1");
    assert.equal(x.end(0, 0, false), INVALID_TXN_STATE);
    assert.equal(x.end(0, 1, true), INVALID_TXN_STATE, "nothing was begun with the new epoch");
    x.add(0, 1);
    assert.equal(x.end(0, 0, true), PRODUCER_FENCED, "late: it would have committed the next transaction");
    assert.equal(x.end(0, 1, false), "0/2");
    assert.equal(x.end(0, 1, false), "again 0/2");
    assert.equal(x.end(0, 1, true), INVALID_TXN_STATE);
    reloadsEqual(x);
  });

  it("aborts what was never begun", () => {
    const x = new Producer();
    x.init();
    assert.equal(x.end(0, 0, true), INVALID_TXN_STATE);
    assert.equal(x.end(0, 0, false), "0/1");
    assert.equal(x.end(0, 1, false), "0/2");
    x.add(0, 2);
    x.end(0, 2, true);
    x.now = 5_000;
    assert.equal(x.end(0, 3, false), "0/4", "after a commit");
    assert.equal(x.shard.transactions.get("x")!.transactionStartTimestampMs, 5_000);
    reloadsEqual(x);
  });

  it("goes on with another producer id when the epochs are used up, also when the answer is lost", () => {
    const x = new Producer();
    x.init();
    x.age(32_766);
    x.add(0, 32_766);
    assert.equal(x.end(0, 32_766, true), "1/0");
    assert.equal(x.end(0, 32_766, true), "again 1/0");
    assert.equal(x.end(0, 32_765, true), INVALID_PRODUCER_ID_MAPPING);
    assert.equal(x.add(1, 0), 0);
    assert.equal(x.end(1, 0, false), "1/1");
    reloadsEqual(x);
  });

  it("knows what is prepared by its epoch alone", () => {
    const x = new Producer();
    x.init();
    x.add(0, 0);
    const answer = x.decide((shard) => shard.beginEnd("x", { ...zero, committed: true, transactionVersion: 2 }, x.now));
    assert.ok(typeof answer === "object" && "ending" in answer.response);
    const { ending } = answer.response;
    x.decide((shard) => shard.prepare(ending));
    assert.equal(x.state, "PrepareCommit 0/1");
    assert.equal(x.end(0, 0, true), CONCURRENT_TRANSACTIONS);
    assert.equal(x.end(0, 0, false), INVALID_TXN_STATE);
    assert.equal(x.end(0, 1, true), PRODUCER_FENCED, "no producer has the new epoch yet");
    assert.deepEqual([...x.shard.preparedIds()], ["x"]);
    assert.deepEqual([...x.reload().preparedIds()], ["x"]);
  });

  it("cannot be prepared twice, nor when it was given up, nor by a shard that was read anew", () => {
    const x = new Producer();
    x.init();
    x.add(0, 0);
    const begin = () => {
      const answer = x.decide((shard) => shard.beginEnd("x", { ...zero, committed: true, transactionVersion: 2 }, x.now));
      assert.ok(typeof answer === "object" && "ending" in answer.response);
      return answer.response.ending;
    };
    const first = begin();
    x.shard.cancel(first);
    assert.equal(x.decide((shard) => shard.prepare(first)), NOT_COORDINATOR);
    const second = begin();
    assert.throws(() => x.reload().prepare(second), { code: NOT_COORDINATOR });
    assert.notEqual(typeof x.decide((shard) => shard.prepare(second)), "number");
    assert.equal(x.decide((shard) => shard.prepare(second)), NOT_COORDINATOR);
    x.decide((shard) => shard.complete("x", x.now));
    const again = x.decide((shard) => shard.complete("x", x.now));
    assert.ok(typeof again === "object");
    assert.deepEqual(again.records, []);
  });
});

describe("time", () => {
  it("makes a transaction time out once it is open for longer than its producer said", () => {
    const x = new Producer();
    x.init(null, 500);
    x.now += 10_000;
    assert.deepEqual(x.shard.timedOut(x.now), [], "nothing is open");
    x.add(0, 0);
    assert.deepEqual(x.shard.timedOut(x.now + 500), []);
    assert.deepEqual(x.shard.timedOut(x.now + 501), ["x"]);
    const fencing = x.decide((shard) => shard.beginFencing("x", x.now));
    assert.ok(typeof fencing === "object");
    assert.deepEqual(x.shard.timedOut(x.now + 501), [], "it is being aborted");
    assert.equal(x.finish(fencing.response), "0/1");
  });

  it("makes ids that nobody uses expire, but not their transactions", () => {
    const x = new Producer();
    x.init();
    const { transactionalIdExpirationMs } = transactionSettings;
    x.add(0, 0);
    x.now += transactionalIdExpirationMs;
    assert.deepEqual(x.decide((shard) => shard.expire(x.now)), { response: false, records: [] });
    const end = { producerId: 0, producerEpoch: 0, committed: true, transactionVersion: 2 };
    const ending = x.decide<Ended>((shard) => shard.beginEnd("x", end, x.now));
    assert.ok(typeof ending === "object" && "ending" in ending.response);
    const { response: begun } = ending;
    x.decide((shard) => shard.prepare(begun.ending));
    x.now += transactionalIdExpirationMs;
    assert.deepEqual(x.decide((shard) => shard.expire(x.now)), { response: false, records: [] }, "its markers are to be written");
    x.decide((shard) => shard.complete("x", x.now));
    assert.deepEqual(x.decide((shard) => shard.expire(x.now + transactionalIdExpirationMs - 1)), { response: false, records: [] });
    const { response, records } = x.decide((shard) => shard.expire(x.now + transactionalIdExpirationMs)) as {
      response: boolean;
      records: unknown;
    };
    assert.deepEqual([response, records], [true, [{ transactionalId: "x", value: null }]]);
    assert.equal(x.shard.transactions.size, 0);
    assert.equal(x.init(), "1/0", "as if it had never been");
    reloadsEqual(x);
  });
});
