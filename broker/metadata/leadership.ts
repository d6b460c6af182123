import { ErrorCode } from "../../protocol/errors.ts";
import { type Catalogue, ConfigResourceType, type PartitionEntry, type TopicEntry } from "./catalogue.ts";
import { hasEligibleLeaders } from "./features.ts";
import type { MetadataRecord } from "./records.ts";

/** Nobody leads the partition. Kafka: `LeaderConstants.NO_LEADER`. */
export const NO_LEADER = -1;

/** Kafka: `ElectionType`. */
export const ElectionType = { PREFERRED: 0, UNCLEAN: 1 } as const;

/** What becomes of one partition of a request. */
export interface PartitionDecision {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly records: readonly MetadataRecord[];
}

type IsRunning = (nodeId: number) => boolean;
type State = Pick<PartitionEntry, "replicas" | "addingReplicas" | "removingReplicas" | "isr" | "elr" | "lastKnownElr" | "leader">;

/**
 * What follows for replicas and leaders from which nodes run: who stops leaves the replicas in sync, and somebody else leads; who runs again is in sync
 * at once where somebody leads, since there is one log, and with the last of its replicas a partition has moved. Kafka:
 * `ReplicationControlManager.handleBrokerFenced`, `handleBrokerUnfenced` and `alterPartition`, without unclean elections.
 */
export function leadershipRecords(catalogue: Catalogue, isRunning: IsRunning): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  for (const topic of catalogue.topics()) {
    const needed = neededInSync(catalogue, topic);
    for (const entry of topic.partitions) records.push(...changeRecord(topic.id, entry, settled(entry, isRunning, needed)));
  }
  return records;
}

/** Instead of how many replicas have to be in sync, where nobody else is eligible (`eligible.leader.replicas.version` is 0). */
const NOBODY_ELIGIBLE = 0;

/** How many replicas of a topic's partitions have to be in sync, that nobody else may be elected. Kafka: `ReplicationControlManager.getTopicEffectiveMinIsr`. */
function neededInSync(catalogue: Catalogue, { name, partitions }: TopicEntry): number {
  if (!hasEligibleLeaders(catalogue)) return NOBODY_ELIGIBLE;
  const of = (type: number, resource: string) => catalogue.configs(type, resource).get("min.insync.replicas");
  const configured = of(ConfigResourceType.TOPIC, name) ?? of(ConfigResourceType.BROKER, "") ?? "1";
  return Math.min(Number(configured), partitions[0].replicas.length);
}

/** A partition as it is once those that stopped are out of sync, somebody leads, those that run are in sync, and it has moved if it can. */
function settled(before: State, isRunning: IsRunning, needed: number): State {
  const left = before.isr.filter(isRunning);
  let state = led(withInSync(before, left.length === 0 && needed === NOBODY_ELIGIBLE ? before.isr : left, needed), isRunning);
  if (needed === NOBODY_ELIGIBLE) state = { ...state, lastKnownElr: [] };
  if (state.leader !== NO_LEADER) {
    const { isr, replicas } = state;
    state = withInSync(state, [...isr, ...replicas.filter((id) => isRunning(id) && !isr.includes(id))], needed);
  }
  if (!hasMoved(state)) return state;
  const { replicas, removingReplicas, isr } = state;
  const stays = (id: number) => !removingReplicas.includes(id);
  return led({ ...state, replicas: replicas.filter(stays), addingReplicas: [], removingReplicas: [], isr: isr.filter(stays) }, isRunning);
}

/**
 * Whether a move is over: what comes is in sync and, where there will be fewer replicas, so are all that stay. Kafka:
 * `PartitionReassignmentReplicas.maybeCompleteReassignment`.
 */
