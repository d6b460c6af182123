import assert from "node:assert/strict";
import { SeededRandom } from "../platform/mod.ts";
import { ZERO_UUID } from "../protocol/mod.ts";
import { Produce } from "../protocol/generated/00_produce.ts";
import { OffsetCommit } from "../protocol/generated/08_offset_commit.ts";
import { FindCoordinator } from "../protocol/generated/10_find_coordinator.ts";
import { JoinGroup, type JoinGroupResponse } from "../protocol/generated/11_join_group.ts";
import { SyncGroup } from "../protocol/generated/14_sync_group.ts";
import { CreateTopics } from "../protocol/generated/19_create_topics.ts";
import { DeleteTopics } from "../protocol/generated/20_delete_topics.ts";
import { DeleteRecords } from "../protocol/generated/21_delete_records.ts";
import { CreatePartitions } from "../protocol/generated/37_create_partitions.ts";
import { IncrementalAlterConfigs } from "../protocol/generated/44_incremental_alter_configs.ts";
import { batchOf, produceTo } from "../broker/testing/requests.ts";
import { LEDGER, Transactions } from "./crash_transactions.ts";
import {
  accepted,
  type Clients,
  type Facts,
  Interrupted,
  type ProducerFacts,
  type SentBatch,
  type TransactionFacts,
} from "./crash_clients.ts";

const STEPS = 12;
export const IN_FLIGHT = 5;
const SESSION_MS = 1_800_000;
/** Of IncrementalAlterConfigs. */
const SET = 0;
/** How many milliseconds of timestamps go into a segment: some three batches. */
const SEGMENT_MS = 1000;
/** Values of `retention.ms`: with the first all records are too old. */
const RETENTIONS = ["3600000", "604800000", "604800001"];
const TRANSACTION_ENDS = ["commit", "commit", "commit", "abort", "leave"] as const;
/** Until checkpoints are written, and until retention looks. */
const TICKS = [60_000, 300_000];
/** A topic that is deleted and made again. */
export const REMADE = "remade";

/**
 * What happens until the disk ends, as its seed will have it: two idempotent producers with five requests in flight, two groups, topics that come, change
 * and go, records that are deleted, transactions that write records and offsets, the broker's own work by the clock, and stops in good order. In one story of four
 * there is little but transactions.
 */
export class Workload {
  readonly #random: SeededRandom;
  readonly #transactions: Transactions;
  /** Of which kind the first step of all that are listed in `#step` is that may come. */
  readonly #firstKind: number;

  constructor(private readonly clients: Clients, private readonly facts: Facts, seed: number) {
    this.#random = new SeededRandom(seed);
    this.#firstKind = seed % 4 === 0 ? 17 : 0;
    this.#transactions = new Transactions(clients, facts.transactions);
  }

