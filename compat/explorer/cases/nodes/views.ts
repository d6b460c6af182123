/** What is asked whichever nodes run: who is there, and what those say that do not lead a partition. */
import { ask, type History } from "../../history.ts";
import { at, type Plain } from "../../plain.ts";

const all = { topics: ["thrice", "all", "twice", "once"].map((name) => ({ name })) };
/** Who comes into sync first is chance. */
const isr = { unordered: ["isrNodes"] } as const;

/** What clients are told of the nodes and of the topics. */
export function views(when: string, nodes: readonly number[]): History[] {
  return nodes.flatMap((node) => [
    ask("Metadata", `${when}, node ${node}`, all, { node, keyed: { brokers: "nodeId" }, ...isr, see: anyController }),
    ask("DescribeCluster", `${when}, node ${node}`, { includeFencedBrokers: true }, {
      node,
      keyed: { brokers: "brokerId" },
      see: anyController,
    }),
    ask("DescribeCluster", `${when}, node ${node}, those that run`, {}, { node, keyed: { brokers: "brokerId" }, see: anyController }),
    ask("DescribeTopicPartitions", `${when}, node ${node}`, { ...all, responsePartitionLimit: 2_000 }, { node, ...isr }),
    ask("DescribeQuorum", `${when}, node ${node}`, {
      topics: [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }],
    }, { node, see: replicasOfQuorum }),
    ...[0, 1].map((keyType) =>
      ask("FindCoordinator", `${when}, node ${node}, of type ${keyType}`, { key: "any", keyType, coordinatorKeys: ["any"] }, {
        node,
        versions: keyType === 0 ? "0+" : "1+",
      })
    ),
  ]);
}

/** Kafka names a node by chance, which tells the controller; here it is the first. It runs. */
function anyController(answer: Plain): Plain {
  const { brokers, controllerId, ...rest } = answer as { brokers: Record<string, Plain>; controllerId: number };
  return { ...rest, brokers, controllerRuns: controllerId in brokers };
}

/** Who votes, who follows: where they are is each broker's own. */
function replicasOfQuorum(answer: Plain): Plain {
  const { topics: [{ partitions: [{ leaderId, currentVoters, observers }] }] } = answer as {
    topics: { partitions: { leaderId: number; currentVoters: { replicaId: number }[]; observers: { replicaId: number }[] }[] }[];
  };
  const ids = (list: { replicaId: number }[]): number[] => list.map(({ replicaId }) => replicaId).sort();
  return { leaderId, voters: ids(currentVoters), observers: ids(observers) };
}

/** What a node says of a partition, most of it only if it leads it. */
export const atNode = (when: string, node: number, name: string, partition: number): History[] => [
  ask("ListOffsets", `${when}, of ${name}-${partition}, node ${node}`, {
    replicaId: -1,
    topics: [{ name, partitions: [{ partitionIndex: partition, timestamp: -2n }] }],
  }, { node }),
  ask("OffsetForLeaderEpoch", `${when}, of ${name}-${partition}, node ${node}`, {
    replicaId: -1,
    topics: [{ topic: name, partitions: [{ partition, leaderEpoch: 0 }] }],
  }, { node, see: codeOf }),
  ask("DeleteRecords", `${when}, of ${name}-${partition}, node ${node}`, {
    topics: [{ name, partitions: [{ partitionIndex: partition, offset: 0n }] }],
    timeoutMs: 5_000,
  }, { node }),
  ask("DescribeProducers", `${when}, of ${name}-${partition}, node ${node}`, { topics: [{ name, partitionIndexes: [partition] }] }, {
    node,
    see: codeOf,
  }),
  ask("WriteTxnMarkers", `${when}, of ${name}-${partition}, node ${node}`, {
    markers: [{
      producerId: 8_000n,
      producerEpoch: 0,
      transactionResult: false,
      coordinatorEpoch: 0,
      topics: [{ name, partitionIndexes: [partition] }],
    }],
  }, { node }),
];

/** What is said beside it depends on what others write at the moment. */
const codeOf = (answer: Plain): Plain => ({ errorCode: at(answer, "topics/0/partitions/0/errorCode") ?? null });
