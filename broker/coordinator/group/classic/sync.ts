import { ErrorCode, errorName } from "../../../../protocol/errors.ts";
import type { SyncGroupRequest, SyncGroupResponse } from "../../../../protocol/generated/14_sync_group.ts";
import { KafkaError } from "../../../kafka_error.ts";
import { type Decision, Parked } from "../../shard.ts";
import { Effects, type GroupEnvironment } from "../environment.ts";
import { type GroupRecord, sizeOf } from "../records.ts";
import type { ClassicGroup } from "./group.ts";
import { type Rebalancer, replySync } from "./rebalance.ts";
import { synced, syncFailed } from "./replies.ts";

const nothing = new Uint8Array(0);

/** SyncGroup: the leader brings the assignment, everybody takes their part. Kafka: `GroupMetadataManager.classicGroupSyncToClassicGroup`. */
export class Syncing {
  readonly #rebalancer: Rebalancer;
  readonly #environment: GroupEnvironment;

  constructor(rebalancer: Rebalancer, environment: GroupEnvironment) {
    this.#rebalancer = rebalancer;
    this.#environment = environment;
  }

  sync(group: ClassicGroup, request: SyncGroupRequest): Decision<SyncGroupResponse, GroupRecord> {
    const effects = new Effects();
    const { memberId } = request;
    const member = group.member(memberId, request.groupInstanceId);
    if (request.generationId !== group.generation) throw new KafkaError(ErrorCode.ILLEGAL_GENERATION);
    if (differs(request.protocolType, group.protocolType) || differs(request.protocolName, group.protocol)) {
      throw new KafkaError(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }
    if (group.state === "PreparingRebalance") throw new KafkaError(ErrorCode.REBALANCE_IN_PROGRESS);
    this.#rebalancer.syncArrived(group, memberId);
    if (group.state !== "CompletingRebalance") return effects.decide(synced(group, group.assignmentOf(memberId)));
    if (group.leader === memberId) return effects.decide(this.#assign(group, request, effects));
    replySync(member, ErrorCode.REBALANCE_IN_PROGRESS, effects);
    return effects.decide(member.awaitingSync = new Parked<SyncGroupResponse>());
  }

  /** The assignment becomes durable, then everybody who waits gets their part. Whom the leader forgot gets nothing. */
  #assign(group: ClassicGroup, request: SyncGroupRequest, effects: Effects): SyncGroupResponse {
    const { clock, logger, settings, canWrite } = this.#environment;
    const assignments = new Map(request.assignments.map(({ memberId, assignment }) => [memberId, assignment.slice()]));
    const assignmentOf = (memberId: string): Uint8Array => assignments.get(memberId) ?? nothing;
    const isTooLarge = sizeOf([group.record(assignmentOf)]) > settings.maxBatchBytes;
    if (isTooLarge || !canWrite()) {
      const errorCode = isTooLarge ? ErrorCode.UNKNOWN_SERVER_ERROR : ErrorCode.COORDINATOR_NOT_AVAILABLE;
      logger.warn("assignment cannot be stored", { group: group.groupId, error: errorName(errorCode), limit: settings.maxBatchBytes });
      for (const member of group.members.values()) this.#rebalancer.replySync(group, member, errorCode, effects);
      this.#rebalancer.prepare(group, "the assignment could not be stored", effects);
      return syncFailed(errorCode);
    }
    group.transition("Stable", clock.now());
    effects.records.push(group.record(assignmentOf));
    logger.info("group is stable", { group: group.groupId, generation: group.generation, members: group.members.size });
    for (const member of group.members.values()) {
      member.described = assignmentOf(member.memberId);
      if (member.awaitingSync !== null) {
        effects.replies.push(member.awaitingSync.reply(synced(group, assignmentOf(member.memberId))));
        member.awaitingSync = null;
        this.#rebalancer.expectHeartbeat(group, member);
      } else if (member.memberId === request.memberId) {
        this.#rebalancer.expectHeartbeat(group, member);
      }
    }
    return synced(group, assignmentOf(request.memberId));
  }
}

/** KIP-559: whether a member believes in another protocol than its group. Clients before version 5 say nothing. */
function differs(named: string | null, actual: string | null): boolean {
  return named !== null && actual !== null && named !== actual;
}
