/** Groups and their offsets, in each state: what Kafka's source can answer to each request, and what provokes it. */
import { ErrorCode } from "../../../protocol/errors.ts";
import type { Await, Fields, History, Step } from "../history.ts";
import { ask } from "../history.ts";
import { ASSIGNMENT, committed, describeGroup, joined, stable, SUBSCRIPTION } from "./bases.ts";

const { REBALANCE_IN_PROGRESS } = ErrorCode;
const RANGE = { name: "range", metadata: SUBSCRIPTION };

const joining = (more: Fields = {}): Fields => ({
  groupId: "g{run}",
  sessionTimeoutMs: 30_000,
  rebalanceTimeoutMs: 30_000,
  protocolType: "consumer",
  protocols: [RANGE],
  ...more,
});

/** A second member that joins on a connection of its own, which the first has heard of: the group waits for the first. */
const rebalancing: readonly Step[] = [
  ...stable("g{run}"),
  { api: "JoinGroup", version: 3, on: "late", later: "late", request: joining() },
  {
    api: "Heartbeat",
    version: 3,
    request: { groupId: "g{run}", generationId: 1, memberId: "$memberId" },
    untilError: REBALANCE_IN_PROGRESS,
  },
];

const emptied: readonly Step[] = [
  ...stable("g{run}"),
  { api: "LeaveGroup", version: 2, request: { groupId: "g{run}", memberId: "$memberId" } },
];

/** The states that a group can be in, and how it comes there. */
const states: Readonly<Record<string, readonly (Step | Await)[]>> = {
  "no group": [],
  "a group that only commits": [committed("g{run}")],
  "an empty group": emptied,
  "a group that waits for its assignment": joined("g{run}"),
  "a stable group": stable("g{run}"),
  "a group that waits for a member": rebalancing,
  "a group of a static member": stable("g{run}", "one"),
};

const member = (more: Fields): Fields => ({ groupId: "g{run}", generationId: 1, memberId: "nobody", ...more });
const stockOffset = { partitionIndex: 0, committedOffset: 7, committedLeaderEpoch: 0, committedMetadata: "x" };
const commit = (more: Fields): Fields => ({
  groupId: "g{run}",
  generationIdOrMemberEpoch: -1,
  topics: [{ name: "stock", topicId: "$stockId", partitions: [stockOffset] }],
  ...more,
});

/** Every request of members that can be made of a group in a state; `$memberId` is bound where there is a member. */
function inState(state: string, before: readonly (Step | Await)[]): History[] {
  const after = [describeGroup("g{run}")];
  const one = (api: string, name: string, request: Fields, more: Parameters<typeof ask>[3] = {}): History =>
    ask(api, `${name}, ${state}`, request, { before, after, ...more });
  const strangers = [
    one("Heartbeat", "of a stranger", member({})),
    one("Heartbeat", "of an unknown instance", member({ groupInstanceId: "none" }), { versions: "3+" }),
    one("SyncGroup", "of a stranger", member({ protocolType: "consumer", protocolName: "range" })),
    one("LeaveGroup", "of a stranger", { groupId: "g{run}", memberId: "nobody", members: [{ memberId: "nobody" }] }),
    one("LeaveGroup", "of an unknown instance", { groupId: "g{run}", members: [{ memberId: "", groupInstanceId: "none" }] }, {
      versions: "3+",
    }),
    one("LeaveGroup", "of two strangers", { groupId: "g{run}", members: [{ memberId: "a" }, { memberId: "b" }] }, { versions: "3+" }),
    one("JoinGroup", "with an unknown id", joining({ memberId: "nobody" })),
    one("JoinGroup", "of another type", joining({ protocolType: "connect" }), { bind: { newId: "memberId" } }),
    one("OffsetCommit", "of no member", commit({})),
    one("OffsetCommit", "of a stranger", commit({ generationIdOrMemberEpoch: 1, memberId: "nobody" })),
    one("OffsetFetch", "all", { groupId: "g{run}", topics: null, groups: [{ groupId: "g{run}", topics: null }], requireStable: true }, {
      versions: "2+",
    }),
    one("DescribeGroups", "of it", { groups: ["g{run}"] }),
    one("DeleteGroups", "of it", { groupsNames: ["g{run}"] }),
    one("OffsetDelete", "of a topic", { groupId: "g{run}", topics: [{ name: "stock", partitions: [{ partitionIndex: 0 }] }] }),
    one("ListGroups", "of all states", {}, { own: ["groups"] }),
  ];
  return state.includes("no ") || state.includes("empty") || state.includes("only") ? strangers : [...strangers, ...ofMember(one)];
}

