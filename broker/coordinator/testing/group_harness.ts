import assert from "node:assert/strict";
import { ManualClock, recordingLogger, SeededRandom, type Timer } from "../../../platform/mod.ts";
import { type Api, Reader, Writer } from "../../../protocol/mod.ts";
import { ConsumerProtocolSubscription } from "../../../protocol/generated/records/consumer_protocol_subscription.ts";
import { Heartbeat } from "../../../protocol/generated/12_heartbeat.ts";
import { JoinGroup, type JoinGroupRequest, type JoinGroupResponse } from "../../../protocol/generated/11_join_group.ts";
import { LeaveGroup, type LeaveGroupMemberIdentity, type LeaveGroupMemberResponse } from "../../../protocol/generated/13_leave_group.ts";
import {
  OffsetCommit,
  type OffsetCommitRequest,
  type OffsetCommitRequestTopic,
  type OffsetCommitResponseTopic,
} from "../../../protocol/generated/08_offset_commit.ts";
import { SyncGroup, type SyncGroupRequest, type SyncGroupResponse } from "../../../protocol/generated/14_sync_group.ts";
import {
  TxnOffsetCommit,
  type TxnOffsetCommitRequest,
  type TxnOffsetCommitResponseTopic,
} from "../../../protocol/generated/28_txn_offset_commit.ts";
import { NO_PRODUCER_ID } from "../../../protocol/records/mod.ts";
import { KafkaError } from "../../kafka_error.ts";
import type { ClassicGroup } from "../group/classic/group.ts";
import { isWaiting, metadataOf } from "../group/classic/member.ts";
import type { GroupSettings } from "../group/environment.ts";
import { type GroupRecord, groupRecordCodec } from "../group/records.ts";
import { GroupShard } from "../group/shard.ts";
import type { TransactionVerifier } from "../transaction_verifier.ts";
import { type Decision, type KeyValue, Parked, type ShardTimers } from "../shard.ts";

export const groupSettings: GroupSettings = {
  groupMinSessionTimeoutMs: 6_000,
  groupMaxSessionTimeoutMs: 1_800_000,
  groupInitialRebalanceDelayMs: 0,
  groupMaxSize: 2_147_483_647,
  offsetMetadataMaxBytes: 4096,
  offsetsRetentionMs: 604_800_000,
  offsetsRetentionCheckIntervalMs: 600_000,
  maxBatchBytes: 1_048_588,
};

/** A coordinator that knows of every transaction. */
export const everyTransaction: TransactionVerifier = { verify: () => Promise.resolve() };

/** A request on its way: what was decided at once, and the response, once there is one. */
export interface Call<Res> {
  readonly records: readonly GroupRecord[];
  response: Res | null;
  /** The code of the error that the request as a whole failed with. */
  error: number | null;
}

/**
 * A group shard as a pure function: requests in, responses and records out. Each request goes through its bytes, which are overwritten when the
 * decision is made. After every step the shard is read back from the records that it wrote, and must equal the live one; and the invariants hold.
 */
export class GroupHarness {
  readonly clock: ManualClock = new ManualClock();
  readonly logger: ReturnType<typeof recordingLogger> = recordingLogger();
  readonly stored: (KeyValue & { readonly producerId: number; readonly end?: "commit" | "abort" })[] = [];
  readonly settings: GroupSettings;
  readonly #random: SeededRandom;
  readonly #timers = new Map<string, Timer>();
  readonly #generations = new Map<string, number>();
  #shard: GroupShard;
  #parked = 0;
  /** Records of the timers that fired in the last step. */
  timed: GroupRecord[] = [];

  constructor(settings: Partial<GroupSettings> = {}, seed = 1) {
    this.settings = { ...groupSettings, ...settings };
    this.#random = new SeededRandom(seed);
    this.#shard = this.#make(this.#shardTimers());
    this.#shard.loaded();
  }

  get shard(): GroupShard {
    return this.#shard;
  }

  group(groupId = "g"): ClassicGroup {
    const group = this.#shard.groups.get(groupId);
    assert.ok(group, `group ${groupId} exists`);
    return group;
  }

