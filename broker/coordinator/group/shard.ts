import { ErrorCode } from "../../../protocol/errors.ts";
import type { OffsetCommitRequest, OffsetCommitResponseTopic } from "../../../protocol/generated/08_offset_commit.ts";
import type { OffsetFetchRequestTopics, OffsetFetchResponseTopics } from "../../../protocol/generated/09_offset_fetch.ts";
import type { JoinGroupRequest, JoinGroupResponse } from "../../../protocol/generated/11_join_group.ts";
import type { HeartbeatRequest } from "../../../protocol/generated/12_heartbeat.ts";
import type { LeaveGroupMemberIdentity, LeaveGroupMemberResponse } from "../../../protocol/generated/13_leave_group.ts";
import type { SyncGroupRequest, SyncGroupResponse } from "../../../protocol/generated/14_sync_group.ts";
import type { DescribedGroup } from "../../../protocol/generated/15_describe_groups.ts";
import type { ListedGroup } from "../../../protocol/generated/16_list_groups.ts";
import type { TxnOffsetCommitRequest, TxnOffsetCommitResponseTopic } from "../../../protocol/generated/28_txn_offset_commit.ts";
import type { OffsetDeleteRequestTopic, OffsetDeleteResponseTopic } from "../../../protocol/generated/47_offset_delete.ts";
import type { GroupMetadataValue } from "../../../protocol/generated/records/group_metadata_value.ts";
import { fitting, KafkaError } from "../../kafka_error.ts";
import type { Decision, Shard } from "../shard.ts";
import { CLASSIC, describedGroup, listedGroup, undescribedGroup } from "./classic/describe.ts";
import { ClassicGroup } from "./classic/group.ts";
import { heartbeat } from "./classic/heartbeat.ts";
import { Joining } from "./classic/join.ts";
import { leave } from "./classic/leave.ts";
import { Rebalancer } from "./classic/rebalance.ts";
import { joinFailed } from "./classic/replies.ts";
import { Syncing } from "./classic/sync.ts";
import { deleteGroup, deleteOffsets, forgetTopics } from "./deletion.ts";
import { type Caller, Effects, type GroupEnvironment } from "./environment.ts";
import { Expiration } from "./expiration.ts";
import { checkCommit, checkTransactionalCommit, commitOffsets, commitTransactionalOffsets } from "./offset_commit.ts";
import { CommittedOffsets } from "./offsets.ts";
import type { GroupRecord } from "./records.ts";

/** The groups of one partition of `__consumer_offsets`, and their offsets. Kafka: `GroupCoordinatorShard`. */
export class GroupShard implements Shard<GroupRecord> {
  readonly #environment: GroupEnvironment;
  readonly #groups = new Map<string, ClassicGroup>();
  readonly #rebalancer: Rebalancer;
  readonly #joining: Joining;
  readonly #syncing: Syncing;
  readonly #expiration: Expiration;
  /** What the log says of groups while it is being read; null once it has been. */
  #loading: Map<string, GroupMetadataValue> | null = new Map();
  readonly offsets = new CommittedOffsets();
  /** Groups that have committed offsets since there was a tombstone of the group: they exist without a record of their own, until the next. */
  readonly #committed = new Set<string>();

  constructor(environment: GroupEnvironment) {
    this.#environment = environment;
    this.#rebalancer = new Rebalancer(this.#groups, environment);
    this.#joining = new Joining(this.#rebalancer, environment);
    this.#syncing = new Syncing(this.#rebalancer, environment);
    this.#expiration = new Expiration(() => this.all(), this.offsets, environment);
  }

  get groups(): ReadonlyMap<string, ClassicGroup> {
    return this.#groups;
  }

  replay(record: GroupRecord, offset: number, producerId: number): void {
    switch (record.type) {
      case "OffsetCommit":
        if (record.value !== null) this.#committed.add(record.key.group);
        return this.offsets.replay(record.key, record.value, offset, producerId);
      case "GroupMetadata":
        return this.#replayGroup(record.key.group, record.value);
    }
  }

  replayEndTransactionMarker(producerId: number, committed: boolean): void {
    this.offsets.replayEndTransactionMarker(producerId, committed);
  }

  /** The groups come to life: each member has its session timeout from now on. Kafka: `GroupMetadataManager.onLoaded`. */
  loaded(): void {
    const { settings, logger } = this.#environment;
    for (const [groupId, value] of this.#loading ?? []) {
      const group = ClassicGroup.fromRecord(groupId, value);
      this.#groups.set(groupId, group);
      logger.info("group loaded", { group: groupId, state: group.state, generation: group.generation, members: group.members.size });
      for (const member of group.members.values()) this.#rebalancer.expectHeartbeat(group, member);
      // The limit was lowered. No request is parked here yet, so that nobody waits for these effects.
      if (group.members.size > settings.groupMaxSize) this.#rebalancer.prepare(group, "the group is over its capacity", new Effects());
    }
    this.#loading = null;
    this.#expiration.schedule();
  }

