import type { Clock, Logger, Random, Timers } from "../../../platform/mod.ts";
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
import type { EndMarker } from "../../../storage/mod.ts";
import { KafkaError } from "../../kafka_error.ts";
import type { ShardState } from "../runtime.ts";
import type { ShardTimers } from "../shard.ts";
import { type ShardLogs, Shards } from "../shards.ts";
import { JOINS_TRANSACTION_VERSION, type TransactionVerifier } from "../transaction_verifier.ts";
import type { Caller, GroupSettings } from "./environment.ts";
import { type GroupRecord, groupRecordCodec } from "./records.ts";
import { GroupShard } from "./shard.ts";

/** What the service takes from the platform. */
export interface GroupServiceParts {
  readonly settings: GroupSettings;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly logger: Logger;
  readonly transactions: TransactionVerifier;
}

/**
 * Finds the shard of each group and lets it decide. What fails as a whole throws {@link KafkaError}. Kafka: `GroupCoordinatorService`.
 * Requests are read while the call lasts; nothing in them is kept.
 */
export class GroupService {
  readonly #shards: Shards<GroupRecord, GroupShard>;
  readonly #parts: GroupServiceParts;

  private constructor(shards: Shards<GroupRecord, GroupShard>, parts: GroupServiceParts) {
    this.#shards = shards;
    this.#parts = parts;
  }

  /** The groups that are kept in these logs. */
  static in(logs: ShardLogs, parts: GroupServiceParts): GroupService {
    const { settings, clock, timers, random, logger } = parts;
    const create = (shardTimers: ShardTimers<GroupRecord>, canWrite: () => boolean) =>
      new GroupShard({ settings, timers: shardTimers, canWrite, clock, random, logger });
    return new GroupService(Shards.in(logs, { codec: groupRecordCodec, create, timers, logger }), parts);
  }

  /** The same groups as a node answers for them: those that it does not coordinate it refuses with NOT_COORDINATOR. */
  onNode(nodeId: number): GroupService {
    return new GroupService(this.#shards.ledBy(nodeId), this.#parts);
  }

  /** Loads the groups that there are. A partition that does not load stays closed and is written to the log; the others serve. */
  start(): Promise<void> {
    return this.#shards.start();
  }

  /** Fails what waits. When `__consumer_offsets` was deleted, the next FindCoordinator begins anew. */
  close(): void {
    this.#shards.close();
  }

  /** Partitions of `__consumer_offsets` have another leader. */
  moved(partitions: readonly number[]): Promise<void> {
    return this.#shards.moved(partitions);
  }

  /** The node that coordinates a group. Throws NOT_COORDINATOR, and COORDINATOR_NOT_AVAILABLE where there is none. */
  coordinatorOf(groupId: string): number {
    return this.#shards.coordinatorOf(groupId);
  }

  /** Makes this node ready to coordinate: `__consumer_offsets` is made when it is first needed. Throws COORDINATOR_NOT_AVAILABLE. */
  ensureStarted(): Promise<void> {
    return this.#shards.ensureStarted();
  }

  async join(caller: Caller, request: JoinGroupRequest): Promise<JoinGroupResponse> {
    const { groupMinSessionTimeoutMs, groupMaxSessionTimeoutMs } = this.#parts.settings;
    const groupId = nonEmpty(request.groupId);
    if (request.sessionTimeoutMs < groupMinSessionTimeoutMs || request.sessionTimeoutMs > groupMaxSessionTimeoutMs) {
      throw new KafkaError(ErrorCode.INVALID_SESSION_TIMEOUT);
    }
    return await this.#shards.of(groupId).write("JoinGroup", (shard) => shard.join(caller, request));
  }

  async sync(request: SyncGroupRequest): Promise<SyncGroupResponse> {
    return await this.#shards.of(nonEmpty(request.groupId)).write("SyncGroup", (shard) => shard.sync(request));
  }

  /** Answers NONE or REBALANCE_IN_PROGRESS. */
  async heartbeat(request: HeartbeatRequest): Promise<number> {
    return await this.#shards.of(nonEmpty(request.groupId)).write("Heartbeat", (shard) => shard.heartbeat(request));
  }

  async leave(groupId: string, members: readonly LeaveGroupMemberIdentity[]): Promise<LeaveGroupMemberResponse[]> {
    return await this.#shards.of(nonEmpty(groupId)).write("LeaveGroup", (shard) => shard.leave(groupId, members));
  }

  /** The empty group id is accepted here and by {@link fetchOffsets}, as by Kafka, for clients of long ago. */
  async commitOffsets(caller: Caller, request: OffsetCommitRequest): Promise<OffsetCommitResponseTopic[]> {
    return await this.#shards.of(request.groupId).write("OffsetCommit", (shard) => shard.commit(caller, request));
  }

  /**
   * TxnOffsetCommit: what counts when the producer's transaction is committed. From version 5 on the group joins the transaction by it (KIP-890). Throws what
   * the coordinator of the transaction says, INVALID_PRODUCER_EPOCH, and what {@link commitOffsets} throws.
   */
  commitTransactionalOffsets(
    caller: Caller,
    request: TxnOffsetCommitRequest,
  ): TxnOffsetCommitResponseTopic[] | Promise<TxnOffsetCommitResponseTopic[]> {
    const { groupId, producerId, producerEpoch } = request;
    const runtime = this.#shards.of(nonEmpty(groupId));
    const verification = runtime.startVerification(producerId, producerEpoch, caller.apiVersion >= JOINS_TRANSACTION_VERSION);
    const commit = () => {
      const transaction = { producerId, producerEpoch, verification };
      return runtime.writeAtOnce("TxnOffsetCommit", (shard) => shard.commitTransactional(request), transaction);
    };
    const verifying = verification && this.#parts.transactions.verify(request, this.partitionOf(groupId), caller.apiVersion);
    return verifying instanceof Promise ? verifying.then(commit) : commit();
  }

  /**
   * Ends a producer's transaction in a partition of `__consumer_offsets`. Throws {@link KafkaError} with NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, or what
   * `Log.appendEndMarker` says.
   */
  async completeTransaction(partition: number, marker: EndMarker): Promise<void> {
    await this.#shards.at(partition).endTransaction("WriteTxnMarkers", marker);
  }

  /** `topics` null: everything. `requireStable`: an offset that a transaction may change is an error. */
  async fetchOffsets(
    groupId: string,
    topics: readonly OffsetFetchRequestTopics[] | null,
    requireStable = false,
  ): Promise<OffsetFetchResponseTopics[]> {
    return await this.#shards.of(groupId).read((shard) => shard.fetch(groupId, topics, requireStable));
  }

  /** The empty group id is accepted here and by {@link deleteGroup}, as by Kafka. */
  async describe(groupId: string, apiVersion: number): Promise<DescribedGroup> {
    return await this.#shards.of(groupId).read((shard) => shard.describe(groupId, apiVersion));
  }

  /** The groups in these states and of these types; empty for all. A partition that is not coordinated here has none. */
  async list(states: readonly string[], types: readonly string[]): Promise<ListedGroup[]> {
    const lists = Array.from(this.#shards.all(), async (runtime) => {
      try {
        return await runtime.read((shard) => shard.list(states, types));
      } catch (error) {
        if (error instanceof KafkaError && error.code === ErrorCode.NOT_COORDINATOR) return [];
        throw error;
      }
    });
    return (await Promise.all(lists)).flat();
  }

