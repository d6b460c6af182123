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
import { ShardRuntime, type ShardState } from "../runtime.ts";
import type { ShardLog } from "../shard_log.ts";
import { partitionFor } from "../shards.ts";
import { JOINS_TRANSACTION_VERSION, type TransactionVerifier } from "../transaction_verifier.ts";
import type { Caller, GroupSettings } from "./environment.ts";
import { type GroupRecord, groupRecordCodec } from "./records.ts";
import { GroupShard } from "./shard.ts";

/** Where groups are kept: the partitions of `__consumer_offsets`. */
export interface GroupLogs {
  /** The partitions' logs in order, null for one that cannot be used; or null while the topic does not exist. */
  existing(): readonly (ShardLog | null)[] | null;
  /** The same, after making the topic if it does not exist. */
  ensure(): Promise<readonly (ShardLog | null)[]>;
}

/** What the service takes from the platform. */
export interface GroupServiceParts {
  readonly settings: GroupSettings;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly logger: Logger;
  readonly transactions: TransactionVerifier;
}

type Runtime = ShardRuntime<GroupRecord, GroupShard>;

/**
 * Finds the shard of each group and lets it decide. What fails as a whole throws {@link KafkaError}. Kafka: `GroupCoordinatorService`.
 * Requests are read while the call lasts; nothing in them is kept.
 */
export class GroupService {
  readonly #logs: GroupLogs;
  readonly #parts: GroupServiceParts;
  #runtimes: readonly (Runtime | null)[] = [];
  #starting: Promise<void> | null = null;

  constructor(logs: GroupLogs, parts: GroupServiceParts) {
    this.#logs = logs;
    this.#parts = parts;
  }

  /** Loads the groups that there are. A partition that does not load stays closed and is written to the log; the others serve. */
  async start(): Promise<void> {
    const logs = this.#logs.existing();
    if (logs !== null) await this.#open(logs);
  }

  /** Fails what waits. When `__consumer_offsets` was deleted, the next FindCoordinator begins anew. */
  close(): void {
    for (const runtime of this.#runtimes) runtime?.close();
    this.#runtimes = [];
  }

  /** Makes this node ready to coordinate: `__consumer_offsets` is made when it is first needed. Throws COORDINATOR_NOT_AVAILABLE. */
  async ensureStarted(): Promise<void> {
    if (this.#runtimes.length > 0) return;
    this.#starting ??= this.#create().finally(() => this.#starting = null);
    await this.#starting;
  }

  async join(caller: Caller, request: JoinGroupRequest): Promise<JoinGroupResponse> {
    const { groupMinSessionTimeoutMs, groupMaxSessionTimeoutMs } = this.#parts.settings;
    const groupId = nonEmpty(request.groupId);
    if (request.sessionTimeoutMs < groupMinSessionTimeoutMs || request.sessionTimeoutMs > groupMaxSessionTimeoutMs) {
      throw new KafkaError(ErrorCode.INVALID_SESSION_TIMEOUT);
    }
    return await this.#runtimeOf(groupId).write("JoinGroup", (shard) => shard.join(caller, request));
  }

  async sync(request: SyncGroupRequest): Promise<SyncGroupResponse> {
    return await this.#runtimeOf(nonEmpty(request.groupId)).write("SyncGroup", (shard) => shard.sync(request));
  }

  /** Answers NONE or REBALANCE_IN_PROGRESS. */
  async heartbeat(request: HeartbeatRequest): Promise<number> {
    return await this.#runtimeOf(nonEmpty(request.groupId)).write("Heartbeat", (shard) => shard.heartbeat(request));
  }

  async leave(groupId: string, members: readonly LeaveGroupMemberIdentity[]): Promise<LeaveGroupMemberResponse[]> {
    return await this.#runtimeOf(nonEmpty(groupId)).write("LeaveGroup", (shard) => shard.leave(groupId, members));
  }

  /** The empty group id is accepted here and by {@link fetchOffsets}, as by Kafka, for clients of long ago. */
  async commitOffsets(caller: Caller, request: OffsetCommitRequest): Promise<OffsetCommitResponseTopic[]> {
    return await this.#runtimeOf(request.groupId).write("OffsetCommit", (shard) => shard.commit(caller, request));
  }

  /**
   * TxnOffsetCommit: what counts when the producer's transaction is committed. From version 5 on the group joins the transaction by it (KIP-890). Throws what
   * the coordinator of the transaction says, INVALID_PRODUCER_EPOCH, and what {@link commitOffsets} throws.
   */
  async commitTransactionalOffsets(caller: Caller, request: TxnOffsetCommitRequest): Promise<TxnOffsetCommitResponseTopic[]> {
    const { groupId, producerId, producerEpoch } = request;
    const runtime = this.#runtimeOf(nonEmpty(groupId));
    const verification = runtime.startVerification(producerId, producerEpoch, caller.apiVersion >= JOINS_TRANSACTION_VERSION);
    if (verification !== null) await this.#parts.transactions.verify(request, this.partitionOf(groupId), caller.apiVersion);
    return await runtime.write("TxnOffsetCommit", (shard) => shard.commitTransactional(request), {
      producerId,
      producerEpoch,
      verification,
    });
  }

  /**
   * Ends a producer's transaction in a partition of `__consumer_offsets`. Throws {@link KafkaError} with NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, or what
   * `Log.appendEndMarker` says.
   */
  async completeTransaction(partition: number, marker: EndMarker): Promise<void> {
    const runtime = this.#runtimes[partition] ?? null;
    if (runtime === null) throw new KafkaError(ErrorCode.NOT_COORDINATOR);
    await runtime.endTransaction("WriteTxnMarkers", marker);
  }

  /** `topics` null: everything. `requireStable`: an offset that a transaction may change is an error. */
  async fetchOffsets(
    groupId: string,
    topics: readonly OffsetFetchRequestTopics[] | null,
    requireStable = false,
  ): Promise<OffsetFetchResponseTopics[]> {
    return await this.#runtimeOf(groupId).read((shard) => shard.fetch(groupId, topics, requireStable));
  }

  /** The empty group id is accepted here and by {@link deleteGroup}, as by Kafka. */
  async describe(groupId: string, apiVersion: number): Promise<DescribedGroup> {
    return await this.#runtimeOf(groupId).read((shard) => shard.describe(groupId, apiVersion));
  }

  /** The groups in these states and of these types; empty for all. A partition that is not coordinated here has none. */
  async list(states: readonly string[], types: readonly string[]): Promise<ListedGroup[]> {
    const lists = this.#runtimes.map(async (runtime) => {
      try {
        return await runtime?.read((shard) => shard.list(states, types)) ?? [];
      } catch (error) {
        if (error instanceof KafkaError && error.code === ErrorCode.NOT_COORDINATOR) return [];
        throw error;
      }
    });
    return (await Promise.all(lists)).flat();
  }