/** The same for the member that there is. */
function ofMember(one: (api: string, name: string, request: Fields, more?: Parameters<typeof ask>[3]) => History): History[] {
  const who = { memberId: "$memberId" };
  const synced = { protocolType: "consumer", protocolName: "range" };
  return [
    one("Heartbeat", "of the member", member(who)),
    one("Heartbeat", "of the member in generation 0", member({ ...who, generationId: 0 })),
    one("Heartbeat", "of the member in generation 5", member({ ...who, generationId: 5 })),
    one("Heartbeat", "of the member as another instance", member({ ...who, groupInstanceId: "two" }), { versions: "3+" }),
    one("Heartbeat", "of a stranger as the instance", member({ groupInstanceId: "one" }), { versions: "3+" }),
    one("SyncGroup", "of the member", member({ ...who, ...synced, assignments: [{ memberId: "$memberId", assignment: ASSIGNMENT }] })),
    one("SyncGroup", "of the member in generation 0", member({ ...who, ...synced, generationId: 0 })),
    one("SyncGroup", "of the member with another protocol", member({ ...who, protocolType: "consumer", protocolName: "sticky" }), {
      versions: "5+",
    }),
    one("SyncGroup", "of the member with another type", member({ ...who, protocolType: "connect", protocolName: "range" }), {
      versions: "5+",
    }),
    one("SyncGroup", "of a stranger as the instance", member({ ...synced, groupInstanceId: "one" }), { versions: "3+" }),
    one("SyncGroup", "without any assignment", member({ ...who, ...synced })),
    one("LeaveGroup", "of the member", { groupId: "g{run}", memberId: "$memberId", members: [{ memberId: "$memberId" }] }),
    one("LeaveGroup", "of the member and a stranger", { groupId: "g{run}", members: [{ memberId: "no" }, { memberId: "$memberId" }] }, {
      versions: "3+",
    }),
    one("LeaveGroup", "of the member twice", { groupId: "g{run}", members: [{ memberId: "$memberId" }, { memberId: "$memberId" }] }, {
      versions: "3+",
    }),
    one("LeaveGroup", "of the instance", { groupId: "g{run}", members: [{ memberId: "", groupInstanceId: "one" }] }, { versions: "3+" }),
    one("LeaveGroup", "of the instance with another id", { groupId: "g{run}", members: [{ memberId: "no", groupInstanceId: "one" }] }, {
      versions: "3+",
    }),
    one("JoinGroup", "of the member", joining(who)),
    one(
      "JoinGroup",
      "of the member with a protocol of its own",
      joining({ ...who, protocols: [{ name: "mine", metadata: SUBSCRIPTION }] }),
    ),
    one(
      "JoinGroup",
      "of the member with another subscription",
      joining({ ...who, protocols: [{ name: "range", metadata: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0) }] }),
    ),
    one("JoinGroup", "of a stranger as the instance", joining({ memberId: "no", groupInstanceId: "one" }), { versions: "5+" }),
    one("OffsetCommit", "of the member", commit({ ...who, generationIdOrMemberEpoch: 1 })),
    one("OffsetCommit", "of the member in generation 0", commit({ ...who, generationIdOrMemberEpoch: 0 })),
    one("OffsetCommit", "of the member without a generation", commit(who)),
    one("OffsetCommit", "of the instance", commit({ ...who, generationIdOrMemberEpoch: 1, groupInstanceId: "one" }), { versions: "7+" }),
    one("OffsetCommit", "of a stranger as the instance", commit({ memberId: "no", generationIdOrMemberEpoch: 1, groupInstanceId: "one" }), {
      versions: "7+",
    }),
    one("OffsetDelete", "of a topic that nobody subscribes to", {
      groupId: "g{run}",
      topics: [{ name: "__consumer_offsets", partitions: [{ partitionIndex: 0 }] }],
    }),
  ];
}

const joins = (name: string, more: Fields, versions?: string, before: readonly Step[] = []): History =>
  ask("JoinGroup", name, joining(more), { versions, before, bind: { newId: "memberId" }, after: [describeGroup("g{run}")] });

const joinings: readonly History[] = [
  joins("without a group", { groupId: "" }),
  joins("too short a session", { sessionTimeoutMs: 10 }),
  joins("too long a session", { sessionTimeoutMs: 2_000_000 }),
  joins("without protocols", { protocols: [] }),
  joins("without a type", { protocolType: "" }),
  joins("as a static member", { groupInstanceId: "one" }, "5+"),
  joins("as the next of a static member", { groupInstanceId: "one" }, "5+", stable("g{run}", "one")),
  joins(
    "as the next of a static member that has another subscription",
    {
      groupInstanceId: "one",
      protocols: [{ name: "range", metadata: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0) }],
    },
    "5+",
    stable("g{run}", "one"),
  ),
  joins("as another static member, of a name that none can have", { groupInstanceId: "not right" }, "5+"),
  joins("as a static member without a name", { groupInstanceId: "" }, "5+"),
  joins("two protocols", { protocols: [{ name: "b", metadata: SUBSCRIPTION }, RANGE] }),
];

