import { ErrorCode } from "../../../../protocol/errors.ts";
import type { Decision } from "../../shard.ts";
import { Effects, type GroupEnvironment } from "../environment.ts";
import type { GroupRecord } from "../records.ts";
import type { ClassicGroup } from "./group.ts";
import { type ClassicMember, isWaiting } from "./member.ts";
import { joined, joinFailed, syncFailed } from "./replies.ts";

/**
 * A member that has not been told its member id cannot be heard of otherwise, so its JoinGroup may wait this long and no longer.
 * Kafka: `group.coordinator.new.member.join.timeout`, not configurable there either.
 */
export const NEW_MEMBER_JOIN_TIMEOUT_MS = 5 * 60_000;

/**
 * A group of static members of which none rejoined waits another rebalance timeout, but not less than this: members choose that time and may say 0,
 * with which Kafka asks again as fast as it can.
 */
const LEAST_WAIT_MS = 1000;

/**
 * The course of a rebalance, from the first reason for it to the generation that all who came have joined, and the deadlines of all who
 * take part. Kafka: `GroupMetadataManager.prepareRebalance`, `completeClassicGroupJoin` and their timers.
 */
export class Rebalancer {
  readonly groups: Map<string, ClassicGroup>;
  readonly #environment: GroupEnvironment;

  constructor(groups: Map<string, ClassicGroup>, environment: GroupEnvironment) {
    this.groups = groups;
    this.#environment = environment;
  }

  /** Something about the group's members has changed: begins a rebalance, or ends the joining of the one under way if this was the last. */
  membersChanged(group: ClassicGroup, reason: string, effects: Effects): void {
    if (group.canRebalance) this.prepare(group, reason, effects);
    else this.completeIfAllJoined(group, effects);
  }

  /** Asks all members to rejoin. The first member of an empty group is given `group.initial.rebalance.delay.ms` for others to come. */
  prepare(group: ClassicGroup, reason: string, effects: Effects): void {
    const { settings, timers, clock, logger } = this.#environment;
    for (const member of group.members.values()) {
      this.replySync(group, member, ErrorCode.REBALANCE_IN_PROGRESS, effects);
      if (group.state === "CompletingRebalance") member.described = new Uint8Array(0);
    }
    this.#cancelSyncTimer(group);
    const isInitial = group.state === "Empty";
    group.transition("PreparingRebalance", clock.now());
    logger.info("rebalance begins", { group: group.groupId, generation: group.generation, members: group.members.size, reason });
    const delayMs = settings.groupInitialRebalanceDelayMs;
    if (isInitial && delayMs > 0) {
      this.#scheduleInitial(group, delayMs, Math.max(group.rebalanceTimeoutMs - delayMs, 0));
    } else if (isInitial || group.haveAllJoined) {
      this.completeJoin(group, effects);
    } else {
      timers.schedule(joinKey(group), group.rebalanceTimeoutMs, this.#whenDue(group, (due) => this.completeJoin(group, due)));
    }
  }

  /** Ends the joining when nobody is missing. An initial rebalance waits for its delay instead. */
  completeIfAllJoined(group: ClassicGroup, effects: Effects): void {
    if (group.state === "PreparingRebalance" && group.previousState !== "Empty" && group.haveAllJoined) this.completeJoin(group, effects);
  }

  /** Begins the next generation with those who have joined. Static members that did not come stay members until their session ends. */
  completeJoin(group: ClassicGroup, effects: Effects): void {
    const { timers, clock, logger } = this.#environment;
    timers.cancel(joinKey(group));
    for (const member of [...group.members.values()]) {
      if (member.awaitingJoin === null && member.instanceId === null) {
        this.cancelHeartbeat(group, member.memberId);
        group.remove(member.memberId);
        logger.info("member did not rejoin in time", { group: group.groupId, member: member.memberId });
      }
    }
    if (group.members.size > 0 && !electLeader(group)) {
      logger.info("nobody rejoined, waiting on", { group: group.groupId });
      const delayMs = Math.max(group.rebalanceTimeoutMs, LEAST_WAIT_MS);
      timers.schedule(joinKey(group), delayMs, this.#whenDue(group, (due) => this.completeJoin(group, due)));
      return;
    }
    group.generation++;
    group.pendingSync.clear();
    if (group.members.size === 0) {
      group.protocol = null;
      group.noteSubscriptions();
      group.transition("Empty", clock.now());
      logger.info("group is empty", { group: group.groupId, generation: group.generation });
      effects.records.push(group.record(() => new Uint8Array(0)));
      return;
    }
    group.protocol = group.selectProtocol();
    group.noteSubscriptions();
    group.transition("CompletingRebalance", clock.now());
    const { groupId, generation, members, protocol, leader } = group;
    logger.info("generation begins", { group: groupId, generation, members: members.size, protocol, leader });
    for (const member of group.members.values()) {
      if (member.awaitingJoin !== null) {
        effects.replies.push(member.awaitingJoin.reply(joined(group, member.memberId, group.leader === member.memberId)));
        member.awaitingJoin = null;
      }
      member.isNew = false;
      this.expectHeartbeat(group, member);
      group.pendingSync.add(member.memberId);
    }
    timers.schedule(syncKey(group), group.rebalanceTimeoutMs, this.#whenDue(group, (due) => this.#expireSync(group, due)));
  }

  /** Takes out a member. Its parked requests are told so: it may join again. Kafka never answers a SyncGroup that waits here. */
  removeMember(group: ClassicGroup, member: ClassicMember, effects: Effects): void {
    this.cancelHeartbeat(group, member.memberId);
    replyJoin(member, ErrorCode.UNKNOWN_MEMBER_ID, effects, "");
    replySync(member, ErrorCode.UNKNOWN_MEMBER_ID, effects);
    group.remove(member.memberId);
  }

  /** Forgets a member id that was given out. */
  removePending(group: ClassicGroup, memberId: string): void {
    this.cancelHeartbeat(group, memberId);
    group.remove(memberId);
  }

  /** A sign of life: the member has its session timeout from now on. */
  expectHeartbeat(group: ClassicGroup, member: ClassicMember, timeoutMs = member.sessionTimeoutMs): void {
    this.#scheduleHeartbeat(group, member.memberId, timeoutMs);
  }

  /** A member id was given out; it is forgotten unless somebody joins with it (KIP-394). */
  expectJoin(group: ClassicGroup, memberId: string, timeoutMs: number): void {
    this.#scheduleHeartbeat(group, memberId, timeoutMs);
  }

  cancelHeartbeat(group: ClassicGroup, memberId: string): void {
    this.#environment.timers.cancel(heartbeatKey(group, memberId));
  }

  /** A member asked for its assignment. */
  syncArrived(group: ClassicGroup, memberId: string): void {
    group.pendingSync.delete(memberId);
    if (group.pendingSync.size === 0) this.#environment.timers.cancel(syncKey(group));
  }

  /** Answers a parked SyncGroup with an error, if there is one. While it was parked no heartbeat was expected; now it is again. */
  replySync(group: ClassicGroup, member: ClassicMember, errorCode: number, effects: Effects): void {
    if (replySync(member, errorCode, effects)) this.expectHeartbeat(group, member);
  }

  #scheduleHeartbeat(group: ClassicGroup, memberId: string, timeoutMs: number): void {
    const expire = this.#whenDue(group, (effects) => this.#expireHeartbeat(group, memberId, effects));
    this.#environment.timers.schedule(heartbeatKey(group, memberId), timeoutMs, expire);
  }

  #expireHeartbeat(group: ClassicGroup, memberId: string, effects: Effects): void {
    const { logger } = this.#environment;
    const member = group.members.get(memberId);
    if (member === undefined) {
      if (!group.pendingJoin.has(memberId)) return;
      group.remove(memberId);
      logger.info("nobody joined with a member id", { group: group.groupId, member: memberId });
      this.#completeWithout(group, effects);
    } else if (!isWaiting(member)) {
      logger.info("member failed: no heartbeat in time", { group: group.groupId, member: memberId });
      this.removeMember(group, member, effects);
      if (group.canRebalance) this.prepare(group, `member ${memberId} failed`, effects);
      else this.#completeWithout(group, effects);
    }
  }

  /** Ends the joining when nobody but the one who failed was missing, an initial one too: as in Kafka, its delay is over then. */
  #completeWithout(group: ClassicGroup, effects: Effects): void {
    if (group.state === "PreparingRebalance" && group.haveAllJoined) this.completeJoin(group, effects);
  }