  /** Throws GROUP_ID_NOT_FOUND or NON_EMPTY_GROUP. */
  async deleteGroup(groupId: string): Promise<void> {
    const runtime = this.#runtimeOf(groupId);
    while (!await runtime.write("DeleteGroups", (shard) => shard.deleteGroup(groupId)));
  }

  /** Throws GROUP_ID_NOT_FOUND or NON_EMPTY_GROUP. */
  async deleteOffsets(groupId: string, topics: readonly OffsetDeleteRequestTopic[]): Promise<OffsetDeleteResponseTopic[]> {
    return await this.#runtimeOf(nonEmpty(groupId)).write("OffsetDelete", (shard) => shard.deleteOffsets(groupId, topics));
  }

  /** What was committed for these topics is forgotten, because they are deleted. Where that fails it is logged, as by Kafka. */
  async forgetTopics(names: readonly string[]): Promise<void> {
    const deleted = new Set(names);
    await Promise.all(this.#runtimes.map(async (runtime, partition) => {
      try {
        while (await runtime?.write("ForgetTopics", (shard) => shard.forgetTopics(deleted)));
      } catch (error) {
        this.#parts.logger.error("offsets of deleted topics remain", { partition, topics: names.join(", "), cause: String(error) });
      }
    }));
  }

  /** The partition of `__consumer_offsets` that keeps a group. Throws NOT_COORDINATOR while there is none. */
  partitionOf(groupId: string): number {
    if (this.#runtimes.length === 0) throw new KafkaError(ErrorCode.NOT_COORDINATOR);
    return partitionFor(groupId, this.#runtimes.length);
  }

  /** The shards that can be asked. */
  *shards(): Iterable<GroupShard> {
    for (const runtime of this.#runtimes) if (runtime?.state === "loaded") yield runtime.shard;
  }

  /** The partitions of `__consumer_offsets` and whether their groups can be asked. */
  *states(): Iterable<[partition: number, state: ShardState]> {
    for (const [partition, runtime] of this.#runtimes.entries()) yield [partition, runtime?.state ?? "failed"];
  }

  #runtimeOf(groupId: string): Runtime {
    const runtime = this.#runtimes[this.partitionOf(groupId)];
    if (runtime === null) throw new KafkaError(ErrorCode.NOT_COORDINATOR);
    return runtime;
  }

  async #create(): Promise<void> {
    try {
      const logs = await this.#logs.ensure();
      if (this.#runtimes.length === 0) await this.#open(logs); // else `start` has, when the topic came
    } catch (cause) {
      this.#parts.logger.error("__consumer_offsets cannot be made", { cause: String(cause) });
      throw new KafkaError(ErrorCode.COORDINATOR_NOT_AVAILABLE, null, { cause });
    }
  }

  async #open(logs: readonly (ShardLog | null)[]): Promise<void> {
    const { settings, clock, timers, random, logger } = this.#parts;
    const runtimes = logs.map((log, partition) =>
      log && ShardRuntime.start({
        name: `__consumer_offsets-${partition}`,
        log,
        codec: groupRecordCodec,
        create: (shardTimers) => new GroupShard({ settings, timers: shardTimers, clock, random, logger }),
        timers,
        logger,
      })
    );
    await Promise.all(runtimes.map((runtime) => runtime?.loadEnded()));
    this.#runtimes = runtimes;
  }
}

function nonEmpty(groupId: string): string {
  if (groupId === "") throw new KafkaError(ErrorCode.INVALID_GROUP_ID);
  return groupId;
}
