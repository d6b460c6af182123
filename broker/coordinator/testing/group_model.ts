import assert from "node:assert/strict";
import { ErrorCode } from "../../../protocol/errors.ts";
import {
  emptyGroup,
  type ModelGroup,
  type ModelJoin,
  type ModelMember,
  type ModelSettings,
  type ModelState,
  ModelTimers,
  Ticket,
} from "./model_parts.ts";
import {
  allJoined,
  copyOf,
  identityError,
  joined,
  joining,
  rebalanceMs,
  sameProtocols,
  subscriptions,
  supports,
  synced,
  winners,
  withInstance,
} from "./model_rules.ts";
import { ModelOffsets } from "./offsets_model.ts";

/**
 * Classic groups as Kafka has them, told a second time and as plainly as possible: no bytes, no log, no promises. It shares no code with the
 * shard. Where Kafka leaves a choice (member ids, the next leader, the protocol between equal votes), {@link Observed} says what was chosen,
 * and the model checks that it might.
 */

/** What was chosen in the step that the model follows. */
export interface Observed {
  /** The id of the member, or pending member, that `taken` does not hold. */
  newMemberId(group: string, instance: string | null, taken: readonly string[]): string;
  leader(group: string): string;
  protocol(group: string): string;
  /** Whether the request was answered at once. */
  answered(): boolean;
}

export interface ModelSync {
  readonly group: string;
  readonly memberId: string;
  readonly instance: string | null;
  readonly generation: number;
  readonly protocolType: string | null;
  readonly protocol: string | null;
  readonly assignments: ReadonlyMap<string, number>;
}

const NEW_MEMBER_MS = 300_000;

export class GroupModel {
  now: number;
  groups: Map<string, ModelGroup> = new Map();
  readonly offsets: ModelOffsets;
  readonly timers: ModelTimers = new ModelTimers();
  /** What the log says of groups. */
  saved: Map<string, ModelGroup> = new Map();
  /** How many batches of records were written. */
  writes = 0;
  readonly #settings: ModelSettings;
  readonly #observed: Observed;

  constructor(settings: ModelSettings, observed: Observed, now: number) {
    this.#settings = settings;
    this.#observed = observed;
    this.now = now;
    this.offsets = new ModelOffsets(this, settings);
    this.offsets.schedule();
  }

  join(r: ModelJoin): Ticket {
    const ticket = new Ticket(r.group);
    const { minSessionMs, maxSessionMs } = this.#settings;
    if (r.group === "") return ticket.fail(ErrorCode.INVALID_GROUP_ID);
    if (r.sessionMs < minSessionMs || r.sessionMs > maxSessionMs) return ticket.fail(ErrorCode.INVALID_SESSION_TIMEOUT);
    if (!this.saved.has(r.group)) {
      if (r.memberId !== "") return ticket.fail(ErrorCode.UNKNOWN_MEMBER_ID, r.memberId);
      const group = emptyGroup(r.group, this.now);
      this.groups.set(r.group, group);
      this.save(group);
    }
    this.#joinGroup(this.groups.get(r.group)!, r, ticket);
    return ticket;
  }