  #expireSync(group: ClassicGroup, effects: Effects): void {
    if (group.pendingSync.size === 0 || !group.canRebalance) return;
    const missing = [...group.pendingSync];
    for (const memberId of missing) this.removeMember(group, group.members.get(memberId)!, effects);
    this.prepare(group, `no SyncGroup from ${missing.join(", ")}`, effects);
  }

  #scheduleInitial(group: ClassicGroup, delayMs: number, remainingMs: number): void {
    const due = this.#whenDue(group, (effects) => {
      if (!group.newMemberAdded || remainingMs === 0) return this.completeJoin(group, effects);
      group.newMemberAdded = false;
      const { groupInitialRebalanceDelayMs } = this.#environment.settings;
      this.#scheduleInitial(group, Math.min(groupInitialRebalanceDelayMs, remainingMs), Math.max(remainingMs - delayMs, 0));
    });
    this.#environment.timers.schedule(joinKey(group), delayMs, due);
  }

  #cancelSyncTimer(group: ClassicGroup): void {
    group.pendingSync.clear();
    this.#environment.timers.cancel(syncKey(group));
  }

  /** What a timer of a group does, unless the group is gone. */
  #whenDue(group: ClassicGroup, operation: (effects: Effects) => void): () => Decision<void, GroupRecord> {
    return () => {
      const effects = new Effects();
      if (this.groups.get(group.groupId) === group) operation(effects);
      return effects.decide<void>(undefined);
    };
  }
}

/** Answers a parked JoinGroup with an error, if there is one. */
export function replyJoin(member: ClassicMember, errorCode: number, effects: Effects, memberId: string = member.memberId): void {
  if (member.awaitingJoin === null) return;
  effects.replies.push(member.awaitingJoin.reply(joinFailed(memberId, errorCode)));
  member.awaitingJoin = null;
}

/** Answers a parked SyncGroup with an error; tells whether there was one. */
export function replySync(member: ClassicMember, errorCode: number, effects: Effects): boolean {
  if (member.awaitingSync === null) return false;
  effects.replies.push(member.awaitingSync.reply(syncFailed(errorCode)));
  member.awaitingSync = null;
  return true;
}

/** The leader stays unless it did not rejoin; then the first who did. Answers false when nobody did. */
function electLeader(group: ClassicGroup): boolean {
  if (group.leader !== null && group.members.get(group.leader)?.awaitingJoin) return true;
  for (const member of group.members.values()) {
    if (member.awaitingJoin !== null) {
      group.leader = member.memberId;
      return true;
    }
  }
  return false;
}

function joinKey(group: ClassicGroup): string {
  return `join ${group.groupId}`;
}

function syncKey(group: ClassicGroup): string {
  return `sync ${group.groupId}`;
}

/** The length keeps a group id that contains a member id apart from another group with another member. */
function heartbeatKey({ groupId }: ClassicGroup, memberId: string): string {
  return `heartbeat ${groupId.length} ${groupId} ${memberId}`;
}
