/**
 * What groups do while `__consumer_offsets` has too few replicas in sync: nodes 2 and 3 are stopped, and two must be. Kafka's coordinator writes, waits for replicas
 * for `offsets.commit.timeout.ms` and then says COORDINATOR_NOT_AVAILABLE; also to heartbeats, since they wait for what others have written. So these are not
 * compared, nor is what was written and counts when the others are back.
 */
import { ErrorCode } from "../../../../protocol/errors.ts";
import { ask, type Await, type Fields, type History, type Step, type Value } from "../../history.ts";
import { has } from "../../plain.ts";
import { ASSIGNMENT, describeGroup, SUBSCRIPTION } from "../bases.ts";
import { MOVING } from "./fixture.ts";

const { COORDINATOR_NOT_AVAILABLE } = ErrorCode;
/** Longer than all of this lasts. */
const SESSION_MS = 600_000;

const versions = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

const joining = (groupId: string, more: Fields = {}): Fields => ({
  groupId,
  sessionTimeoutMs: SESSION_MS,
  rebalanceTimeoutMs: SESSION_MS,
  protocolType: "consumer",
  protocols: [{ name: "range", metadata: SUBSCRIPTION }],
  ...more,
});
const syncing = (groupId: string, generationId: number, memberId: Value, more: Fields = {}): Fields => ({
  groupId,
  generationId,
  memberId,
  protocolType: "consumer",
  protocolName: "range",
  assignments: [{ memberId, assignment: ASSIGNMENT }],
  ...more,
});
const committing = (groupId: string, more: Fields = {}, partition: Fields = {}): Fields => ({
  groupId,
  generationIdOrMemberEpoch: -1,
  topics: [{ name: "thrice", topicId: "$thriceId", partitions: [{ partitionIndex: 0, committedOffset: 4, ...partition }] }],
  ...more,
});

/** A stable group; binds its member's id as `name` without a dash. */
function stable(name: string, groupInstanceId: string | null = null): Step[] {
  const memberId = idOf(name);
  return [
    {
      api: "JoinGroup",
      version: groupInstanceId === null ? 3 : 5,
      request: joining(name, { groupInstanceId }),
      bind: { [memberId]: "memberId" },
      whileError: MOVING,
    },
    { api: "SyncGroup", version: 3, request: syncing(name, 1, `$${memberId}`, { groupInstanceId }) },
  ];
}

const idOf = (group: string): string => group.replace("-", "");
const commit = (groupId: string): Step => ({ api: "OffsetCommit", version: 8, request: committing(groupId), whileError: MOVING });
const fetch = (groupId: string): Step => ({
  api: "OffsetFetch",
  version: 8,
  request: { groups: [{ groupId, topics: [{ name: "thrice", partitionIndexes: [0] }] }] },
});

const needed = (configOperation: number): Step => ({
  api: "IncrementalAlterConfigs",
  request: {
    resources: [{
      resourceType: 2,
      resourceName: "__consumer_offsets",
      configs: [{ name: "min.insync.replicas", configOperation, value: "2" }],
    }],
  },
});

/** Groups in each state; those of names with a number are for histories of that version. */
export const unwritable: History = {
  name: "__consumer_offsets needs two replicas in sync",
  api: "Metadata",
  versions: "12",
  steps: [
    ...["stays", "again"].flatMap((name) => stable(name)),
    ...versions(0, 5).flatMap((version) => stable(`left-${version}`)),
    ...versions(5, 9).flatMap((version) => stable(`static-${version}`, "one")),
    ...[
      ...["two", "ends", "offsets", "traded"],
      ...versions(0, 9).map((version) => `joined-${version}`),
      ...versions(0, 5).map((version) => `sync-${version}`),
      ...versions(2, 10).map((version) => `commits-${version}`),
      ...versions(0, 2).map((version) => `deleted-${version}`),
    ].map(commit),
    needed(0),
    { ...commit("none"), untilError: COORDINATOR_NOT_AVAILABLE, see: () => null },
  ],
};

/** All as it was, for who comes after. */
export const writableAgain: History = {
  name: "__consumer_offsets needs one replica in sync",
  api: "Metadata",
  versions: "12",
  steps: [needed(1), { ...commit("none"), whileError: [COORDINATOR_NOT_AVAILABLE] }],
};

const when = "while it cannot be replicated";
const given = { bind: { givenId: "memberId" } } as const;