  join(caller: Caller, request: JoinGroupRequest): Decision<JoinGroupResponse, GroupRecord> {
    const known = this.#groups.get(request.groupId);
    if (known !== undefined) return this.#joining.join(known, false, caller, request);
    if (request.memberId !== "") {
      return { response: joinFailed(request.memberId, ErrorCode.UNKNOWN_MEMBER_ID), records: [] };
    }
    const group = new ClassicGroup(request.groupId, this.#environment.clock.now());
    this.#groups.set(request.groupId, group);
    // One that has committed offsets needs no record before it is stable, and Kafka writes none.
    const isNew = this.#environment.canWrite() || !this.#committed.has(request.groupId);
    return this.#joining.join(group, isNew, caller, request);
  }

  sync(request: SyncGroupRequest): Decision<SyncGroupResponse, GroupRecord> {
    return this.#syncing.sync(this.#group(request.groupId), request);
  }

  heartbeat(request: HeartbeatRequest): Decision<number, GroupRecord> {
    return { response: heartbeat(this.#rebalancer, this.#group(request.groupId), request), records: [] };
  }

  leave(groupId: string, members: readonly LeaveGroupMemberIdentity[]): Decision<LeaveGroupMemberResponse[], GroupRecord> {
    return leave(this.#rebalancer, this.#environment.logger, this.#find(groupId) ?? this.#group(groupId), members);
  }

  commit(caller: Caller, request: OffsetCommitRequest): Decision<OffsetCommitResponseTopic[], GroupRecord> {
    const group = this.#groups.get(request.groupId);
    checkCommit(this.#find(request.groupId), caller, request);
    const decision = commitOffsets(this.#environment, request);
    const member = group?.members.get(request.memberId);
    if (group !== undefined && member !== undefined) this.#rebalancer.expectHeartbeat(group, member);
    return decision;
  }

  /** To be written in the producer's transaction. */
  commitTransactional(request: TxnOffsetCommitRequest): Decision<TxnOffsetCommitResponseTopic[], GroupRecord> {
    checkTransactionalCommit(this.#find(request.groupId), request);
    return commitTransactionalOffsets(this.#environment, request);
  }

  /** `topics` null: everything that the group has committed. */
  fetch(groupId: string, topics: readonly OffsetFetchRequestTopics[] | null, requireStable = false): OffsetFetchResponseTopics[] {
    return topics === null ? this.offsets.fetchAll(groupId, requireStable) : this.offsets.fetch(groupId, topics, requireStable);
  }

  /** From version 6 on a group that does not exist is an error (KIP-1043); before, it is called dead. */
  describe(groupId: string, apiVersion: number): DescribedGroup {
    const group = this.#find(groupId);
    if (group !== undefined && this.#isWritten(group)) return describedGroup(group);
    const [errorCode, message] = apiVersion >= 6
      ? [ErrorCode.GROUP_ID_NOT_FOUND, fitting(`Group ${groupId} not found.`)]
      : [ErrorCode.NONE, null];
    return { ...undescribedGroup(groupId, errorCode, message), groupState: "Dead" };
  }

  /** The groups in these states and of these types, in any case of letters; empty for all. Kafka: `GroupMetadataManager.listGroups`. */
  list(states: readonly string[], types: readonly string[]): ListedGroup[] {
    const wanted = new Set(states.map((state) => state.toLowerCase().trim()));
    if (types.length > 0 && !types.some((type) => type.toLowerCase() === CLASSIC)) return [];
    const isWanted = ({ state }: ClassicGroup) => wanted.size === 0 || wanted.has(state.toLowerCase());
    return [...this.all()].filter((group) => isWanted(group) && this.#isWritten(group)).map(listedGroup);
  }

  /** Who looks at groups is told of those that the log has. */
  #isWritten({ groupId, committed }: ClassicGroup): boolean {
    return committed !== null || this.#committed.has(groupId);
  }

  /** A batch at a time; answers whether that was the last. */
  deleteGroup(groupId: string): Decision<boolean, GroupRecord> {
    return deleteGroup(this.#findOrThrow(groupId), this.offsets, this.#environment.settings.maxBatchBytes);
  }

  deleteOffsets(groupId: string, topics: readonly OffsetDeleteRequestTopic[]): Decision<OffsetDeleteResponseTopic[], GroupRecord> {
    return deleteOffsets(this.#findOrThrow(groupId), this.offsets, topics, this.#environment.settings.maxBatchBytes);
  }

  /** A batch at a time; answers whether there was any. */
  forgetTopics(names: ReadonlySet<string>): Decision<boolean, GroupRecord> {
    return forgetTopics(names, this.offsets, this.#environment.settings.maxBatchBytes);
  }

  #replayGroup(groupId: string, value: GroupMetadataValue | null): void {
    if (value === null) this.#committed.delete(groupId);
    if (this.#loading !== null) {
      if (value === null) this.#loading.delete(groupId);
      else this.#loading.set(groupId, value);
    } else if (value === null) {
      for (const memberId of this.#groups.get(groupId)?.pendingJoin ?? []) {
        this.#rebalancer.cancelHeartbeat(this.#existing(groupId), memberId);
      }
      this.#groups.delete(groupId);
    } else {
      this.#existing(groupId).committed = value;
    }
  }

  #existing(groupId: string): ClassicGroup {
    const group = this.#groups.get(groupId);
    if (group === undefined) throw new Error(`a record of group ${groupId}, which does not exist`);
    return group;
  }

  /** A group that only ever committed offsets exists without a record of its own, and is empty. */
  #find(groupId: string): ClassicGroup | undefined {
    return this.#groups.get(groupId) ?? (this.#committed.has(groupId) ? new ClassicGroup(groupId, -1) : undefined);
  }

  #findOrThrow(groupId: string): ClassicGroup {
    const group = this.#find(groupId);
    if (group === undefined) throw new KafkaError(ErrorCode.GROUP_ID_NOT_FOUND);
    return group;
  }

  /** All groups, those too that only commit offsets. */
  *all(): Iterable<ClassicGroup> {
    yield* this.#groups.values();
    for (const groupId of this.#committed) {
      if (!this.#groups.has(groupId)) yield new ClassicGroup(groupId, -1);
    }
  }

  #group(groupId: string): ClassicGroup {
    const group = this.#groups.get(groupId);
    if (group === undefined) throw new KafkaError(ErrorCode.UNKNOWN_MEMBER_ID);
    return group;
  }
}
