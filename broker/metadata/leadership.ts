import type { Catalogue, PartitionEntry } from "./catalogue.ts";
import type { MetadataRecord } from "./records.ts";

/** Nobody leads the partition. Kafka: `LeaderConstants.NO_LEADER`. */
export const NO_LEADER = -1;

/**
 * What follows for replicas and leaders from which nodes run: who stops leaves the replicas in sync, unless nobody else is left in them, and somebody
 * else leads; who runs again is in sync at once, since there is one log. Kafka: `ReplicationControlManager.handleBrokerFenced` and
 * `handleBrokerUnfenced`, without unclean elections.
 */
export function leadershipRecords(catalogue: Catalogue, isRunning: (id: number) => boolean): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  for (const { id: topicId, partitions } of catalogue.topics()) {
    for (const entry of partitions) {
      const isr = inSync(entry, isRunning);
      const leader = isr.some(isRunning) ? leaderAmong(isr, entry) : NO_LEADER;
      const change = {
        ...(isr.length === entry.isr.length && isr.every((id) => entry.isr.includes(id)) ? {} : { isr }),
        ...(leader === entry.leader ? {} : { leader }),
      };
      if (Object.keys(change).length === 0) continue;
      records.push({ type: "PartitionChangeRecord", data: { topicId, partitionId: entry.partition, ...change } });
    }
  }
  return records;
}

/** The replicas in sync once those that stopped are out and those that came back are in. The last one stays: it alone has everything. */
function inSync({ isr, replicas }: PartitionEntry, isRunning: (id: number) => boolean): number[] {
  const left = isr.filter(isRunning);
  if (left.length === 0) return [...isr];
  return [...left, ...replicas.filter((id) => isRunning(id) && !left.includes(id))];
}

/** Who leads goes on; else the first replica that is in sync does. */
function leaderAmong(isr: readonly number[], { leader, replicas }: PartitionEntry): number {
  return isr.includes(leader) ? leader : replicas.find((id) => isr.includes(id)) ?? NO_LEADER;
}

/** A new partition's record, once those of its replicas that do not run are neither in sync nor leaders. */
export function ledByRunning(record: MetadataRecord, isRunning: (id: number) => boolean): MetadataRecord {
  if (record.type !== "PartitionRecord") return record;
  const { isr, leader } = record.data;
  const running = isr.filter(isRunning);
  if (running.length === 0) return { ...record, data: { ...record.data, leader: NO_LEADER } };
  return { ...record, data: { ...record.data, isr: running, leader: isRunning(leader) ? leader : running[0] } };
}