  #joinGroup(group: ModelGroup, r: ModelJoin, ticket: Ticket): void {
    const { memberId, instance } = r;
    if (!this.#hasRoom(group, memberId)) {
      ticket.fail(ErrorCode.GROUP_MAX_SIZE_REACHED, "");
      this.#remove(group, memberId);
      // Kafka leaves the others to wait for the deadline of the rebalance.
      return this.#completeIfAllJoined(group);
    }
    if (!supports(group, r)) return void ticket.fail(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, memberId);
    if (memberId === "") return this.#joinNew(group, r, ticket);
    if (group.pending.has(memberId)) {
      if (instance !== null) return void ticket.fail(ErrorCode.UNKNOWN_SERVER_ERROR, "");
      return this.#add(group, memberId, r, ticket);
    }
    const error = identityError(group, memberId, instance);
    if (error !== ErrorCode.NONE) return void ticket.fail(error, memberId);
    const member = group.members.get(memberId)!;
    const isLeader = group.leaders.has(memberId);
    const asBefore = sameProtocols(member.protocols, r.protocols);
    if (asBefore && (group.state === "CompletingRebalance" || (group.state === "Stable" && !isLeader))) {
      return ticket.give(joined(group, memberId, isLeader));
    }
    // Kafka leaves a request that is replaced without an answer.
    member.joining?.fail(ErrorCode.REBALANCE_IN_PROGRESS, memberId);
    this.#update(member, r, ticket);
    this.#changed(group);
  }

  #hasRoom({ state, members }: ModelGroup, memberId: string): boolean {
    const { maxSize } = this.#settings;
    if (state === "Empty") return true;
    if (state === "PreparingRebalance") return Boolean(members.get(memberId)?.joining) || joining(members).length < maxSize;
    return members.has(memberId) || members.size < maxSize;
  }

  #joinNew(group: ModelGroup, r: ModelJoin, ticket: Ticket): void {
    const id = this.#observed.newMemberId(group.id, r.instance, [...group.members.keys(), ...group.pending]);
    assert.match(id, new RegExp(`^${r.instance ?? r.clientId}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`));
    const known = r.instance === null ? undefined : withInstance(group, r.instance);
    if (known !== undefined) return this.#replace(group, known, id, r, ticket);
    if (r.instance !== null || r.version < 4) return this.#add(group, id, r, ticket);
    group.pending.add(id);
    this.timers.set(`heartbeat ${group.id} ${id}`, this.now + r.sessionMs, () => this.#forgetPending(group, id));
    ticket.fail(ErrorCode.MEMBER_ID_REQUIRED, id);
  }

  #add(group: ModelGroup, id: string, r: ModelJoin, ticket: Ticket): void {
    const { instance, clientId } = r;
    if (group.members.size === 0) group.protocolType = r.protocolType;
    if (group.state === "PreparingRebalance" && group.initial) group.newcomer = true;
    const nothing = { sessionMs: 0, rebalanceMs: 0, protocols: [], assignment: [], joining: null, syncing: null };
    const member: ModelMember = { id, instance, clientId, isNew: true, ...nothing };
    this.#update(member, r, ticket);
    group.members.set(id, member);
    group.pending.delete(id);
    if (group.leaders.size === 0) group.leaders.add(id);
    this.#beat(group, member, NEW_MEMBER_MS);
    this.#changed(group);
  }

  #update(member: ModelMember, r: ModelJoin, ticket: Ticket | null): void {
    member.protocols = r.protocols;
    member.sessionMs = r.sessionMs;
    member.rebalanceMs = r.version === 0 ? r.sessionMs : r.rebalanceMs;
    member.joining = ticket;
  }

  /** KIP-345: without a rebalance where nothing changes for the others. */
  #replace(group: ModelGroup, old: ModelMember, id: string, r: ModelJoin, ticket: Ticket): void {
    const leaderBefore = [...group.leaders][0];
    old.joining?.fail(ErrorCode.FENCED_INSTANCE_ID, old.id);
    old.syncing?.fail(ErrorCode.FENCED_INSTANCE_ID);
    const member: ModelMember = { ...old, id, isNew: false, joining: null, syncing: null };
    group.members.delete(old.id);
    group.members.set(id, member);
    // Kafka goes on to wait for a SyncGroup of the member that is gone.
    for (const ids of [group.leaders, group.unsynced]) if (ids.delete(old.id)) ids.add(id);
    this.timers.cancel(`heartbeat ${group.id} ${old.id}`);
    this.#beat(group, member);
    this.#update(member, r, null);
    const votes = winners(group);
    const unchanged = group.state === "Stable" && votes.has(group.protocol!) && (votes.size === 1 || this.#observed.answered());
    if (unchanged) {
      this.save(group);
      const isLeader = group.leaders.has(id);
      if (r.version >= 9) return ticket.give({ ...joined(group, id, isLeader), skipAssignment: isLeader });
      return ticket.give({ ...joined(group, id, false), leader: leaderBefore });
    }
    member.joining = ticket;
    if (group.state === "PreparingRebalance") this.#completeIfAllJoined(group);
    else this.#prepare(group);
  }

  #changed(group: ModelGroup): void {
    if (group.state === "PreparingRebalance") this.#completeIfAllJoined(group);
    else this.#prepare(group);
  }

  #prepare(group: ModelGroup): void {
    for (const member of group.members.values()) {
      if (member.syncing === null) continue;
      member.syncing.fail(ErrorCode.REBALANCE_IN_PROGRESS);
      member.syncing = null;
      this.#beat(group, member);
    }
    group.unsynced.clear();
    this.timers.cancel(`sync ${group.id}`);
    group.initial = group.state === "Empty";
    if (group.state === "CompletingRebalance") group.members.forEach((member) => member.assignment = []);
    this.#enter(group, "PreparingRebalance");
    const { initialDelayMs } = this.#settings;
    if (group.initial && initialDelayMs > 0) this.#wait(group, initialDelayMs, Math.max(rebalanceMs(group) - initialDelayMs, 0));
    else if (group.initial || allJoined(group)) this.#complete(group);
    else this.timers.set(`join ${group.id}`, this.now + rebalanceMs(group), () => this.#complete(group));
  }

  /** The initial delay, prolonged while members come, as long as they allow. */
  #wait(group: ModelGroup, delayMs: number, remainingMs: number): void {
    this.timers.set(`join ${group.id}`, this.now + delayMs, () => {
      if (!group.newcomer || remainingMs === 0) return this.#complete(group);
      group.newcomer = false;
      this.#wait(group, Math.min(this.#settings.initialDelayMs, remainingMs), Math.max(remainingMs - delayMs, 0));
    });
  }

  #completeIfAllJoined(group: ModelGroup): void {
    if (group.state === "PreparingRebalance" && !group.initial && allJoined(group)) this.#complete(group);
  }

  #complete(group: ModelGroup): void {
    this.timers.cancel(`join ${group.id}`);
    for (const member of [...group.members.values()]) {
      if (member.joining === null && member.instance === null) this.#remove(group, member.id);
    }
    const candidates = joining(group.members);
    if (group.members.size > 0 && candidates.length === 0) {
      return this.timers.set(`join ${group.id}`, this.now + rebalanceMs(group), () => this.#complete(group));
    }
    group.generation++;
    group.unsynced.clear();
    if (group.members.size === 0) {
      group.protocol = null;
      this.#enter(group, "Empty");
      group.topics = subscriptions(group);
      return this.save(group);
    }
    // The leader stays if it came; if it is not known who that was, it came if all who might be did.
    const legal = [...group.leaders].every((id) => candidates.includes(id)) ? [...group.leaders] : candidates;
    group.leaders = new Set([choice(legal, () => this.#observed.leader(group.id))]);
    group.protocol = choice([...winners(group)], () => this.#observed.protocol(group.id));
    this.#enter(group, "CompletingRebalance");
    group.topics = subscriptions(group);
    for (const member of group.members.values()) {
      member.joining?.give(joined(group, member.id, group.leaders.has(member.id)));
      member.joining = null;
      member.isNew = false;
      this.#beat(group, member);
      group.unsynced.add(member.id);
    }
    this.timers.set(`sync ${group.id}`, this.now + rebalanceMs(group), () => this.#expireSync(group));
  }

  sync(r: ModelSync): Ticket {
    const ticket = new Ticket(r.group);
    if (r.group === "") return ticket.fail(ErrorCode.INVALID_GROUP_ID);
    const group = this.groups.get(r.group);
    if (group === undefined) return ticket.fail(ErrorCode.UNKNOWN_MEMBER_ID);
    const error = identityError(group, r.memberId, r.instance);
    if (error !== ErrorCode.NONE) return ticket.fail(error);
    if (r.generation !== group.generation) return ticket.fail(ErrorCode.ILLEGAL_GENERATION);
    const foreign = (said: string | null, actual: string | null): boolean => said !== null && actual !== null && said !== actual;
    if (foreign(r.protocolType, group.protocolType) || foreign(r.protocol, group.protocol)) {
      return ticket.fail(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }
    if (group.state === "PreparingRebalance") return ticket.fail(ErrorCode.REBALANCE_IN_PROGRESS);
    group.unsynced.delete(r.memberId);
    if (group.unsynced.size === 0) this.timers.cancel(`sync ${group.id}`);
    const member = group.members.get(r.memberId)!;
    if (group.state === "Stable") {
      ticket.give(synced(group, member));
    } else {
      // Kafka leaves a request that is replaced without an answer.
      member.syncing?.fail(ErrorCode.REBALANCE_IN_PROGRESS);
      member.syncing = ticket;
      if (group.leaders.has(r.memberId)) this.#assign(group, r.assignments);
    }
    return ticket;
  }

  #assign(group: ModelGroup, assignments: ReadonlyMap<string, number>): void {
    this.#enter(group, "Stable");
    for (const member of group.members.values()) {
      member.assignment = assignments.has(member.id) ? [assignments.get(member.id)!] : [];
      if (member.syncing === null) continue;
      member.syncing.give(synced(group, member));
      member.syncing = null;
      this.#beat(group, member);
    }
    this.save(group);
  }

  heartbeat(groupId: string, memberId: string, instance: string | null, generation: number): Ticket {
    const ticket = new Ticket(groupId);
    if (groupId === "") return ticket.fail(ErrorCode.INVALID_GROUP_ID);
    const group = this.groups.get(groupId);
    const error = group === undefined ? ErrorCode.UNKNOWN_MEMBER_ID : identityError(group, memberId, instance);
    if (group === undefined || error !== ErrorCode.NONE) return ticket.fail(error);
    if (generation !== group.generation) return ticket.fail(ErrorCode.ILLEGAL_GENERATION);
    this.#beat(group, group.members.get(memberId)!);
    return ticket.fail(group.state === "PreparingRebalance" ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE);
  }

  leave(groupId: string, members: readonly { readonly memberId: string; readonly instance: string | null }[]): Ticket {
    const ticket = new Ticket(groupId);
    if (groupId === "") return ticket.fail(ErrorCode.INVALID_GROUP_ID);
    const group = this.groups.get(groupId);
    if (group === undefined) return ticket.fail(ErrorCode.UNKNOWN_MEMBER_ID);
    const outcomes = members.map(({ memberId, instance }) => {
      const id = memberId !== "" ? memberId : (instance === null ? undefined : withInstance(group, instance)?.id) ?? "";
      const error = group.pending.has(id) ? ErrorCode.NONE : identityError(group, id, instance);
      if (error === ErrorCode.NONE) this.#remove(group, id);
      return error;
    });
    if (outcomes.includes(ErrorCode.NONE) && group.state !== "Empty") this.#changed(group);
    ticket.give({ error: ErrorCode.NONE, members: outcomes });
    return ticket;
  }

  /** Whether the group takes a commit of this member, which is a sign of life. */
  commitError(groupId: string, version: number, memberId: string, instance: string | null, generation: number): number {
    const group = this.groups.get(groupId);
    if (group === undefined) {
      if (generation < 0) return ErrorCode.NONE;
      return version >= 9 ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.ILLEGAL_GENERATION;
    }
    if (generation < 0 && group.state === "Empty") return ErrorCode.NONE;
    if (generation < 0 && memberId === "" && instance === null) return ErrorCode.UNKNOWN_MEMBER_ID;
    const error = identityError(group, memberId, instance);
    if (error !== ErrorCode.NONE) return error;
    if (generation !== group.generation) return ErrorCode.ILLEGAL_GENERATION;
    if (group.state === "CompletingRebalance") return ErrorCode.REBALANCE_IN_PROGRESS;
    this.#beat(group, group.members.get(memberId)!);
    return ErrorCode.NONE;
  }

  /** TxnOffsetCommit: KIP-447. It keeps no session alive. */
  transactionalCommitError(groupId: string, memberId: string, instance: string | null, generation: number): number {
    const group = this.groups.get(groupId);
    if (groupId === "") return ErrorCode.INVALID_GROUP_ID;
    if (group === undefined) return generation < 0 ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
    if (generation < 0 && group.state === "Empty") return ErrorCode.NONE;
    if (generation < 0 && memberId === "" && instance === null) return ErrorCode.NONE;
    const error = identityError(group, memberId, instance);
    if (error !== ErrorCode.NONE) return error;
    return generation === group.generation ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
  }

  delete(groupId: string): Ticket {
    const ticket = new Ticket(groupId);
    const group = this.groups.get(groupId);
    if (group === undefined) return ticket.fail(ErrorCode.GROUP_ID_NOT_FOUND);
    if (group.state !== "Empty") return ticket.fail(ErrorCode.NON_EMPTY_GROUP);
    this.forget(group);
    this.writes++;
    return ticket.fail(ErrorCode.NONE);
  }

  /** DescribeGroups before version 6, which calls what it does not know dead, and ListGroups. */
  look(states: readonly string[], type: string): Ticket {
    const ticket = new Ticket("");
    const wanted = states.map((state) => state.trim().toLowerCase());
    const listed = [...this.groups.values()].filter(({ state }) => wanted.length === 0 || wanted.includes(state.toLowerCase()));
    ticket.give({ error: ErrorCode.NONE, listed: type.toLowerCase() === "classic" ? listed.map(({ id }) => id).sort() : [] });
    return ticket;
  }

  /** The group and its offsets are gone. */
  forget({ id, pending }: ModelGroup): void {
    for (const memberId of pending) this.timers.cancel(`heartbeat ${id} ${memberId}`);
    this.groups.delete(id);
    this.saved.delete(id);
    this.offsets.forgetGroup(id);
  }

  /** Puts the group as it is into the log. */
  save(group: ModelGroup): void {
    this.writes++;
    this.saved.set(group.id, copyOf(group));
  }

  /** All that was not in the log is gone; members are expected to be heard of, from now on. */
  reload(): void {
    this.timers.clear();
    this.groups = new Map([...this.saved].map(([id, group]) => [id, copyOf(group)]));
    for (const id of this.offsets.committers) if (!this.groups.has(id)) this.groups.set(id, emptyGroup(id, -1));
    for (const group of this.groups.values()) {
      group.topics = subscriptions(group);
      for (const member of group.members.values()) this.#beat(group, member);
      if (group.members.size > this.#settings.maxSize) this.#prepare(group);
    }
    this.offsets.schedule();
  }

  #beat(group: ModelGroup, member: ModelMember, ms = member.sessionMs): void {
    this.timers.set(`heartbeat ${group.id} ${member.id}`, this.now + ms, () => {
      if (!member.isNew && (member.joining !== null || member.syncing !== null)) return;
      this.#remove(group, member.id);
      if (group.state !== "PreparingRebalance") this.#prepare(group);
      else if (allJoined(group)) this.#complete(group);
    });
  }

  #forgetPending(group: ModelGroup, memberId: string): void {
    group.pending.delete(memberId);
    if (group.state === "PreparingRebalance" && allJoined(group)) this.#complete(group);
  }

  #expireSync(group: ModelGroup): void {
    for (const id of [...group.unsynced]) this.#remove(group, id);
    this.#prepare(group);
  }

  #remove(group: ModelGroup, id: string): void {
    const member = group.members.get(id);
    member?.joining?.fail(ErrorCode.UNKNOWN_MEMBER_ID, "");
    member?.syncing?.fail(ErrorCode.UNKNOWN_MEMBER_ID);
    this.timers.cancel(`heartbeat ${group.id} ${id}`);
    group.members.delete(id);
    group.pending.delete(id);
    group.unsynced.delete(id);
    if (group.leaders.has(id)) group.leaders = new Set(group.members.keys());
  }

  #enter(group: ModelGroup, state: ModelState): void {
    group.state = state;
    group.since = this.now;
  }
}

/** One of several possibilities; only where there are several it is asked which one it was. */
function choice(legal: readonly string[], ask: () => string): string {
  const chosen = legal.length === 1 ? legal[0] : ask();
  assert.ok(legal.includes(chosen), `${chosen} is none of ${legal}`);
  return chosen;
}
