import { ErrorCode } from "../../protocol/errors.ts";
import type { Catalogue, PartitionEntry } from "./catalogue.ts";
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
type Change = Partial<Pick<PartitionEntry, "replicas" | "addingReplicas" | "removingReplicas" | "isr" | "leader">>;

/**
 * What follows for replicas and leaders from which nodes run: who stops leaves the replicas in sync, unless nobody else is left in them, and somebody
 * else leads; who runs again is in sync at once, since there is one log, and with the last of its replicas a partition has moved. Kafka:
 * `ReplicationControlManager.handleBrokerFenced`, `handleBrokerUnfenced` and `alterPartition`, without unclean elections.
 */
export function leadershipRecords(catalogue: Catalogue, isRunning: IsRunning): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  for (const { id, partitions } of catalogue.topics()) {
    for (const entry of partitions) records.push(...changeRecord(id, entry, settled(entry, isRunning)));
  }
  return records;
}

function settled(entry: PartitionEntry, isRunning: IsRunning): Change {
  const { replicas, addingReplicas, removingReplicas } = entry;
  const caughtUp = inSync(entry, isRunning);
  const target = replicas.filter((id) => !removingReplicas.includes(id));
  const isMoving = addingReplicas.length + removingReplicas.length > 0;
  if (!isMoving || !target.every((id) => caughtUp.includes(id))) return { isr: caughtUp, leader: leaderOf(entry, caughtUp, isRunning) };
  const isr = caughtUp.filter((id) => target.includes(id));
  return {
    replicas: target,
    addingReplicas: [],
    removingReplicas: [],
    isr,
    leader: leaderOf({ ...entry, replicas: target }, isr, isRunning),
  };
}

/** The replicas in sync once those that stopped are out and those that came back are in. The last one stays: it alone has everything. */
function inSync({ isr, replicas }: PartitionEntry, isRunning: IsRunning): readonly number[] {
  const left = isr.filter(isRunning);
  if (left.length === 0) return isr;
  return [...left, ...replicas.filter((id) => isRunning(id) && !left.includes(id))];
}

/** Who leads goes on; else the first replica that runs and is in sync does. */
function leaderOf({ leader, replicas }: PartitionEntry, isr: readonly number[], isRunning: IsRunning): number {
  const eligible = (id: number) => isr.includes(id) && isRunning(id);
  return eligible(leader) ? leader : replicas.find(eligible) ?? NO_LEADER;
}

/** A new partition's record, once those of its replicas that do not run are neither in sync nor leaders. */
export function ledByRunning(record: MetadataRecord, isRunning: IsRunning): MetadataRecord {
  if (record.type !== "PartitionRecord") return record;
  const running = record.data.isr.filter(isRunning);
  if (running.length === 0) return { ...record, data: { ...record.data, leader: NO_LEADER } };
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
  const change = isr.includes(elected) ? { leader: elected } : { leader: elected, isr: [elected] };
  return accept(changeRecord(catalogue.topic(topic)!.id, entry, change));
}

/**
 * Begins to move a partition to `target`, or gives up where that is null (KIP-455); it has moved once all of `target` are in sync. `mayChangeFactor`:
 * to more or fewer replicas, too (KIP-860). Kafka: `ReplicationControlManager.alterPartitionReassignment`.
 */
export function decideReassignment(
  catalogue: Catalogue,
  topic: string,
  index: number,
  target: readonly number[] | null,
  mayChangeFactor: boolean,
  problemOf: (target: readonly number[]) => string | null,
): PartitionDecision {
  const entry = catalogue.topic(topic)?.partitions[index];
  if (entry === undefined) return unknown();
  const { id } = catalogue.topic(topic)!;
  const { replicas, addingReplicas, removingReplicas, isr } = entry;
  const before = replicas.filter((replica) => !addingReplicas.includes(replica));
  if (target === null) {
    if (addingReplicas.length + removingReplicas.length === 0) {
      return refuse(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS, null);
    }
    const left = isr.filter((replica) => before.includes(replica));
    const change = { replicas: before, addingReplicas: [], removingReplicas: [], isr: left.length === 0 ? isr : left };
    return accept(changeRecord(id, entry, change));
  }
  const problem = problemOf(target);
  if (problem !== null) return refuse(ErrorCode.INVALID_REPLICA_ASSIGNMENT, problem);
  if (!mayChangeFactor && target.length !== before.length) {
    return refuse(
      ErrorCode.INVALID_REPLICATION_FACTOR,
      `The partition has ${before.length} replicas; ${target.length} would be another factor.`,
    );
  }
  const adding = target.filter((replica) => !before.includes(replica));
  const removing = replicas.filter((replica) => !target.includes(replica));
  return accept(changeRecord(id, entry, { replicas: [...target, ...removing], addingReplicas: adding, removingReplicas: removing }));
}

/** The record of what differs from `entry`; none where nothing does. A leader counts as one when it is named anew, so it stands only for another one. */
function changeRecord(topicId: string, entry: PartitionEntry, change: Change): MetadataRecord[] {
  const { replicas, addingReplicas, removingReplicas, isr, leader } = change;
  const data = {
    ...(isOther(replicas, entry.replicas) ? { replicas: [...replicas!] } : {}),
    ...(isOther(addingReplicas, entry.addingReplicas) ? { addingReplicas: [...addingReplicas!] } : {}),
    ...(isOther(removingReplicas, entry.removingReplicas) ? { removingReplicas: [...removingReplicas!] } : {}),
    ...(isOther(isr, entry.isr) ? { isr: [...isr!] } : {}),
    ...(leader === undefined || leader === entry.leader ? {} : { leader }),
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
