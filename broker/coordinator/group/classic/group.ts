import type { GroupMetadataValue } from "../../../../protocol/generated/records/group_metadata_value.ts";
import { ErrorCode } from "../../../../protocol/errors.ts";
import { KafkaError } from "../../../kafka_error.ts";
import type { GroupRecord } from "../records.ts";
import { type ClassicMember, metadataOf, type Protocol } from "./member.ts";
import { subscribedTopics } from "./subscribed_topics.ts";
import { Votes } from "./votes.ts";

/** `protocol_type` of consumers. Kafka: `ConsumerProtocol.PROTOCOL_TYPE`. */
const CONSUMER = "consumer";

/** Kafka's `ClassicGroupState`, but for Dead: here, a group that is gone is not there. */
export type ClassicGroupState = "Empty" | "PreparingRebalance" | "CompletingRebalance" | "Stable";

/** The states that each state is reached from, and by what. */
const comesFrom: Record<ClassicGroupState, readonly ClassicGroupState[]> = {
  /** The last member left or died. */
  Empty: ["PreparingRebalance"],
  /** A member joined, left, died, or rejoined with something new; the others are asked to rejoin. */
  PreparingRebalance: ["Stable", "CompletingRebalance", "Empty"],
  /** All members that will come have joined; the leader assigns. */
  CompletingRebalance: ["PreparingRebalance"],
  /** The assignment came. */
  Stable: ["CompletingRebalance"],
};

/**
 * A classic group: who its members are, how far its rebalance is. Hard state is what the last record said (`committed`); members, timers and
 * parked requests are soft, and agree with it while the group is Stable or Empty. Kafka: `ClassicGroup`.
 */
export class ClassicGroup {
  readonly groupId: string;
  /** By member id, in the order in which they joined. */
  readonly members = new Map<string, ClassicMember>();
  /** Member ids given out that have not joined yet (KIP-394). */
  readonly pendingJoin = new Set<string>();
  /** Members that have been told the generation and have not asked for their assignment. */
  readonly pendingSync = new Set<string>();
  readonly #memberIdByInstance = new Map<string, string>();
  readonly #votes = new Votes();
  #state: ClassicGroupState = "Empty";
  #previousState: ClassicGroupState | null = null;
  /** Wall-clock time since when it is in this state, or -1 when unknown. */
  stateTimestamp: number;
  generation = 0;
  /** Null: a group that only commits offsets. */
  protocolType: string | null = null;
  /** The protocol that this generation uses; null while the group is empty. */
  protocol: string | null = null;
  leader: string | null = null;
  /** The topics that consumers of this generation subscribe to; null when that is not known. */
  #subscribedTopics: ReadonlySet<string> | null = null;
  /** Whether a member joined since the delay of an initial rebalance was last prolonged. */
  newMemberAdded = false;
  /** What the log says of the group. Only replay changes it. */
  committed: GroupMetadataValue | null = null;

  constructor(groupId: string, stateTimestamp: number) {
    this.groupId = groupId;
    this.stateTimestamp = stateTimestamp;
  }

  /** A group as the log has it: Stable with its members, or Empty. */
  static fromRecord(groupId: string, value: GroupMetadataValue): ClassicGroup {
    const group = new ClassicGroup(groupId, value.currentStateTimestamp);
    group.committed = value;
    group.generation = value.generation;
    for (const member of value.members) {
      const { memberId, groupInstanceId: instanceId, clientId, clientHost, sessionTimeout: sessionTimeoutMs, rebalanceTimeout } = member;
      const rebalanceTimeoutMs = rebalanceTimeout === -1 ? sessionTimeoutMs : rebalanceTimeout;
      const protocols = [{ name: value.protocol ?? "", metadata: member.subscription }];
      const soft = { isNew: false, described: member.assignment, awaitingJoin: null, awaitingSync: null };
      group.add(
        { memberId, instanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs, protocols, ...soft },
        value.protocolType,
      );
    }
    group.protocolType = value.protocolType === "" ? null : value.protocolType;
    group.protocol = value.protocol;
    group.leader = value.leader;
    group.#state = value.members.length === 0 ? "Empty" : "Stable";
    group.noteSubscriptions();
    return group;
  }

  get state(): ClassicGroupState {
    return this.#state;
  }

  /** The state before this one; null for a group that was just made or loaded. */
  get previousState(): ClassicGroupState | null {
    return this.#previousState;
  }