  /** Timers that groups have set. */
  get timers(): readonly string[] {
    return [...this.#timers.keys()].filter((key) => key !== "expire-group-metadata");
  }

  join(fields: Partial<JoinGroupRequest> = {}, version = 9, clientId = "c"): Promise<Call<JoinGroupResponse>> {
    const request = poisoned(JoinGroup, version, {
      groupId: "g",
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 60_000,
      memberId: "",
      groupInstanceId: null,
      protocolType: "consumer",
      protocols: [{ name: "range", metadata: Uint8Array.of(1, 2, 3) }],
      reason: null,
      ...fields,
    });
    const caller = { apiVersion: version, clientId, clientHost: "/127.0.0.1" };
    return this.step((shard) => shard.join(caller, request.message), request.poison);
  }

  sync(fields: Partial<SyncGroupRequest> & { memberId: string; generationId: number }): Promise<Call<SyncGroupResponse>> {
    const request = poisoned(SyncGroup, 5, {
      groupId: "g",
      groupInstanceId: null,
      protocolType: "consumer",
      protocolName: null,
      assignments: [],
      ...fields,
    });
    return this.step((shard) => shard.sync(request.message), request.poison);
  }

  heartbeat(memberId: string, generationId: number, groupInstanceId: string | null = null, groupId = "g"): Promise<Call<number>> {
    const request = poisoned(Heartbeat, 4, { groupId, generationId, memberId, groupInstanceId });
    return this.step((shard) => shard.heartbeat(request.message), request.poison);
  }

  leave(members: (Partial<LeaveGroupMemberIdentity> & { memberId: string })[], groupId = "g"): Promise<Call<LeaveGroupMemberResponse[]>> {
    const identities = members.map((member) => ({ groupInstanceId: null, reason: null, ...member }));
    const request = poisoned(LeaveGroup, 5, { groupId, memberId: "", members: identities });
    return this.step((shard) => shard.leave(request.message.groupId, request.message.members), request.poison);
  }

  commit(fields: Partial<OffsetCommitRequest> = {}, version = 9): Promise<Call<OffsetCommitResponseTopic[]>> {
    const request = poisoned(OffsetCommit, version, {
      groupId: "g",
      generationIdOrMemberEpoch: -1,
      memberId: "",
      groupInstanceId: null,
      retentionTimeMs: -1,
      topics: [commitTo("t", 0, 5)],
      ...fields,
    });
    const caller = { apiVersion: version, clientId: "c", clientHost: "/127.0.0.1" };
    return this.step((shard) => shard.commit(caller, request.message), request.poison);
  }

  /** Moves the clock; what becomes due decides. */
  async advance(ms: number): Promise<void> {
    this.timed = [];
    this.clock.advance(ms);
    await turns();
    this.check();
  }

  /** The broker is killed and started again: the shard is what its records say, requests that waited are gone. */
  async restart(settings: Partial<GroupSettings> = {}): Promise<void> {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    this.#generations.clear();
    this.#parked = 0;
    Object.assign(this.settings, settings);
    this.#shard = this.#read(this.#shardTimers());
    await turns();
    this.check();
  }

  /** A commit in the transaction of a producer. */
  commitTransactional(producerId: number, fields: Partial<TxnOffsetCommitRequest> = {}): Promise<Call<TxnOffsetCommitResponseTopic[]>> {
    const request = poisoned(TxnOffsetCommit, 5, {
      transactionalId: "tx",
      groupId: "g",
      producerId,
      producerEpoch: 0,
      generationId: -1,
      memberId: "",
      groupInstanceId: null,
      topics: [commitTo("t", 0, 5)],
      ...fields,
    });
    return this.step((shard) => shard.commitTransactional(request.message), request.poison, producerId);
  }

  /** A producer's transaction ends. */
  end(producerId: number, end: "commit" | "abort"): void {
    this.#shard.replayEndTransactionMarker(producerId, end === "commit");
    this.stored.push({ key: null, value: null, producerId, end });
    this.check();
  }

  async step<Res>(
    decide: (shard: GroupShard) => Decision<Res, GroupRecord>,
    decided: () => void = () => {},
    producerId = NO_PRODUCER_ID,
  ): Promise<Call<Res>> {
    const call: { records: readonly GroupRecord[]; response: Res | null; error: number | null } = {
      records: [],
      response: null,
      error: null,
    };
    try {
      const decision = decide(this.#shard);
      decided();
      call.records = decision.records;
      const { response } = decision;
      if (response instanceof Parked) {
        this.#parked++;
        response.promise.then((answer) => call.response = answer);
      } else {
        call.response = response;
      }
      this.#apply(decision, producerId);
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      call.error = error.code;
    }
    await turns();
    this.check();
    return call;
  }

  check(): void {
    const reloaded = this.#read({ schedule() {}, cancel() {} });
    assert.deepEqual(hardState(reloaded), hardState(this.#shard), "what the log says is what the shard knows");
    assert.ok(this.#timers.has("expire-group-metadata"), "what expires is looked for");
    for (const groupId of this.#generations.keys()) if (!this.#shard.groups.has(groupId)) this.#generations.delete(groupId);
    let waiting = 0;
    for (const group of this.#shard.groups.values()) {
      if (group.state === "Stable" || group.state === "Empty") {
        assert.deepEqual(describe(reloaded.groups.get(group.groupId)), describe(group), `${group.state} group as it was reloaded`);
      }
      waiting += this.#checkGroup(group);
    }
    assert.equal(waiting, this.#parked, "every parked request belongs to a member");
  }

  /** The invariants of a group; answers how many requests it has parked. */
  #checkGroup(group: ClassicGroup): number {
    const { state, members, pendingJoin, pendingSync } = group;
    let waiting = 0;
    for (const [memberId, member] of members) {
      assert.equal(memberId, member.memberId);
      assert.ok(!pendingJoin.has(memberId), "a member is not pending");
      assert.ok(member.awaitingJoin === null || state === "PreparingRebalance", `a parked JoinGroup in ${state}`);
      assert.ok(member.awaitingSync === null || state === "CompletingRebalance", `a parked SyncGroup in ${state}`);
      assert.ok(member.awaitingJoin === null || member.awaitingSync === null);
      assert.ok(this.#hasHeartbeat(group, memberId) || isWaiting(member), `${memberId} has a deadline`);
      if (member.instanceId !== null) assert.equal(group.memberIdOf(member.instanceId), memberId);
      waiting += (member.awaitingJoin === null ? 0 : 1) + (member.awaitingSync === null ? 0 : 1);
    }
    for (const memberId of pendingJoin) assert.ok(this.#hasHeartbeat(group, memberId), `pending ${memberId} has a deadline`);
    for (const memberId of pendingSync) assert.ok(members.has(memberId), "who is to sync is a member");
    assert.ok(pendingSync.size === 0 || state === "CompletingRebalance" || state === "Stable");
    assert.equal(
      pendingSync.size > 0,
      this.#timers.has(`sync ${group.groupId}`),
      "the deadline for SyncGroup stands while somebody is missing",
    );
    if (state === "Empty") assert.equal(members.size, 0);
    else assert.ok(members.size === 0 ? group.leader === null : members.has(group.leader ?? ""), "the leader is a member");
    if (state === "Stable" || state === "CompletingRebalance") {
      for (const member of members.values()) metadataOf(member, group.protocol ?? "");
    }
    if (state === "PreparingRebalance") {
      assert.ok(this.#timers.has(`join ${group.groupId}`), "the rebalance has a deadline");
      assert.ok(!group.haveAllJoined || group.previousState === "Empty", "nobody waits when all have joined");
    }
    assert.ok(group.generation >= (this.#generations.get(group.groupId) ?? 0), "generations go up");
    this.#generations.set(group.groupId, group.generation);
    return waiting;
  }

  #hasHeartbeat({ groupId }: ClassicGroup, memberId: string): boolean {
    return this.#timers.has(`heartbeat ${groupId.length} ${groupId} ${memberId}`);
  }

  #apply(decision: Pick<Decision<void, GroupRecord>, "records" | "replies">, producerId = NO_PRODUCER_ID): void {
    for (const record of decision.records) {
      const { key, value } = groupRecordCodec.encode(record);
      this.#shard.replay(record, this.stored.length, producerId);
      this.stored.push({ key: key && key.slice(), value: value && value.slice(), producerId });
    }
    for (const { give } of decision.replies ?? []) {
      this.#parked--;
      give();
    }
  }

  #read(timers: ShardTimers<GroupRecord>): GroupShard {
    const shard = this.#make(timers);
    for (const [offset, { key, value, producerId, end }] of this.stored.entries()) {
      if (end !== undefined) {
        shard.replayEndTransactionMarker(producerId, end === "commit");
        continue;
      }
      const bytes = { key: key && key.slice(), value: value && value.slice() };
      const record = groupRecordCodec.decode(bytes.key, bytes.value);
      assert.ok(record);
      bytes.key?.fill(0xa5);
      bytes.value?.fill(0xa5);
      shard.replay(record, offset, producerId);
    }
    shard.loaded();
    return shard;
  }

  #make(timers: ShardTimers<GroupRecord>): GroupShard {
    return new GroupShard({
      settings: this.settings,
      timers,
      canWrite: () => true,
      clock: this.clock,
      random: this.#random,
      logger: this.logger,
    });
  }

  #shardTimers(): ShardTimers<GroupRecord> {
    const cancel = (key: string): void => {
      this.#timers.get(key)?.cancel();
      this.#timers.delete(key);
    };
    const schedule = (key: string, delayMs: number, operation: () => Decision<void, GroupRecord>): void => {
      cancel(key);
      const timer = this.clock.schedule(delayMs, () => {
        this.#timers.delete(key);
        const decision = operation();
        this.timed.push(...decision.records);
        this.#apply(decision);
      });
      this.#timers.set(key, timer);
    };
    return { schedule, cancel };
  }
}

/** The request has no answer yet. */
export function assertParked(call: Call<unknown>): void {
  assert.deepEqual([call.response, call.error], [null, null]);
}

/** What a consumer says of itself: version 0 of the consumer protocol. */
export function subscriptionTo(...topics: string[]): Uint8Array {
  const writer = new Writer();
  writer.int16(0);
  ConsumerProtocolSubscription.write(writer, { topics, userData: null, ownedPartitions: [], generationId: -1, rackId: null }, 0);
  return writer.written().slice();
}

/** A commit of one partition. */
export function commitTo(
  name: string,
  partitionIndex: number,
  committedOffset: number,
  committedMetadata: string | null = null,
): OffsetCommitRequestTopic {
  const topicId = "AAAAAAAAAAAAAAAAAAAAAA";
  return { name, topicId, partitions: [{ partitionIndex, committedOffset, committedLeaderEpoch: 3, committedMetadata }] };
}

/** A request as a handler sees it, and what makes its bytes unusable. */
export function poisoned<Req, Res>(api: Api<Req, Res>, version: number, request: Req): { message: Req; poison: () => void } {
  const writer = new Writer();
  api.writeRequest(writer, request, version);
  const bytes = writer.written().slice();
  return { message: api.readRequest(new Reader(bytes, { api: api.name, version }), version), poison: () => void bytes.fill(0xa5) };
}

function hardState(shard: GroupShard): unknown {
  const groups = [...shard.groups].map(([groupId, { committed }]) => {
    assert.ok(committed, `group ${groupId} is durable`);
    return { groupId, committed };
  });
  return {
    groups: groups.sort((a, b) => a.groupId < b.groupId ? -1 : 1),
    offsets: [...shard.offsets.entries()],
    pending: [...shard.offsets.pending()],
  };
}

function describe(group: ClassicGroup | undefined): unknown {
  assert.ok(group);
  const { state, generation, protocol, protocolType, leader, stateTimestamp } = group;
  const members = [...group.members.values()].map((member) => ({
    ...member,
    protocols: metadataOf(member, protocol ?? ""),
    assignment: group.assignmentOf(member.memberId),
    isNew: false,
  }));
  return { state, generation, protocol, protocolType, leader, stateTimestamp, members };
}

async function turns(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}
