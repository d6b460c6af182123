import assert from "node:assert/strict";
import { ErrorCode, ZERO_UUID } from "../protocol/mod.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import { readCommitted, TransactionalProducer } from "../broker/testing/transaction_client.ts";
import { type Clients, Interrupted, type TransactionFacts } from "./crash_clients.ts";

/** Where transactions write: the number of each, and as the offset of `t-0` that the group has come to, the next number. */
export const LEDGER = "ledger";
const GROUP = "transactional";
const TRANSACTIONAL_ID = "x";

/** A producer that writes a record and commits an offset in each of its transactions (transaction version 2). */
export class Transactions {
  #producer: TransactionalProducer | null = null;

  constructor(private readonly clients: Clients, private readonly facts: TransactionFacts[]) {}

  async run(end: TransactionFacts["end"]): Promise<void> {
    const producer = this.#producer ?? await begin(this.clients);
    const number = this.facts.length;
    const fact = { end, acknowledged: false };
    this.facts.push(fact);
    await fine(this.clients, producer.send(LEDGER, 0, [`${number}`]));
    await fine(this.clients, producer.commitOffset(GROUP, "t", 0, number + 1));
    if (end !== "leave") await fine(this.clients, producer.end(end === "commit"));
    this.#producer = end === "leave" ? null : producer;
    fact.acknowledged = true;
  }

  /** The broker is another: the next transaction begins on a new connection. */
  forget(): void {
    this.#producer = null;
  }
}

/** All or nothing: what is read is what was committed, in order, and the offset is that of the last one. What was asked for last may have come to pass. */
export async function checkTransactions(clients: Clients, facts: readonly TransactionFacts[]): Promise<void> {
  if (facts.length === 0) return;
  await begin(clients);
  const { values } = await clients.within(readCommitted(clients.client, LEDGER, 0));
  const found = values.map(Number);
  const wanted = facts.flatMap(({ end, acknowledged }, number) => end === "commit" && acknowledged ? [number] : []);
  const [last] = facts.slice(-1);
  const inDoubt = last.end === "commit" && !last.acknowledged ? facts.length - 1 : null;
  assert.deepEqual(found.filter((number) => number !== inDoubt), wanted, "committed transactions, each once");
  const asked = { groupId: GROUP, memberId: null, memberEpoch: -1, topics: [{ name: "t", topicId: ZERO_UUID, partitionIndexes: [0] }] };
  const request = { groupId: "", topics: [], groups: [asked], requireStable: true };
  const { groups } = await clients.within(clients.client.call(OffsetFetch, 9, request));
  const [{ errorCode, committedOffset }] = groups[0].topics[0].partitions;
  assert.deepEqual([errorCode, committedOffset], [ErrorCode.NONE, (found.at(-1) ?? -2) + 1], `the offset of the last of ${found}`);
}

/** The producer anew; what it has left open is aborted. */
async function begin(clients: Clients): Promise<TransactionalProducer> {
  const producer = new TransactionalProducer(clients.client, TRANSACTIONAL_ID, 2);
  await fine(clients, producer.init(900_000));
  return producer;
}

async function fine(clients: Clients, answer: Promise<string>): Promise<void> {
  const name = await clients.within(answer);
  if (name !== "NONE") throw new Interrupted(`refused with ${name}`);
}
