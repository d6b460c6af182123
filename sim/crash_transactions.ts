import assert from "node:assert/strict";
import { ErrorCode, ZERO_UUID } from "../protocol/mod.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import { readCommitted, TransactionalProducer } from "../broker/testing/transaction_client.ts";
import { type Clients, Interrupted, type TransactionFacts } from "./crash_clients.ts";

/** Where transactions write, to both of its partitions: whose it is and its number. */
export const LEDGER = "ledger";
const PARTITIONS = [0, 1];
/** Each by a version of transactions; its id is its group's, too, which is at the number of the last that was committed. */
const PRODUCERS = [{ id: "old", version: 1 }, { id: "new", version: 2 }] as const;
/** For as long as it takes two producers to end a transaction each; no transaction times out. */
const PATIENCE = 100;
const TIMEOUT_MS = 900_000;

/** Two producers, each of which writes to two partitions and commits an offset in each of its transactions. */
export class Transactions {
  readonly #producers = new Map<string, TransactionalProducer>();

  /** `facts` are those of each producer. */
  constructor(private readonly clients: Clients, private readonly facts: readonly TransactionFacts[][]) {}

  /** A transaction of each at the same time. */
  async run(ends: readonly TransactionFacts["end"][]): Promise<void> {
    await this.clients.within(Promise.all(PRODUCERS.map((_, index) => this.#run(index, ends[index]))), PATIENCE);
  }

  /** The broker is another: the next transaction begins on a new connection. */
  forget(): void {
    this.#producers.clear();
  }

  async #run(index: number, end: TransactionFacts["end"]): Promise<void> {
    const { id, version } = PRODUCERS[index];
    const producer = this.#producers.get(id) ?? await begin(this.clients, index);
    this.#producers.delete(id);
    const facts = this.facts[index];
    const number = facts.length;
    const fact = { end, acknowledged: false };
    facts.push(fact);
    for (const partition of PARTITIONS) {
      if (version === 1) fine(await producer.add(LEDGER, partition));
      fine(await producer.send(LEDGER, partition, [`${id} ${number}`], { acks: 1 })); // nobody has waited for the disk yet
    }
    fine(await producer.commitOffset(id, "t", 0, number));
    if (end !== "leave") {
      fine(await producer.end(end === "commit"));
      this.#producers.set(id, producer);
    }
    fact.acknowledged = true;
  }
}

/**
 * All or nothing: of each producer, what is read in either partition is what it has committed, in order, and the offset is that of the last one; what it asked for last may
 * have come to pass. Nothing that was open is in the way of what comes next.
 */
export async function checkTransactions(clients: Clients, facts: readonly (readonly TransactionFacts[])[]): Promise<void> {
  if (facts.every(({ length }) => length === 0)) return;
  for (const [index, { id, version }] of PRODUCERS.entries()) {
    const producer = await clients.within(begin(clients, index), PATIENCE);
    if (version === 1) fine(await clients.within(producer.add(LEDGER, 0)));
    fine(await clients.within(producer.send(LEDGER, 0, [`${id} again`])));
    fine(await clients.within(producer.end(true)));
  }
  const [first, second] = await Promise.all(
    PARTITIONS.map(async (partition) => (await clients.within(readCommitted(clients.client, LEDGER, partition))).values),
  );
  for (const [index, { id }] of PRODUCERS.entries()) {
    const own = (values: readonly string[]) => values.flatMap((value) => value.startsWith(id) ? [value.split(" ")[1]] : []);
    const found = own(first);
    assert.equal(found.pop(), "again", `${id}: what came after the crash is read`);
    assert.deepEqual(found, own(second), `${id}: what is in one partition is in the other`);
    const wanted = facts[index].flatMap(({ end, acknowledged }, number) => end === "commit" && acknowledged ? [`${number}`] : []);
    const last = facts[index].at(-1);
    const inDoubt = last?.end === "commit" && !last.acknowledged ? `${facts[index].length - 1}` : null;
    assert.deepEqual(found.filter((number) => number !== inDoubt), wanted, `${id}: committed transactions, each once`);
    assert.equal(await committedOffset(clients, id), Number(found.at(-1) ?? -1), `${id}: the offset of the last of ${found}`);
  }
}

async function committedOffset(clients: Clients, groupId: string): Promise<number> {
  const asked = { groupId, memberId: null, memberEpoch: -1, topics: [{ name: "t", topicId: ZERO_UUID, partitionIndexes: [0] }] };
  const request = { groupId: "", topics: [], groups: [asked], requireStable: true };
  const { groups } = await clients.within(clients.client.call(OffsetFetch, 9, request));
  const [{ errorCode, committedOffset }] = groups[0].topics[0].partitions;
  assert.equal(errorCode, ErrorCode.NONE);
  return committedOffset;
}

/** The producer anew; what it has left open is aborted. */
async function begin(clients: Clients, index: number): Promise<TransactionalProducer> {
  const { id, version } = PRODUCERS[index];
  const producer = new TransactionalProducer(await clients.another(), id, version);
  fine(await producer.init(TIMEOUT_MS));
  return producer;
}

function fine(answer: string): void {
  if (answer !== "NONE") throw new Interrupted(`refused with ${answer}`);
}