const offsets: readonly History[] = [
  ask("OffsetCommit", "without a group", commit({ groupId: "" })),
  ask(
    "OffsetCommit",
    "more metadata than is kept",
    commit({
      topics: [{ name: "stock", topicId: "$stockId", partitions: [{ ...stockOffset, committedMetadata: "x".repeat(4_097) }] }],
    }),
  ),
  ask(
    "OffsetCommit",
    "as much metadata as is kept",
    commit({
      topics: [{ name: "stock", topicId: "$stockId", partitions: [{ ...stockOffset, committedMetadata: "é".repeat(4_096) }] }],
    }),
  ),
  ask(
    "OffsetCommit",
    "several partitions",
    commit({
      topics: [
        { name: "none{run}", topicId: "dGhlcmUgaXMgbm8gdG9waQ", partitions: [stockOffset] },
        { name: "stock", topicId: "$stockId", partitions: [9, 0, 1, -1].map((partitionIndex) => ({ ...stockOffset, partitionIndex })) },
      ],
    }),
    { keyed: { topics: "name", partitions: "partitionIndex" } },
  ),
  // Of a partition that nobody commits: others, at the same time, commit without a group too.
  ask("OffsetFetch", "without a group", {
    groupId: "",
    topics: [{ name: "stock", partitionIndexes: [1] }],
    groups: [{ groupId: "", topics: [{ name: "stock", topicId: "$stockId", partitionIndexes: [1] }] }],
  }),
  ask("OffsetFetch", "topics that are not there", {
    groupId: "g{run}",
    topics: [{ name: "none{run}", partitionIndexes: [0, 3] }],
    groups: [{ groupId: "g{run}", topics: [{ name: "none{run}", topicId: "dGhlcmUgaXMgbm8gdG9waQ", partitionIndexes: [0, 3] }] }],
  }, { before: [committed("g{run}")] }),
  ask("OffsetFetch", "as a member of another kind of group", {
    groups: [{ groupId: "g{run}", memberId: "$memberId", memberEpoch: 1, topics: null }],
  }, { versions: "9+", before: stable("g{run}") }),
  ask("OffsetFetch", "as a stranger", { groups: [{ groupId: "g{run}", memberId: "nobody", memberEpoch: 7, topics: null }] }, {
    versions: "9+",
    before: stable("g{run}"),
  }),
  ask("OffsetFetch", "two groups, one twice", {
    groups: ["g{run}", "none{run}", "g{run}"].map((groupId) => ({ groupId, topics: null })),
  }, { versions: "8+", before: [committed("g{run}")] }),
  ask("OffsetFetch", "no group at all", { groups: [] }, { versions: "8+" }),
  ask("OffsetDelete", "of a topic and a partition that are not there", {
    groupId: "g{run}",
    topics: [
      { name: "none{run}", partitions: [{ partitionIndex: 0 }] },
      { name: "stock", partitions: [{ partitionIndex: 9 }, { partitionIndex: 0 }] },
    ],
  }, { before: [committed("g{run}")], keyed: { topics: "name", partitions: "partitionIndex" } }),
  ask("OffsetDelete", "of a group that is no group of consumers", {
    groupId: "g{run}",
    topics: [{ name: "stock", partitions: [{ partitionIndex: 0 }] }],
  }, {
    before: [{
      api: "JoinGroup",
      version: 3,
      request: joining({ protocolType: "connect" }),
      bind: { memberId: "memberId" },
    }],
  }),
  ask("OffsetDelete", "of a topic without partitions, and of a partition twice", {
    groupId: "g{run}",
    topics: [{ name: "stock", partitions: [{ partitionIndex: 0 }, { partitionIndex: 0 }] }, { name: "none{run}", partitions: [] }],
  }, {
    keyed: { topics: "name" },
    before: [committed("g{run}")],
    after: [{ api: "OffsetFetch", version: 7, request: { groupId: "g{run}", topics: null } }],
  }),
  ask(
    "OffsetDelete",
    "that nobody has committed",
    { groupId: "g{run}", topics: [{ name: "stock", partitions: [{ partitionIndex: 0 }] }] },
    {
      before: joined("g{run}"),
    },
  ),
  ask("OffsetDelete", "of a group that is not there", {
    groupId: "none{run}",
    topics: [{ name: "stock", partitions: [{ partitionIndex: 0 }] }],
  }),
  ask("OffsetDelete", "without a group", { groupId: "", topics: [{ name: "stock", partitions: [{ partitionIndex: 0 }] }] }),
];