  async run(): Promise<void> {
    await this.#create("t", 2, { "segment.ms": `${SEGMENT_MS}`, "file.delete.delay.ms": "1000" });
    await this.#create(LEDGER, 2);
    await this.clients.within(this.clients.client.call(FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: ["fixed"] }));
    for (let partition = 0; partition < 2; partition++) {
      const id = await this.#initProducerId();
      this.facts.producers.push({ id, partition, sent: [], seen: 0, deleted: { asked: 0, acknowledged: 0 } });
    }
    for (let step = 0; step < STEPS; step++) await this.#step();
  }

  async #step(): Promise<void> {
    const kind = this.#firstKind + this.#random.below(24 - this.#firstKind);
    if (kind >= 20) return await this.#transactions.run([this.#ending(), this.#ending()]);
    if (kind < 6) return await this.#produce();
    if (kind < 8) return await this.#joinFixed();
    if (kind < 9) return await this.#joinChanging();
    if (kind < 12) return await this.#commit(this.#random.below(2) === 0 ? "fixed" : "changing");
    if (kind < 13) return await this.#alter(RETENTIONS[this.#random.below(RETENTIONS.length)]);
    if (kind < 14) return await this.#grow((this.facts.partitions.asked.at(-1) ?? 2) + 1);
    if (kind < 16) return await this.#remake();
    if (kind < 17) return await this.#deleteRecords(this.facts.producers[this.#random.below(2)]);
    if (kind < 19) return await this.clients.pass(TICKS[this.#random.below(TICKS.length)]);
    this.facts.isStopping = true;
    await this.clients.reopen();
    this.#transactions.forget();
    this.facts.isStopping = false;
    await this.#initProducerId();
  }

  #ending(): TransactionFacts["end"] {
    return TRANSACTION_ENDS[this.#random.below(TRANSACTION_ENDS.length)];
  }

  async #initProducerId(): Promise<number> {
    const id = await this.clients.initProducerId();
    this.facts.producerIds.push(id);
    return id;
  }

  /** Some batches of each producer at once. */
  async #produce(): Promise<void> {
    const answers = this.facts.producers.flatMap((producer) =>
      Array.from({ length: 1 + this.#random.below(IN_FLIGHT) }, async () => {
        const baseSequence = producer.sent.reduce((sum, { values }) => sum + values.length, 0);
        const values = [`${producer.id}.${baseSequence}`, `${producer.id}.${baseSequence + 1}`];
        const batch: SentBatch = { values, baseSequence, acknowledgedAt: null };
        producer.sent.push(batch);
        const [errorCode, baseOffset] = await this.clients.produce(producer, batch);
        accepted(errorCode);
        batch.acknowledgedAt = baseOffset;
      })
    );
    const settled = Promise.allSettled(answers);
    for (const producer of this.facts.producers) {
      producer.seen = Math.max(producer.seen, await this.clients.offset("t", producer.partition, "latest"));
    }
    const outcomes = await this.clients.within(settled);
    const failed = outcomes.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw new Interrupted("produce", { cause: failed.reason });
    const topic = (await this.clients.topics()).find(({ name }) => name === "t");
    this.facts.leaderEpoch = Math.max(this.facts.leaderEpoch, ...topic!.partitions.map(({ leaderEpoch }) => leaderEpoch));
  }

  /** The topic's next step in life: made, written to, deleted. */
  async #remake(): Promise<void> {
    const { topics } = this.facts;
    if (topics.get(REMADE) !== true) {
      this.facts.remade = { sent: [], acknowledged: 0 };
      return await this.#create(REMADE, 1);
    }
    if (this.#random.below(3) === 0) return await this.#delete(REMADE);
    const { remade } = this.facts;
    remade.sent.push(`${this.#random.below(1 << 30)}`);
    const request = produceTo(REMADE, 0, batchOf([remade.sent.at(-1)!]));
    accepted((await this.clients.within(this.clients.client.call(Produce, 9, request))).responses[0].partitionResponses[0].errorCode);
    remade.acknowledged = remade.sent.length;
  }

  async #deleteRecords({ partition: partitionIndex, seen, deleted }: ProducerFacts): Promise<void> {
    const offset = this.#random.below(seen + 1);
    deleted.asked = Math.max(deleted.asked, offset);
    const request = { topics: [{ name: "t", partitions: [{ partitionIndex, offset }] }], timeoutMs: 1000 };
    const { topics } = await this.clients.within(this.clients.client.call(DeleteRecords, 2, request));
    accepted(topics[0].partitions[0].errorCode);
    deleted.acknowledged = Math.max(deleted.acknowledged, topics[0].partitions[0].lowWatermark);
  }

  /** A static member that comes back each time. */
  async #joinFixed(): Promise<void> {
    await this.#assign("fixed", [await this.#join("fixed", "", "i")]);
  }

  /** A second member, so that both rejoin; first of all the first one. */
  async #joinChanging(): Promise<void> {
    const members = this.facts.members.get("changing");
    if (members === undefined) return await this.#assign("changing", [await this.#join("changing", await this.#memberId())]);
    if (members.length > 1) return;
    const second = await this.#memberId();
    this.facts.members.delete("changing");
    const both = Promise.all([second, members[0].memberId].map((memberId) => this.#join("changing", memberId)));
    await this.#assign("changing", await this.clients.within(both));
  }

  /** KIP-394: the id to join with. */
  async #memberId(): Promise<string> {
    const { memberId } = await this.clients.within(this.#askToJoin("changing", "", null));
    return memberId;
  }

  async #join(groupId: string, memberId: string, instance: string | null = null): Promise<JoinGroupResponse> {
    this.facts.members.delete(groupId);
    const response = await this.clients.within(this.#askToJoin(groupId, memberId, instance));
    accepted(response.errorCode);
    return response;
  }

  #askToJoin(groupId: string, memberId: string, groupInstanceId: string | null): Promise<JoinGroupResponse> {
    const protocols = [{ name: "range", metadata: new Uint8Array(4) }];
    const times = { sessionTimeoutMs: SESSION_MS, rebalanceTimeoutMs: SESSION_MS };
    const request = { groupId, ...times, memberId, groupInstanceId, protocolType: "consumer", protocols, reason: null };
    return this.clients.client.call(JoinGroup, 9, request);
  }

  /** The leader's SyncGroup last, so that the others wait for it. */
  async #assign(groupId: string, joined: readonly JoinGroupResponse[]): Promise<void> {
    const instance = groupId === "fixed" ? "i" : null;
    const leaderLast = joined.toSorted((a, b) => a.members.length - b.members.length);
    const answers = leaderLast.map(({ memberId, generationId, members, skipAssignment }) => {
      const assignments = skipAssignment ? [] : members.map(({ memberId }) => ({ memberId, assignment: Uint8Array.of(1) }));
      const named = { protocolType: "consumer", protocolName: "range", groupInstanceId: instance };
      return this.clients.client.call(SyncGroup, 5, { groupId, generationId, memberId, ...named, assignments });
    });
    for (const { errorCode, assignment } of await this.clients.within(Promise.all(answers))) {
      accepted(errorCode);
      assert.deepEqual([...assignment], [1]);
    }
    this.facts.members.set(groupId, joined.map(({ memberId, generationId: generation }) => ({ memberId, instance, generation })));
  }

  /** A member commits what it may have read. */
  async #commit(groupId: string): Promise<void> {
    const [member] = this.facts.members.get(groupId) ?? [];
    if (member === undefined) return;
    const { memberId, instance: groupInstanceId, generation: generationIdOrMemberEpoch } = member;
    const committedOffset = this.facts.producers[0].seen;
    const partitions = [{ partitionIndex: 0, committedOffset, committedLeaderEpoch: -1, committedMetadata: null }];
    const topics = [{ name: "t", topicId: ZERO_UUID, partitions }];
    const request = { groupId, generationIdOrMemberEpoch, memberId, groupInstanceId, retentionTimeMs: -1, topics };
    const commits = this.facts.commits.get(groupId) ?? { offsets: [], acknowledged: 0 };
    this.facts.commits.set(groupId, commits);
    commits.offsets.push(committedOffset);
    const response = await this.clients.within(this.clients.client.call(OffsetCommit, 9, request));
    accepted(response.topics[0].partitions[0].errorCode);
    commits.acknowledged = commits.offsets.length;
  }

  async #create(name: string, numPartitions: number, configs: Readonly<Record<string, string>> = {}): Promise<void> {
    this.facts.topics.set(name, null);
    const named = Object.entries(configs).map(([name, value]) => ({ name, value }));
    const topic = { name, numPartitions, replicationFactor: 1, assignments: [], configs: named };
    const request = { topics: [topic], timeoutMs: 1000, validateOnly: false };
    accepted((await this.clients.within(this.clients.client.call(CreateTopics, 7, request))).topics[0].errorCode);
    this.facts.topics.set(name, true);
  }

  async #alter(value: string): Promise<void> {
    const { retentions } = this.facts;
    retentions.asked.push(value);
    const configs = [{ name: "retention.ms", configOperation: SET, value }];
    const request = { resources: [{ resourceType: 2, resourceName: "t", configs }], validateOnly: false };
    accepted((await this.clients.within(this.clients.client.call(IncrementalAlterConfigs, 1, request))).responses[0].errorCode);
    retentions.acknowledged = retentions.asked.length;
  }

  async #grow(count: number): Promise<void> {
    const { partitions } = this.facts;
    partitions.asked.push(count);
    const request = { topics: [{ name: "t", count, assignments: null }], timeoutMs: 1000, validateOnly: false };
    accepted((await this.clients.within(this.clients.client.call(CreatePartitions, 3, request))).results[0].errorCode);
    partitions.acknowledged = partitions.asked.length;
  }

  async #delete(name: string): Promise<void> {
    this.facts.topics.set(name, null);
    const request = { topics: [{ name, topicId: ZERO_UUID }], topicNames: [], timeoutMs: 1000 };
    accepted((await this.clients.within(this.clients.client.call(DeleteTopics, 6, request))).responses[0].errorCode);
    this.facts.topics.set(name, false);
  }
}
