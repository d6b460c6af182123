import assert from "node:assert/strict";
import { ErrorCode, ZERO_UUID } from "../protocol/mod.ts";
import { Produce } from "../protocol/generated/00_produce.ts";
import { Fetch } from "../protocol/generated/01_fetch.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import { FindCoordinator } from "../protocol/generated/10_find_coordinator.ts";
import { InitProducerId } from "../protocol/generated/22_init_producer_id.ts";
import { EndTxn } from "../protocol/generated/26_end_txn.ts";
import { TxnOffsetCommit } from "../protocol/generated/28_txn_offset_commit.ts";
import { batches, ControlRecordType, parseEndTransactionMarker } from "../protocol/records/mod.ts";
import { batchOf, fetchFrom, produceTo } from "../broker/testing/requests.ts";
import { accepted, type Clients, type TransactionFacts } from "./crash_clients.ts";

/** Where transactions write: the number of each, and as the offset of `t-0` that the group has come to, the next number. */
export const LEDGER = "ledger";
const GROUP = "transactional";
const TRANSACTIONAL_ID = "x";

interface Producer {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** A producer that writes a record and commits an offset in each of its transactions (transaction version 2). */
export class Transactions {
  #producer: Producer | null = null;

  constructor(private readonly clients: Clients, private readonly facts: TransactionFacts[]) {}

  async run(end: TransactionFacts["end"]): Promise<void> {
    const { clients } = this;
    const producer = this.#producer ?? await begin(clients);
    const number = this.facts.length;
    const fact = { end, acknowledged: false };
    this.facts.push(fact);
    const batch = batchOf([`${number}`], { ...producer, baseSequence: 0, isTransactional: true });
    const produced = await clients.within(
      clients.client.call(Produce, 12, { ...produceTo(LEDGER, 0, batch), transactionalId: TRANSACTIONAL_ID }),
    );
    accepted(produced.responses[0].partitionResponses[0].errorCode);
    const partition = { partitionIndex: 0, committedOffset: number + 1, committedLeaderEpoch: -1, committedMetadata: null };
    const nobody = { generationId: -1, memberId: "", groupInstanceId: null };
    const topics = [{ name: "t", partitions: [partition] }];
    const commit = { transactionalId: TRANSACTIONAL_ID, groupId: GROUP, ...producer, ...nobody, topics };
    accepted((await clients.within(clients.client.call(TxnOffsetCommit, 5, commit))).topics[0].partitions[0].errorCode);
    this.#producer = end === "leave" ? null : await this.#end(producer, end === "commit");
    fact.acknowledged = true;
  }

  async #end(producer: Producer, committed: boolean): Promise<Producer> {
    const request = { transactionalId: TRANSACTIONAL_ID, ...producer, committed };
    const { errorCode, producerId, producerEpoch } = await this.clients.within(this.clients.client.call(EndTxn, 5, request));
    accepted(errorCode);
    return { producerId, producerEpoch };
  }
}

/** All or nothing: what is read is what was committed, in order, and the offset is that of the last one. What was asked for last may have come to pass. */
export async function checkTransactions(clients: Clients, facts: readonly TransactionFacts[]): Promise<void> {
  if (facts.length === 0) return;
  await begin(clients);
  const found = await readCommitted(clients);
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

/** The producer's id and epoch; what it has left open is aborted. */
async function begin(clients: Clients): Promise<Producer> {
  const { coordinators } = await clients.within(
    clients.client.call(FindCoordinator, 4, { key: "", keyType: 1, coordinatorKeys: [TRANSACTIONAL_ID] }),
  );
  accepted(coordinators[0].errorCode);
  const { errorCode, producerId, producerEpoch } = await clients.within(clients.client.call(InitProducerId, 5, {
    transactionalId: TRANSACTIONAL_ID,
    transactionTimeoutMs: 900_000,
    producerId: -1,
    producerEpoch: -1,
    enable2Pc: false,
    keepPreparedTxn: false,
  }));
  accepted(errorCode);
  return { producerId, producerEpoch };
}

/** What a consumer of committed records reads. */
async function readCommitted(clients: Clients): Promise<number[]> {
  const found: number[] = [];
  for (let next = 0;;) {
    const { responses } = await clients.within(clients.client.call(Fetch, 12, fetchFrom(LEDGER, 0, next, { isolationLevel: 1 })));
    const [{ errorCode, records, lastStableOffset, abortedTransactions }] = responses[0].partitions;
    assert.equal(errorCode, ErrorCode.NONE);
    const aborted = (abortedTransactions ?? []).toSorted((a, b) => a.firstOffset - b.firstOffset);
    const ids = new Set<number>();
    for (const batch of batches(records as Uint8Array)) {
      while (aborted.length > 0 && aborted[0].firstOffset <= batch.lastOffset) ids.add(aborted.shift()!.producerId);
      for (const { key, value } of batch.records()) {
        if (batch.isControl && parseEndTransactionMarker(key, value)?.type === ControlRecordType.ABORT) ids.delete(batch.producerId);
        if (!batch.isControl && !ids.has(batch.producerId)) found.push(Number(new TextDecoder().decode(value!)));
      }
      next = batch.lastOffset + 1;
    }
    if (next >= lastStableOffset) return found;
  }
}