const joins: readonly History[] = [
  ask("JoinGroup", `a new group, ${when}`, joining("new{run}"), {
    ...given,
    versions: "4+",
    after: [
      describeGroup("new{run}"),
      { api: "JoinGroup", request: joining("new{run}", { memberId: "$givenId" }) },
      { api: "SyncGroup", request: syncing("new{run}", 1, "$givenId") },
    ],
  }),
  ask("JoinGroup", `a new group that asks nobody to come back, ${when}`, joining("new{run}"), {
    ...given,
    versions: "0-3",
    after: [describeGroup("new{run}"), { api: "SyncGroup", request: syncing("new{run}", 1, "$givenId") }],
  }),
  ask("JoinGroup", `a new group of a static member, ${when}`, joining("new{run}", { groupInstanceId: "one" }), {
    ...given,
    versions: "5+",
    after: [describeGroup("new{run}")],
  }),
  ask("JoinGroup", `a new group without protocols, ${when}`, joining("new{run}", { protocols: [] }), {
    versions: "9",
    after: [describeGroup("new{run}")],
  }),
  ask("JoinGroup", `a group that only commits, ${when}`, joining("joined-{version}"), {
    ...given,
    after: [describeGroup("joined-{version}")],
  }),
  ask("JoinGroup", `a static member that comes back, ${when}`, joining("static-{version}", { groupInstanceId: "one" }), {
    versions: "5+",
    after: [describeGroup("static-{version}")],
  }),
  ask("JoinGroup", `the leader joins again, ${when}`, joining("again", { memberId: "$again" }), {
    versions: "9",
    after: [
      { api: "SyncGroup", request: syncing("again", 2, "$again") },
      describeGroup("again"),
      { api: "JoinGroup", version: 9, request: joining("again", { memberId: "$again" }) },
      describeGroup("again"),
    ],
  }),
  {
    name: `JoinGroup: a member that brings no assignment in time, ${when}`,
    api: "JoinGroup",
    versions: "3",
    steps: [
      { api: "JoinGroup", request: joining("ends", { rebalanceTimeoutMs: 300 }) },
      { ...describeGroup("ends"), until: has("groups/0/groupState", "Empty") },
    ],
  },
];

const syncs: readonly History[] = [
  ask("SyncGroup", when, syncing("sync-{version}", 1, "$givenId"), {
    before: [{ api: "JoinGroup", version: 3, request: joining("sync-{version}"), ...given }],
    after: [
      describeGroup("sync-{version}"),
      { api: "SyncGroup", request: syncing("sync-{version}", 1, "$givenId") },
      { api: "LeaveGroup", request: { groupId: "sync-{version}", members: [{ memberId: "$givenId" }] } },
      describeGroup("sync-{version}"),
      { api: "JoinGroup", version: 3, request: joining("sync-{version}") },
    ],
  }),
  ask("SyncGroup", `of a stable group, ${when}`, syncing("stays", 1, "$stays")),
  ask("SyncGroup", `of nobody, ${when}`, syncing("stays", 1, "nobody")),
  {
    name: `SyncGroup: of two members, ${when}`,
    api: "SyncGroup",
    versions: "5",
    steps: [
      { api: "JoinGroup", version: 3, request: joining("two"), bind: { firstId: "memberId" } },
      { api: "JoinGroup", version: 3, on: "second", later: "second joins", request: joining("two"), bind: { secondId: "memberId" } },
      { ...describeGroup("two"), until: has("groups/0/groupState", "PreparingRebalance"), see: () => null },
      { api: "JoinGroup", version: 3, request: joining("two", { memberId: "$firstId" }), see: () => null },
      { answerTo: "second joins" },
      { api: "SyncGroup", on: "second", later: "second syncs", request: syncing("two", 2, "$secondId", { assignments: [] }) },
      // Long enough for that to arrive.
      ...versions(1, 20).map(() => describeGroup("two")),
      { api: "SyncGroup", request: syncing("two", 2, "$firstId") },
      { answerTo: "second syncs" },
      describeGroup("two"),
    ] satisfies (Step | Await)[],
  },
];

const left: Value = (bound) => String(bound[`left${bound.version}`]);

const others: readonly History[] = [
  ask("LeaveGroup", when, { groupId: "left-{version}", memberId: left, members: [{ memberId: left }] }, {
    after: [describeGroup("left-{version}"), { api: "JoinGroup", version: 3, request: joining("left-{version}") }],
  }),
  ask("OffsetCommit", when, committing("commits-{version}", {}, { committedOffset: 5 }), { after: [fetch("commits-{version}")] }),
  ask("OffsetCommit", `by nobody, ${when}`, committing("stays", { generationIdOrMemberEpoch: 1, memberId: "nobody" })),
  ask("OffsetDelete", when, { groupId: "offsets", topics: [{ name: "thrice", partitions: [{ partitionIndex: 0 }] }] }, {
    after: [fetch("offsets")],
  }),
  ask("OffsetDelete", `of no group, ${when}`, { groupId: "x{run}", topics: [{ name: "thrice", partitions: [{ partitionIndex: 0 }] }] }),
  ask("DeleteGroups", when, { groupsNames: ["deleted-{version}"] }, {
    after: [describeGroup("deleted-{version}"), fetch("deleted-{version}")],
  }),
  ask("TxnOffsetCommit", `in no transaction, ${when}`, {
    transactionalId: "any",
    groupId: "traded",
    producerId: "$anyProducer",
    producerEpoch: 0,
    topics: [{ name: "thrice", partitions: [{ partitionIndex: 0, committedOffset: 6 }] }],
  }, { whileError: MOVING, after: [fetch("traded")] }),
];

/** {@link unwritable} has been prepared. */
export const whileGroupsCannotBeReplicated: readonly History[] = [...joins, ...syncs, ...others];