  transition(to: ClassicGroupState, now: number): void {
    if (!comesFrom[to].includes(this.#state)) throw new Error(`group ${this.groupId} cannot go from ${this.#state} to ${to}`);
    this.#previousState = this.#state;
    this.#state = to;
    this.stateTimestamp = now;
  }

  get canRebalance(): boolean {
    return comesFrom.PreparingRebalance.includes(this.#state);
  }

  add(member: ClassicMember, protocolType: string): void {
    if (this.members.size === 0) this.protocolType = protocolType;
    if (member.instanceId !== null) this.#memberIdByInstance.set(member.instanceId, member.memberId);
    this.members.set(member.memberId, member);
    this.#votes.add(member.protocols);
    this.pendingJoin.delete(member.memberId);
    this.leader ??= member.memberId;
  }

  /** Takes out a member or pending member. A new leader is chosen when the leader goes. */
  remove(memberId: string): void {
    const member = this.members.get(memberId);
    if (member !== undefined) {
      this.members.delete(memberId);
      this.#votes.remove(member.protocols);
      if (member.instanceId !== null) this.#memberIdByInstance.delete(member.instanceId);
    }
    if (this.leader === memberId) this.leader = this.members.keys().next().value ?? null;
    this.pendingJoin.delete(memberId);
    this.pendingSync.delete(memberId);
  }

  /** Puts `member` in the place of the static member that had its instance id, as leader too, and answers whom it replaced. */
  replace(member: ClassicMember): ClassicMember {
    const oldId = this.#memberIdByInstance.get(member.instanceId ?? "");
    const old = oldId === undefined ? undefined : this.members.get(oldId);
    if (old === undefined) throw new Error(`group ${this.groupId} has no member with instance id ${member.instanceId}`);
    const wasLeader = this.leader === old.memberId;
    this.remove(old.memberId);
    this.add(member, this.protocolType ?? "");
    if (wasLeader) this.leader = member.memberId;
    return old;
  }

  setProtocols(member: ClassicMember, protocols: readonly Protocol[]): void {
    this.#votes.remove(member.protocols);
    member.protocols = protocols;
    this.#votes.add(protocols);
  }

  /** The protocol that the members would agree on now. */
  selectProtocol(): string {
    const selected = this.#votes.select([...this.members.values()]);
    if (selected === null) throw new Error(`the members of group ${this.groupId} share no protocol`);
    return selected;
  }

  /** Whether a member with these protocols can be part of the group. */
  supports(protocolType: string, protocols: readonly { readonly name: string }[]): boolean {
    if (this.#state === "Empty") return protocolType !== "" && protocols.length > 0;
    return this.protocolType === protocolType && protocols.some(({ name }) => this.#votes.isShared(name, this.members.size));
  }

  get isOfConsumers(): boolean {
    return this.protocolType === CONSUMER;
  }

  /** Whether it is known what the members subscribe to. */
  get knowsSubscriptions(): boolean {
    return this.#subscribedTopics !== null;
  }

  /** Whether a member subscribes to a topic; of consumers that do not say so it is assumed. Kafka: `ClassicGroup.isSubscribedToTopic`. */
  isSubscribedTo(topic: string): boolean {
    return this.#subscribedTopics?.has(topic) ?? this.isOfConsumers;
  }

  /** Reads what the members of a new generation subscribe to. */
  noteSubscriptions(): void {
    const { protocol, members } = this;
    const known = this.isOfConsumers && (members.size === 0 || protocol !== null);
    this.#subscribedTopics = known ? subscribedTopics([...members.values()].map((member) => metadataOf(member, protocol ?? ""))) : null;
  }

  memberIdOf(instanceId: string): string | undefined {
    return this.#memberIdByInstance.get(instanceId);
  }

  get awaitingJoin(): number {
    let count = 0;
    for (const member of this.members.values()) if (member.awaitingJoin !== null) count++;
    return count;
  }

  get haveAllJoined(): boolean {
    return this.pendingJoin.size === 0 && this.awaitingJoin === this.members.size;
  }

  /** Milliseconds that a rebalance may take: the longest that a member asked for. */
  get rebalanceTimeoutMs(): number {
    let longest = 0;
    for (const { rebalanceTimeoutMs } of this.members.values()) longest = Math.max(longest, rebalanceTimeoutMs);
    return longest;
  }

  /** The member with that id, fenced by its instance id. Throws UNKNOWN_MEMBER_ID or FENCED_INSTANCE_ID. */
  member(memberId: string, instanceId: string | null): ClassicMember {
    if (instanceId !== null) {
      const current = this.#memberIdByInstance.get(instanceId);
      if (current !== undefined && current !== memberId) throw new KafkaError(ErrorCode.FENCED_INSTANCE_ID);
      if (current === undefined) throw new KafkaError(ErrorCode.UNKNOWN_MEMBER_ID);
    }
    const member = this.members.get(memberId);
    if (member === undefined) throw new KafkaError(ErrorCode.UNKNOWN_MEMBER_ID);
    return member;
  }

  /** The part of a member in the assignment that the log holds. */
  assignmentOf(memberId: string): Uint8Array {
    return this.committed?.members.find((member) => member.memberId === memberId)?.assignment ?? new Uint8Array(0);
  }

  /** The record that makes the group as it is durable. Kafka: `newGroupMetadataRecord`. */
  record(assignmentOf: (memberId: string) => Uint8Array): GroupRecord {
    const members = [...this.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeoutMs,
      sessionTimeout: member.sessionTimeoutMs,
      subscription: metadataOf(member, this.protocol ?? ""),
      assignment: assignmentOf(member.memberId),
    }));
    const { protocolType, generation, protocol, leader, stateTimestamp: currentStateTimestamp } = this;
    const value = { protocolType: protocolType ?? "", generation, protocol, leader, currentStateTimestamp, members };
    return { type: "GroupMetadata", key: { group: this.groupId }, value };
  }
}
