import type { Random } from "../../../../platform/mod.ts";
import { ErrorCode } from "../../../../protocol/errors.ts";
import type { JoinGroupRequest, JoinGroupResponse } from "../../../../protocol/generated/11_join_group.ts";
import { KafkaError } from "../../../kafka_error.ts";
import { type Decision, Parked } from "../../shard.ts";
import { type Caller, Effects, type GroupEnvironment } from "../environment.ts";
import { type GroupRecord, sizeOf } from "../records.ts";
import type { ClassicGroup } from "./group.ts";
import { type ClassicMember, copyProtocols, sameProtocols } from "./member.ts";
import { NEW_MEMBER_JOIN_TIMEOUT_MS, type Rebalancer, replyJoin, replySync } from "./rebalance.ts";
import { joined, joinFailed } from "./replies.ts";

type Outcome = JoinGroupResponse | Parked<JoinGroupResponse>;

/** Most bytes of a string in records of groups. */
const MAX_ID_BYTES = 0x7fff;
const encoder = new TextEncoder();

/** JoinGroup: makes somebody a member of the next generation. Kafka: `GroupMetadataManager.classicGroupJoin` and what it calls. */
export class Joining {
  readonly #rebalancer: Rebalancer;
  readonly #environment: GroupEnvironment;

  constructor(rebalancer: Rebalancer, environment: GroupEnvironment) {
    this.#rebalancer = rebalancer;
    this.#environment = environment;
  }

  /**
   * `created` is the group when it did not exist before; then it becomes durable, though empty, with this decision. Where it cannot be written it is there all the
   * same, for who has been told of it: Kafka's is in its log, and only its replicas are missing.
   */
  join(group: ClassicGroup, created: boolean, caller: Caller, request: JoinGroupRequest): Decision<JoinGroupResponse, GroupRecord> {
    const effects = new Effects();
    const emptyGroup = created ? group.record(() => new Uint8Array(0)) : null;
    const outcome = this.#outcome(group, caller, request, effects);
    if (emptyGroup === null || effects.records.length > 0) return effects.decide(outcome);
    if (this.#environment.canWrite()) effects.records.push(emptyGroup);
    else if (outcome instanceof Parked) effects.replies.push(outcome.reply(joinFailed("", ErrorCode.COORDINATOR_NOT_AVAILABLE)));
    return effects.decide(outcome);
  }

  #outcome(group: ClassicGroup, caller: Caller, request: JoinGroupRequest, effects: Effects): Outcome {
    const { memberId } = request;
    if (!this.#hasRoom(group, memberId)) {
      const member = group.members.get(memberId);
      if (member === undefined) this.#rebalancer.removePending(group, memberId);
      else this.#rebalancer.removeMember(group, member, effects);
      this.#rebalancer.completeIfAllJoined(group, effects);
      return joinFailed("", ErrorCode.GROUP_MAX_SIZE_REACHED);
    }
    if (!group.supports(request.protocolType, request.protocols)) return joinFailed(memberId, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    return memberId === "" ? this.#joinNew(group, caller, request, effects) : this.#joinAgain(group, caller, request, effects);
  }

  /**
   * Whether a group of limited size can take this member. While it rebalances, those count who have joined, so that a group that is too large
   * loses the last ones to rejoin.
   */
  #hasRoom(group: ClassicGroup, memberId: string): boolean {
    const { groupMaxSize } = this.#environment.settings;
    switch (group.state) {
      case "Empty":
        return true;
      case "PreparingRebalance":
        return Boolean(group.members.get(memberId)?.awaitingJoin) || group.awaitingJoin < groupMaxSize;
      case "CompletingRebalance":
      case "Stable":
        return group.members.has(memberId) || group.members.size < groupMaxSize;
    }
  }

