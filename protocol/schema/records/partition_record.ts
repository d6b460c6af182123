import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 3,
  name: "PartitionRecord",
  versions: "0-2",
  flexible: "0+",
  doc: "A partition exists.",
  fields: {
    partitionId: { type: "int32", versions: "0+", default: -1, doc: "The partition's number." },
    topicId: { type: "uuid", versions: "0+", doc: "The topic's id (KIP-516)." },
    replicas: { type: "[]int32", versions: "0+", doc: "The brokers that hold a replica, the preferred leader first." },
    isr: { type: "[]int32", versions: "0+", doc: "The brokers whose replicas are in sync." },
    removingReplicas: { type: "[]int32", versions: "0+", doc: "Replicas that a reassignment takes away." },
    addingReplicas: { type: "[]int32", versions: "0+", doc: "Replicas that a reassignment adds." },
    leader: { type: "int32", versions: "0+", default: -1, doc: "The leader's broker id; -1 for none." },
    leaderRecoveryState: { type: "int8", versions: "0+", tag: 0, doc: "1 while a leader elected uncleanly recovers (KIP-704), else 0." },
    leaderEpoch: { type: "int32", versions: "0+", default: -1, doc: "Grows with every new leader." },
    partitionEpoch: { type: "int32", versions: "0+", default: -1, doc: "Grows with every change of the partition." },
    directories: { type: "[]uuid", versions: "1+", doc: "The log directory of each replica, in the order of `replicas` (KIP-858)." },
    eligibleLeaderReplicas: {
      type: "[]int32",
      versions: "2+",
      nullable: "2+",
      tag: 1,
      default: null,
      doc: "Replicas out of sync that may still be elected (KIP-966), or null.",
    },
    lastKnownElr: {
      type: "[]int32",
      versions: "2+",
      nullable: "2+",
      tag: 2,
      default: null,
      doc: "The last known leader, where nobody may be elected (KIP-966), or null.",
    },
  },
};