const large: readonly History[] = [
  // More than a batch of __consumer_offsets may have; in one version, as the explorer's plain encoder takes its time.
  ask(
    "OffsetCommit",
    "more than is written at a time",
    commit({
      topics: [{
        name: "stock",
        topicId: "$stockId",
        partitions: Array.from({ length: 300 }, () => ({ ...stockOffset, committedMetadata: "x".repeat(4_096) })),
      }],
    }),
    { versions: "10", after: [{ api: "OffsetFetch", version: 7, request: { groupId: "g{run}", topics: null } }] },
  ),
  ask(
    "SyncGroup",
    "more than is written at a time",
    member({
      memberId: "$memberId",
      protocolType: "consumer",
      protocolName: "range",
      assignments: [{ memberId: "$memberId", assignment: new Uint8Array(1_100_000) }],
    }),
    { versions: "5", before: joined("g{run}"), after: [describeGroup("g{run}")] },
  ),
];

const lists = (name: string, request: Fields, versions: string): History =>
  ask("ListGroups", name, request, { versions, before: stable("g{run}"), own: ["groups"] });

const admin: readonly History[] = [
  lists("of a state", { statesFilter: ["Stable"] }, "4+"),
  lists("of a state in small letters", { statesFilter: ["stable"] }, "4+"),
  lists("of a state that is none", { statesFilter: ["Nope"] }, "4+"),
  lists("of two states", { statesFilter: ["Dead", "Stable"] }, "4+"),
  lists("of a type", { typesFilter: ["classic"] }, "5+"),
  lists("of a type in large letters", { typesFilter: ["CLASSIC"] }, "5+"),
  lists("of another type", { typesFilter: ["consumer"] }, "5+"),
  lists("of a type that is none", { typesFilter: ["nope"] }, "5+"),
  lists("of a state and a type", { statesFilter: ["Stable"], typesFilter: ["classic"] }, "5+"),
  lists("of a state and another type", { statesFilter: ["Stable"], typesFilter: ["share"] }, "5+"),
  lists("of a state with an underscore", { statesFilter: ["completing_rebalance", "STABLE"] }, "4+"),
  lists("of no state", { statesFilter: [""] }, "4+"),
  lists("of no type", { typesFilter: [""] }, "5+"),
  lists("of the types that there are", { typesFilter: ["consumer", "classic", "share", "streams"] }, "5+"),
  ask("DescribeGroups", "without a name", { groups: [""], includeAuthorizedOperations: true }),
  ask("DescribeGroups", "several", { groups: ["g{run}", "none{run}", "g{run}"], includeAuthorizedOperations: true }, {
    before: stable("g{run}"),
  }),
  ask("DescribeGroups", "none", { groups: [] }),
  ask("DeleteGroups", "several", { groupsNames: ["g{run}", "none{run}"] }, {
    before: [committed("g{run}")],
    keyed: { results: "groupId" },
  }),
  ask("DeleteGroups", "none", { groupsNames: [] }),
  ask("DeleteGroups", "without a name", { groupsNames: [""] }),
  ask("DeleteGroups", "one with members and one without, twice", { groupsNames: ["g{run}", "e{run}", "g{run}", "e{run}"] }, {
    before: [...stable("g{run}"), committed("e{run}")],
    keyed: { results: "groupId" },
    after: [describeGroup("g{run}"), describeGroup("e{run}")],
  }),
  ask("DeleteGroups", "one that only has settings", { groupsNames: ["s{run}"] }, {
    before: [{
      api: "IncrementalAlterConfigs",
      request: {
        resources: [{
          resourceType: 32,
          resourceName: "s{run}",
          configs: [{ name: "consumer.session.timeout.ms", configOperation: 0, value: "50000" }],
        }],
      },
    }],
  }),
  ...[-1, 0, 1, 2, 3, 127].map((keyType) =>
    ask("FindCoordinator", `key type ${keyType}`, { key: "k", keyType, coordinatorKeys: ["k", "l"] })
  ),
  ask("FindCoordinator", "no key", { key: "", keyType: 0, coordinatorKeys: [""] }),
  ask("FindCoordinator", "no keys", { key: "k", keyType: 0, coordinatorKeys: [] }),
];

export const groupHistories: readonly History[] = [
  ...Object.entries(states).flatMap(([state, before]) => inState(state, before)),
  ...joinings,
  ...offsets,
  ...large,
  ...admin,
];
