/** Partitions that are moved, and leaders elected: while all three nodes run, and while the third does not. */
import { ask, type Fields, type History, type Step, type Value } from "../../history.ts";
import { at, has, type Plain } from "../../plain.ts";
import { placed, told } from "./fixture.ts";

const reassigns = (name: string, from: readonly number[], to: Value, moved: readonly number[], more: Fields = {}): History =>
  ask("AlterPartitionReassignments", `of three nodes: ${name}`, {
    timeoutMs: 10_000,
    topics: [{ name: "r{run}", partitions: [{ partitionIndex: 0, replicas: to }] }],
    ...more,
  }, {
    versions: "1",
    before: placed("r{run}", "topicId", [from]),
    after: [
      {
        api: "ListPartitionReassignments",
        request: { timeoutMs: 10_000, topics: [{ name: "r{run}", partitionIndexes: [0] }] },
        until: has("topics", []),
      },
      // Nodes learn of it a moment after their controller, and followers catch up.
      {
        ...told("r{run}"),
        until: (answer) =>
          has("topics/0/partitions/0/replicaNodes", moved)(answer) && has("topics/0/partitions/0/isrNodes/length", moved.length)(answer),
      },
    ],
  });
const keepsFactor: Fields = { allowReplicationFactorChange: false };

export const reassignments: readonly History[] = [
  reassigns("grow", [1], [1, 2, 3], [1, 2, 3]),
  reassigns("grow, led by another", [1], [3, 1], [3, 1]),
  reassigns("shrink", [1, 2, 3], [1], [1]),
  reassigns("shrink, without the leader", [1, 2, 3], [3], [3]),
  reassigns("move", [1, 2], [3, 2], [3, 2]),
  reassigns("move away from all", [1, 2], [3], [3]),
  reassigns("move a follower", [1, 2], [1, 3], [1, 3]),
  reassigns("another order", [1, 2, 3], [3, 2, 1], [3, 2, 1]),
  reassigns("to where it is", [1, 2], [1, 2], [1, 2]),
  reassigns("grow, where the factor is to stay", [1], [1, 2], [1], keepsFactor),
  reassigns("shrink, where the factor is to stay", [1, 2], [1], [1, 2], keepsFactor),
  reassigns("move, where the factor is to stay", [1, 2], [2, 3], [2, 3], keepsFactor),
  reassigns("a node that is not there", [1, 2], [1, 4], [1, 2]),
  reassigns("the same node twice", [1, 2], [2, 2], [1, 2]),
  reassigns("to nobody", [1, 2], [], [1, 2]),
  reassigns("cancelled, where nothing moves", [1, 2], null, [1, 2]),
];

const elects = (name: string, electionType: number): History =>
  ask("ElectLeaders", `of three nodes: ${name}`, {
    electionType,
    topicPartitions: [{ topic: "e{run}", partitions: [0, 1] }],
    timeoutMs: 10_000,
  }, {
    versions: "2",
    before: [
      ...placed("e{run}", "topicId", [[1, 2, 3], [2, 3, 1]]),
      // The first partition's leader stays, though it is not preferred any more.
      {
        api: "AlterPartitionReassignments",
        version: 0,
        request: { timeoutMs: 10_000, topics: [{ name: "e{run}", partitions: [{ partitionIndex: 0, replicas: [3, 2, 1] }] }] },
      },
      { ...told("e{run}"), until: has("topics/0/partitions/0/replicaNodes", [3, 2, 1]) },
    ],
    after: [{ ...told("e{run}"), until: has("topics/0/partitions/0/leaderId", electionType === 0 ? 3 : 1) }],
  });

export const elections: readonly History[] = [elects("preferred", 0), elects("unclean", 1)];

const list: Step = {
  api: "ListPartitionReassignments",
  request: { timeoutMs: 10_000, topics: [{ name: "r{run}", partitionIndexes: [0] }] },
};
const move = (replicas: Value): Step => ({
  api: "AlterPartitionReassignments",
  version: 0,
  request: { timeoutMs: 10_000, topics: [{ name: "r{run}", partitions: [{ partitionIndex: 0, replicas }] }] },
});
const isMoving = { until: (answer: Plain): boolean => (at(answer, "topics") as Plain[]).length > 0 };

const reassignsOnTwo = (name: string, from: readonly number[], steps: readonly Step[], replicas: readonly number[]): History => ({
  name: `AlterPartitionReassignments: while node 3 is stopped: ${name}`,
  api: "AlterPartitionReassignments",
  versions: "1",
  steps: [
    ...placedOnTwo("r{run}", from),
    ...steps,
    { ...told("r{run}"), until: has("topics/0/partitions/0/replicaNodes", replicas) },
  ],
});

/** As {@link placed}, where the third node does not run. */
export function placedOnTwo(name: string, replicas: readonly number[]): Step[] {
  const wanted = { name, numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: replicas }] };
  return [
    { api: "CreateTopics", version: 6, request: { topics: [wanted], timeoutMs: 10_000 }, keyed: { configs: "name" } },
    told(name, 1),
    told(name, 2),
  ];
}

/** The second node comes into sync by itself, in its time. */
const secondInSync: Step = { ...told("r{run}"), until: has("topics/0/partitions/0/isrNodes/length", 2) };

/** While node 3 is stopped. */
export const reassignmentsOnTwo: readonly History[] = [
  reassignsOnTwo("to it", [1, 2], [move([3, 1]), { ...list, ...isMoving }], [3, 1, 2]),
  reassignsOnTwo("to it, cancelled", [1, 2], [move([3, 1]), { ...list, ...isMoving }, move(null), { ...list, until: has("topics", []) }], [
    1,
    2,
  ]),
  reassignsOnTwo("to it, then elsewhere", [1], [move([3]), { ...list, ...isMoving }, move([2]), { ...list, until: has("topics", []) }], [
    2,
  ]),
  // What it adds and removes stays where the next request names nothing of the kind.
  reassignsOnTwo("to it, then back", [1, 2], [move([1, 3]), { ...list, ...isMoving }, move([1, 2]), list], [1, 2, 3]),
  reassignsOnTwo("to it and one more, then to it alone", [1], [move([1, 2, 3]), { ...list, ...isMoving }, secondInSync, move([3]), list], [
    3,
    1,
    2,
  ]),
  reassignsOnTwo("grow", [1], [move([1, 2, 3]), { ...list, ...isMoving }, secondInSync], [1, 2, 3]),
  reassignsOnTwo("away from it", [3, 1], [move([2, 1]), { ...list, until: has("topics", []) }], [2, 1]),
  reassignsOnTwo("shrink to who runs", [3, 1], [move([1]), { ...list, until: has("topics", []) }], [1]),
  reassignsOnTwo("shrink to it", [3, 1], [move([3]), { ...list, ...isMoving }], [3, 1]),
  reassignsOnTwo("another order", [1, 3], [move([3, 1])], [3, 1]),
  reassignsOnTwo("beside it", [2, 3], [move([1, 3]), { ...list, until: has("topics", []) }], [1, 3]),
  reassignsOnTwo("to fewer beside it", [1, 2, 3], [move([1, 3]), { ...list, ...isMoving }], [1, 3, 2]),
];