function hasMoved({ replicas, addingReplicas: adding, removingReplicas: removing, isr }: State): boolean {
  if (adding.length + removing.length === 0) return false;
  const inSync = isr.filter((id) => !removing.includes(id));
  const needed = adding.length < removing.length ? replicas.filter((id) => !removing.includes(id)) : adding;
  return inSync.length > 0 && [...adding, ...needed].every((id) => inSync.includes(id));
}

/** With others in sync: while those are too few, who leaves may still be elected (KIP-966). Kafka: `PartitionChangeBuilder.maybePopulateTargetElr`. */
function withInSync(state: State, isr: readonly number[], needed: number): State {
  const left = new Set([...state.elr, ...state.isr].filter((id) => !isr.includes(id)));
  return { ...state, isr, elr: isr.length >= needed ? [] : [...left].sort((a, b) => a - b) };
}

/**
 * Who leads goes on; else the first replica does that runs and is in sync, or nobody is and it may be elected all the same; else nobody. Kafka:
 * `PartitionChangeBuilder.electAnyLeader`.
 */
function led(state: State, isRunning: IsRunning): State {
  const { isr, elr, replicas } = state;
  const mayLead = (id: number) => isRunning(id) && (isr.length === 0 ? elr : isr).includes(id);
  const leader = mayLead(state.leader) ? state.leader : replicas.find(mayLead) ?? NO_LEADER;
  if (leader === NO_LEADER) return { ...state, leader, lastKnownElr: state.leader === NO_LEADER ? state.lastKnownElr : [state.leader] };
  if (isr.includes(leader)) return { ...state, leader, lastKnownElr: [] };
  return { ...state, leader, lastKnownElr: [], isr: [leader], elr: elr.filter((id) => id !== leader) };
}

/** A new partition's record, once those of its replicas that do not run are neither in sync nor leaders: one of them runs. */
export function ledByRunning(record: MetadataRecord, isRunning: IsRunning): MetadataRecord {
  if (record.type !== "PartitionRecord") return record;
  const running = record.data.isr.filter(isRunning);
  return { ...record, data: { ...record.data, isr: running, leader: running[0] } };
}

/** Elects a leader for a partition (KIP-183, KIP-460). Kafka: `ReplicationControlManager.electLeader`. */
export function decideElection(
  catalogue: Catalogue,
  topic: string,
  index: number,
  electionType: number,
  isRunning: IsRunning,
): PartitionDecision {
  const entry = catalogue.topic(topic)?.partitions[index];
  if (entry === undefined) return unknown();
  const { leader, replicas, isr } = entry;
  const isPreferred = electionType === ElectionType.PREFERRED;
  if (isPreferred ? leader === replicas[0] : leader >= 0) {
    return refuse(ErrorCode.ELECTION_NOT_NEEDED, "The partition has the leader that it should have.");
  }
  const elected = isPreferred ? replicas.slice(0, 1).find((id) => isr.includes(id) && isRunning(id)) : replicas.find(isRunning);
  if (elected === undefined) {
    const code = isPreferred ? ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE : ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE;
    return refuse(code, "No replica may lead the partition now.");
  }
  // Who was not in sync may lack what the others have: they have to follow anew. Not here, where all read one log.
  const change = isr.includes(elected) ? { leader: elected } : { leader: elected, isr: [elected], elr: [], lastKnownElr: [] };
  return accept(changeRecord(catalogue.topic(topic)!.id, entry, change));
}

/** By what a move of partitions is judged. */
export interface ReassignmentRules {
  /** To more or fewer replicas, too (KIP-860). */
  readonly mayChangeFactor: boolean;
  /** Why a partition cannot be there, or null. */
  readonly problemOf: (target: readonly number[]) => string | null;
  readonly isRunning: IsRunning;
}

/**
 * Begins to move a partition to `target`, or gives up where that is null (KIP-455). Kafka:
 * `ReplicationControlManager.alterPartitionReassignment`.
 */