  /** Throws GROUP_ID_NOT_FOUND or NON_EMPTY_GROUP. */
  async deleteGroup(groupId: string): Promise<void> {
    const runtime = this.#shards.of(groupId);
    while (!await runtime.write("DeleteGroups", (shard) => shard.deleteGroup(groupId)));
  }

  /** Throws GROUP_ID_NOT_FOUND or NON_EMPTY_GROUP. */
  async deleteOffsets(groupId: string, topics: readonly OffsetDeleteRequestTopic[]): Promise<OffsetDeleteResponseTopic[]> {
    return await this.#shards.of(nonEmpty(groupId)).write("OffsetDelete", (shard) => shard.deleteOffsets(groupId, topics));
  }

  /** What was committed for these topics is forgotten, because they are deleted. Where that fails it is logged, as by Kafka. */
  async forgetTopics(names: readonly string[]): Promise<void> {
    const deleted = new Set(names);
    await Promise.all(Array.from(this.#shards.all(), async (runtime) => {
      try {
        while (await runtime.write("ForgetTopics", (shard) => shard.forgetTopics(deleted)));
      } catch (error) {
        this.#parts.logger.error("offsets of deleted topics remain", {
          shard: runtime.name,
          topics: names.join(", "),
          cause: String(error),
        });
      }
    }));
  }

  /** The partition of `__consumer_offsets` that keeps a group. Throws NOT_COORDINATOR while there is none. */
  partitionOf(groupId: string): number {
    return this.#shards.partitionOf(groupId);
  }

  /** The shards that can be asked. */
  *shards(): Iterable<GroupShard> {
    for (const runtime of this.#shards.all()) if (runtime.state === "loaded") yield runtime.shard;
  }

  /** The partitions of `__consumer_offsets` and whether their groups can be asked. */
  states(): Iterable<[partition: number, state: ShardState]> {
    return this.#shards.states();
  }
}

function nonEmpty(groupId: string): string {
  if (groupId === "") throw new KafkaError(ErrorCode.INVALID_GROUP_ID);
  return groupId;
}