  #joinNew(group: ClassicGroup, caller: Caller, request: JoinGroupRequest, effects: Effects): Outcome {
    const { groupInstanceId } = request;
    const memberId = `${groupInstanceId ?? caller.clientId}-${uuid(this.#environment.random)}`;
    // What the group's records could not hold fails in Kafka, too, when they are written.
    if (encoder.encode(memberId).length > MAX_ID_BYTES) return joinFailed("", ErrorCode.UNKNOWN_SERVER_ERROR);
    if (groupInstanceId !== null) {
      const known = group.memberIdOf(groupInstanceId) !== undefined;
      return known ? this.#replace(group, caller, memberId, request, effects) : this.#add(group, caller, memberId, request, effects);
    }
    if (caller.apiVersion < 4) return this.#add(group, caller, memberId, request, effects);
    // A client that gives up and asks again would otherwise leave a member behind each time (KIP-394).
    group.pendingJoin.add(memberId);
    this.#rebalancer.expectJoin(group, memberId, request.sessionTimeoutMs);
    return joinFailed(memberId, ErrorCode.MEMBER_ID_REQUIRED);
  }

  #joinAgain(group: ClassicGroup, caller: Caller, request: JoinGroupRequest, effects: Effects): Outcome {
    const { memberId, groupInstanceId, protocols } = request;
    if (group.pendingJoin.has(memberId)) {
      // Only members without an instance id are asked to come back with a member id. In Kafka this ends in an exception.
      if (groupInstanceId !== null) return joinFailed("", ErrorCode.UNKNOWN_SERVER_ERROR);
      return this.#add(group, caller, memberId, request, effects);
    }
    let member: ClassicMember;
    try {
      member = group.member(memberId, groupInstanceId);
    } catch (error) {
      if (error instanceof KafkaError) return joinFailed(memberId, error.code);
      throw error;
    }
    const isLeader = group.leader === memberId;
    switch (group.state) {
      case "Empty":
        return joinFailed(memberId, ErrorCode.UNKNOWN_MEMBER_ID);
      case "PreparingRebalance":
        break;
      case "CompletingRebalance":
        // The member may not have got the answer to its first JoinGroup.
        if (sameProtocols(member, protocols)) return joined(group, memberId, isLeader);
        break;
      case "Stable":
        // The leader rejoins when it wants to assign anew, for example because topics got more partitions.
        if (!isLeader && sameProtocols(member, protocols)) return joined(group, memberId, false);
    }
    const parked = this.#update(group, caller, member, request, effects);
    this.#rebalancer.membersChanged(group, `member ${memberId} rejoins: ${reasonOf(request)}`, effects);
    return parked;
  }

  #add(group: ClassicGroup, caller: Caller, memberId: string, request: JoinGroupRequest, effects: Effects): Outcome {
    const parked = new Parked<JoinGroupResponse>();
    const member: ClassicMember = {
      memberId,
      instanceId: request.groupInstanceId,
      clientId: caller.clientId,
      clientHost: caller.clientHost,
      sessionTimeoutMs: request.sessionTimeoutMs,
      rebalanceTimeoutMs: rebalanceTimeoutOf(caller, request),
      protocols: copyProtocols(request.protocols),
      isNew: true,
      described: new Uint8Array(0),
      awaitingJoin: parked,
      awaitingSync: null,
    };
    if (group.state === "PreparingRebalance" && group.previousState === "Empty") group.newMemberAdded = true;
    group.add(member, request.protocolType);
    this.#rebalancer.expectHeartbeat(group, member, NEW_MEMBER_JOIN_TIMEOUT_MS);
    const { groupId } = group;
    this.#environment.logger.debug("member joins", { group: groupId, member: memberId, instance: request.groupInstanceId ?? undefined });
    this.#rebalancer.membersChanged(group, `member ${memberId} joins: ${reasonOf(request)}`, effects);
    return parked;
  }

  /** Takes over what a member says about itself, and parks its request. An earlier one that is still parked gets an answer, which Kafka leaves out. */
  #update(
    group: ClassicGroup,
    caller: Caller,
    member: ClassicMember,
    request: JoinGroupRequest,
    effects: Effects,
  ): Parked<JoinGroupResponse> {
    replyJoin(member, ErrorCode.REBALANCE_IN_PROGRESS, effects);
    group.setProtocols(member, copyProtocols(request.protocols));
    member.sessionTimeoutMs = request.sessionTimeoutMs;
    member.rebalanceTimeoutMs = rebalanceTimeoutOf(caller, request);
    return member.awaitingJoin = new Parked<JoinGroupResponse>();
  }

  /** A static member came back with a new member id: it takes the place of its predecessor, who is fenced (KIP-345). */
  #replace(group: ClassicGroup, caller: Caller, memberId: string, request: JoinGroupRequest, effects: Effects): Outcome {
    const { logger, settings, canWrite } = this.#environment;
    const oldId = group.memberIdOf(request.groupInstanceId!)!;
    const old = group.members.get(oldId)!;
    const leaderBefore = group.leader ?? "";
    const assignment = group.assignmentOf(oldId);
    const member: ClassicMember = {
      ...old,
      memberId,
      protocols: copyProtocols(request.protocols),
      sessionTimeoutMs: request.sessionTimeoutMs,
      rebalanceTimeoutMs: rebalanceTimeoutOf(caller, request),
      isNew: false,
      awaitingJoin: null,
      awaitingSync: null,
    };
    this.#rebalancer.cancelHeartbeat(group, oldId);
    replyJoin(old, ErrorCode.FENCED_INSTANCE_ID, effects);
    replySync(old, ErrorCode.FENCED_INSTANCE_ID, effects);
    const wasPendingSync = group.pendingSync.has(oldId);
    group.replace(member);
    logger.info("static member replaced", { group: group.groupId, instance: request.groupInstanceId, before: oldId, now: memberId });
    // As in Kafka the new session timeout counts from the first heartbeat on.
    this.#rebalancer.expectHeartbeat(group, member, old.sessionTimeoutMs);
    if (group.state === "Stable" && group.protocol === group.selectProtocol()) {
      // What it is assigned stays as it was, so the others need not know. Nor is the leader to assign again (KIP-814).
      const record = group.record((id) => id === memberId ? assignment : group.assignmentOf(id));
      if (!canWrite()) return this.#putBack(group, old, leaderBefore, wasPendingSync);
      if (sizeOf([record]) <= settings.maxBatchBytes) {
        if (wasPendingSync) group.pendingSync.add(memberId);
        effects.records.push(record);
        const isLeader = group.leader === memberId;
        if (caller.apiVersion >= 9) return { ...joined(group, memberId, isLeader), skipAssignment: isLeader };
        // Older clients would assign if they were told that they lead: they are told of the leader that is gone.
        return { ...joined(group, memberId, false), leader: leaderBefore };
      }
    }
    const parked = member.awaitingJoin = new Parked<JoinGroupResponse>();
    const reason = `static member ${memberId} replaces ${oldId}: ${reasonOf(request)}`;
    if (group.state === "PreparingRebalance") this.#rebalancer.completeIfAllJoined(group, effects);
    else this.#rebalancer.prepare(group, reason, effects);
    return parked;
  }

  /** The record of a static member that came back could not be written: its predecessor, who waits for nothing, goes on. */
  #putBack(group: ClassicGroup, old: ClassicMember, leader: string, wasPendingSync: boolean): Outcome {
    const now = group.replace(old);
    this.#rebalancer.cancelHeartbeat(group, now.memberId);
    this.#rebalancer.expectHeartbeat(group, old);
    if (wasPendingSync) group.pendingSync.add(old.memberId);
    return { ...joined(group, "", false), leader, errorCode: ErrorCode.COORDINATOR_NOT_AVAILABLE };
  }
}

/** Version 0 has no rebalance timeout: it is the session timeout. */
function rebalanceTimeoutOf(caller: Caller, request: JoinGroupRequest): number {
  return caller.apiVersion === 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs;
}

function reasonOf({ reason }: JoinGroupRequest): string {
  return reason === null || reason === "" ? "not provided" : reason;
}

/** A random UUID in the form that Java prints. */
function uuid(random: Random): string {
  const bytes = random.bytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