export function decideReassignment(
  catalogue: Catalogue,
  name: string,
  index: number,
  target: readonly number[] | null,
  { mayChangeFactor, problemOf, isRunning }: ReassignmentRules,
): PartitionDecision {
  const topic = catalogue.topic(name);
  const entry = topic?.partitions[index];
  if (topic === undefined || entry === undefined) return unknown();
  const { replicas, addingReplicas, removingReplicas, isr } = entry;
  const before = replicas.filter((replica) => !addingReplicas.includes(replica));
  const accepted = (change: Partial<State>) => {
    return accept(changeRecord(topic.id, entry, settled({ ...entry, ...change }, isRunning, neededInSync(catalogue, topic))));
  };
  if (target === null) {
    if (addingReplicas.length + removingReplicas.length === 0) return refuse(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS, null);
    const left = isr.filter((replica) => before.includes(replica));
    return accepted({ replicas: before, addingReplicas: [], removingReplicas: [], isr: left.length === 0 ? isr : left });
  }
  const problem = problemOf(target);
  if (problem !== null) return refuse(ErrorCode.INVALID_REPLICA_ASSIGNMENT, problem);
  if (!mayChangeFactor && target.length !== before.length) {
    return refuse(
      ErrorCode.INVALID_REPLICATION_FACTOR,
      `The partition has ${before.length} replicas; ${target.length} would be another factor.`,
    );
  }
  const adding = target.filter((replica) => !replicas.includes(replica)).sort((a, b) => a - b);
  const removing = replicas.filter((replica) => !target.includes(replica)).sort((a, b) => a - b);
  return accepted({
    replicas: [...target, ...removing],
    // As in Kafka, a move that is under way keeps what it adds and removes where the next one names nothing of the kind.
    addingReplicas: adding.length > 0 ? adding : addingReplicas,
    removingReplicas: removing.length > 0 ? removing : removingReplicas,
  });
}

/**
 * The record of what differs from `entry`; none where nothing does. A leader that is named has a new epoch, so it stands only for another one, and where
 * replicas have gone. Kafka: `PartitionChangeBuilder.triggerLeaderEpochBumpForReplicaReassignmentIfNeeded`.
 */
function changeRecord(topicId: string, entry: PartitionEntry, change: Partial<State>): MetadataRecord[] {
  const { replicas = entry.replicas, addingReplicas, removingReplicas, isr, elr, lastKnownElr, leader = entry.leader } = change;
  const names = leader !== entry.leader || entry.replicas.some((id) => !replicas.includes(id));
  const data = {
    ...(isOther(replicas, entry.replicas) ? { replicas: [...replicas] } : {}),
    ...(isOther(addingReplicas, entry.addingReplicas) ? { addingReplicas: [...addingReplicas!] } : {}),
    ...(isOther(removingReplicas, entry.removingReplicas) ? { removingReplicas: [...removingReplicas!] } : {}),
    ...(isOther(isr, entry.isr) ? { isr: [...isr!] } : {}),
    ...(isOther(elr, entry.elr) ? { eligibleLeaderReplicas: [...elr!] } : {}),
    ...(isOther(lastKnownElr, entry.lastKnownElr) ? { lastKnownElr: [...lastKnownElr!] } : {}),
    ...(names ? { leader } : {}),
  };
  if (Object.keys(data).length === 0) return [];
  return [{ type: "PartitionChangeRecord", data: { topicId, partitionId: entry.partition, ...data } }];
}

function isOther(list: readonly number[] | undefined, before: readonly number[]): boolean {
  return list !== undefined && (list.length !== before.length || list.some((id, index) => id !== before[index]));
}

/** Without the name: a request may name very many partitions of a topic whose name is very long. */
function unknown(): PartitionDecision {
  return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no such partition.");
}

function accept(records: readonly MetadataRecord[]): PartitionDecision {
  return { errorCode: ErrorCode.NONE, errorMessage: null, records };
}

function refuse(errorCode: number, errorMessage: string | null): PartitionDecision {
  return { errorCode, errorMessage, records: [] };
}
