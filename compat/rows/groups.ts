import type { RowScenario } from "../steps/step.ts";
import { create, holds, holdsSo, inPartition, join, SOON } from "./common.ts";

const area = "groups";

const ALL = ["t-0", "t-1", "t-2", "t-3"];
const ASSIGNORS = ["range", "roundrobin", "sticky", "cooperative-sticky"] as const;

const shared = ASSIGNORS.map((assignor): RowScenario => ({
  name: `a second member gets half of the partitions by ${assignor}, and a third its part`,
  area,
  features: [assignor === "cooperative-sticky" ? "KIP-429" : "classic protocol", `${assignor} assignor`],
  steps: [
    create("t", 6),
    join("a", { assignor }),
    holdsSo("a", 6),
    join("b", { assignor }),
    holdsSo("a", 3),
    holdsSo("b", 3),
    join("c", { assignor }),
    holdsSo("a", 2),
    holdsSo("b", 2),
    holdsSo("c", 2),
  ],
}));

const left = ASSIGNORS.map((assignor): RowScenario => ({
  name: `what a member leaves behind goes to the other by ${assignor}`,
  area,
  features: ["LeaveGroup", `${assignor} assignor`],
  steps: [
    create("t", 4),
    join("a", { assignor }),
    join("b", { assignor }),
    holdsSo("a", 2),
    holdsSo("b", 2),
    { op: "leave", member: "b" },
    holds("a", ...ALL),
  ],
}));

const killed = (["range", "cooperative-sticky", "roundrobin"] as const).map((assignor): RowScenario => ({
  name: `what a dead member had goes to the other when its session ends, by ${assignor}`,
  area,
  features: ["session.timeout.ms", `${assignor} assignor`],
  steps: [
    create("t", 4),
    join("a", { assignor }),
    join("b", { assignor, process: "victim" }),
    holdsSo("a", 2),
    holdsSo("b", 2),
    { op: "killProcess", process: "victim" },
    holds("a", ...ALL),
  ],
}));

const isStatic: readonly RowScenario[] = [
  {
    name: "a static member that dies and returns within its session disturbs nobody",
    area,
    features: ["KIP-345"],
    steps: [
      create("t", 4),
      join("a", { instanceId: "one", sessionTimeoutMs: 20_000 }),
      join("b", { instanceId: "two", sessionTimeoutMs: 20_000, process: "victim" }),
      holdsSo("a", 2),
      holdsSo("b", 2),
      { op: "status", member: "a", keep: "before" },
      { op: "killProcess", process: "victim" },
      join("c", { instanceId: "two", sessionTimeoutMs: 20_000 }),
      holdsSo("c", 2),
      { op: "status", member: "a", expect: { assigned: { $kept: "before.assigned" }, revoked: { $kept: "before.revoked" } } },
    ],
  },
  {
    name: "a static member that is closed keeps its place",
    area,
    features: ["KIP-345"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      create("t", 4),
      join("a", { instanceId: "one", sessionTimeoutMs: 20_000 }),
      join("b", { instanceId: "two", sessionTimeoutMs: 20_000 }),
      holdsSo("a", 2),
      holdsSo("b", 2),
      { op: "leave", member: "b" },
      { op: "wait", ms: 1_500 },
      holdsSo("a", 2),
      { op: "describeGroup", group: "g", expect: { members: { $unordered: [{ instanceId: "one" }, { instanceId: "two" }] } } },
    ],
  },
  {
    name: "a static member is removed by its instance id, and the other gets its partitions",
    area,
    features: ["KIP-345"],
    steps: [
      create("t", 4),
      join("a", { instanceId: "one", sessionTimeoutMs: 20_000 }),
      join("b", { instanceId: "two", sessionTimeoutMs: 20_000, process: "victim" }),
      holdsSo("a", 2),
      holdsSo("b", 2),
      { op: "killProcess", process: "victim" },
      { op: "removeMember", group: "g", instanceId: "two" },
      holds("a", ...ALL),
    ],
  },
  {
    name: "removing an instance id that no member has is an error",
    area,
    features: ["KIP-345"],
    steps: [
      create("t", 4),
      join("a", { instanceId: "one" }),
      holds("a", ...ALL),
      { op: "removeMember", group: "g", instanceId: "nobody", error: "UNKNOWN_MEMBER_ID" },
    ],
  },
  {
    name: "a second member with the same instance id fences the first",
    area,
    features: ["KIP-345"],
    clients: ["java", "librdkafka"],
    steps: [
      create("t", 4),
      join("a", { instanceId: "one" }),
      holds("a", ...ALL),
      join("b", { instanceId: "one" }),
      holds("b", ...ALL),
      { op: "status", member: "a", expect: { problems: { $includes: [{ $matches: "[Ff]enced|FENCED" }] } }, within: SOON },
    ],
  },
  {
    name: "DescribeGroups names the instance id",
    area,
    features: ["KIP-345"],
    steps: [
      create(),
      join("a", { instanceId: "one" }),
      holds("a", "t-0"),
      { op: "describeGroup", group: "g", expect: { state: "Stable", members: [{ instanceId: "one" }] } },
    ],
  },
  {
    name: "a static member's session ends like any other's",
    area,
    features: ["KIP-345"],
    steps: [
      create("t", 4),
      join("a"),
      join("b", { instanceId: "two", process: "victim" }),
      holdsSo("a", 2),
      holdsSo("b", 2),
      { op: "killProcess", process: "victim" },
      holds("a", ...ALL),
    ],
  },
];

const rebalances: readonly RowScenario[] = [
  {
    name: "cooperatively a member gives up only what moves",
    area,
    features: ["KIP-429"],
    steps: [
      create("t", 4),
      join("a", { assignor: "cooperative-sticky" }),
      holds("a", ...ALL),
      join("b", { assignor: "cooperative-sticky" }),
      holdsSo("b", 2),
      { op: "status", member: "a", expect: { assigned: { $count: 2 }, revoked: { $count: 2 }, lost: [] } },
    ],
  },
  {
    name: "eagerly a member gives up everything",
    area,
    features: ["classic protocol"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      create("t", 4),
      join("a", { assignor: "range" }),
      holds("a", ...ALL),
      join("b", { assignor: "range" }),
      holdsSo("b", 2),
      { op: "status", member: "a", expect: { assigned: { $count: 2 }, revoked: { $unordered: ALL }, lost: [] }, within: SOON },
    ],
  },
  {
    name: "cooperatively nothing is read twice while members come and go",
    area,
    features: ["KIP-429"],
    steps: [
      create("t", 2),
      join("a", { assignor: "cooperative-sticky" }),
      holds("a", "t-0", "t-1"),
      { op: "produce", topic: "t", records: [...inPartition(0, "x"), ...inPartition(1, "y")] },
      { op: "poll", member: "a", count: 2, expect: { $unordered: ["x", "y"] } },
      { op: "commit", member: "a", offsets: [["t", 0, 1], ["t", 1, 1]] },
      join("b", { assignor: "cooperative-sticky" }),
      holdsSo("b", 1),
      { op: "poll", member: "b", count: 1, waitMs: 1_000, expect: [] },
      { op: "poll", member: "a", count: 1, waitMs: 500, expect: [] },
    ],
  },
  {
    name: "more members than partitions: one has nothing",
    area,
    features: ["classic protocol"],
    steps: [
      create("t", 2),
      join("a"),
      holdsSo("a", 2),
      join("b"),
      holdsSo("b", 1),
      join("c"),
      { op: "describeGroup", group: "g", expect: { state: "Stable", members: { $count: 3 } }, within: SOON },
      { op: "produce", topic: "t", records: [...inPartition(0, "x"), ...inPartition(1, "y")] },
    ],
  },
  {
    name: "one member of two topics has the partitions of both",
    area,
    features: ["classic protocol"],
    steps: [create("t", 2), create("u", 1), join("a", { topics: ["t", "u"] }), holds("a", "t-0", "t-1", "u-0")],
  },
  {
    name: "members that subscribe to different topics get what they asked for",
    area,
    features: ["roundrobin assignor"],
    // The leader of a group of kafkajs or @platformatic/kafka gives everybody the topics that it reads itself.
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      create("t", 2),
      create("u", 2),
      join("a", { topics: ["t"], assignor: "roundrobin" }),
      join("b", { topics: ["u"], assignor: "roundrobin" }),
      holds("a", "t-0", "t-1"),
      holds("b", "u-0", "u-1"),
    ],
  },
  {
    name: "a pattern finds the topics that match",
    area,
    features: ["subscribe(Pattern)"],
    steps: [
      create("x1"),
      create("x2"),
      create("y1"),
      { op: "join", member: "a", group: "g", pattern: "x.*" },
      holds("a", "x1-0", "x2-0"),
    ],
  },
  {
    name: "two groups read the same records",
    area,
    features: ["consumer groups"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "r") },
      join("a"),
      join("b", { group: "h" }),
      { op: "poll", member: "a", count: 1, expect: ["r"] },
      { op: "poll", member: "b", count: 1, expect: ["r"] },
    ],
  },
  {
    name: "the group goes on when the broker comes back",
    area,
    features: ["consumer groups"],
    steps: [
      create("t", 4),
      join("a", { sessionTimeoutMs: 10_000 }),
      join("b", { sessionTimeoutMs: 10_000 }),
      holdsSo("a", 2),
      holdsSo("b", 2),
      { op: "restartBroker" },
      { op: "describeGroup", group: "g", expect: { state: "Stable", members: { $count: 2 } }, within: SOON },
      { op: "leave", member: "b" },
      holds("a", ...ALL),
    ],
  },
];

const described: readonly RowScenario[] = [
  {
    name: "DescribeGroups tells state, protocol and members",
    area,
    features: ["DescribeGroups"],
    steps: [
      create("t", 2),
      join("a", { assignor: "roundrobin" }),
      join("b", { assignor: "roundrobin" }),
      holdsSo("a", 1),
      holdsSo("b", 1),
      { op: "describeGroup", group: "g", expect: { state: "Stable", protocol: { $matches: "^[Rr]ound[Rr]obin" }, members: { $count: 2 } } },
    ],
  },
  {
    name: "DescribeGroups tells who a member is and what it reads",
    area,
    features: ["DescribeGroups"],
    clients: ["java", "librdkafka", "franz-go"],
    steps: [
      create("t", 2),
      join("a"),
      holds("a", "t-0", "t-1"),
      {
        op: "describeGroup",
        group: "g",
        expect: { members: [{ clientId: { $matches: "^compat-" }, host: { $matches: "^/?[0-9a-f.:]+$" }, assigned: ["t-0", "t-1"] }] },
      },
    ],
  },
  {
    name: "a group that everybody left is Empty, and listed",
    area,
    features: ["DescribeGroups", "ListGroups"],
    steps: [
      create(),
      join("a"),
      holds("a", "t-0"),
      { op: "commit", member: "a", offsets: [["t", 0, 0]] },
      { op: "leave", member: "a" },
      { op: "describeGroup", group: "g", expect: { state: "Empty", members: [] }, within: SOON },
      { op: "listGroups", expect: { $includes: [{ group: "g" }] } },
    ],
  },
  {
    name: "ListGroups chooses by state",
    area,
    features: ["KIP-518"],
    steps: [
      create(),
      join("a"),
      holds("a", "t-0"),
      { op: "listGroups", states: ["Stable"], expect: [{ group: "g", state: "Stable" }], within: 5_000 },
      { op: "listGroups", states: ["Empty"], expect: [] },
    ],
  },
  {
    name: "ListGroups chooses by type",
    area,
    features: ["KIP-848"],
    steps: [
      create(),
      join("a"),
      holds("a", "t-0"),
      { op: "listGroups", types: ["classic"], expect: [{ group: "g" }] },
      { op: "listGroups", types: ["consumer"], expect: [] },
    ],
  },
  {
    name: "ListGroups tells consumers from groups that only commit",
    area,
    features: ["ListGroups"],
    // To commit for a group, kafkajs joins it.
    clients: ["java", "franz-go"],
    steps: [
      create(),
      join("a"),
      holds("a", "t-0"),
      { op: "alterGroupOffsets", group: "h", offsets: [["t", 0, 0]] },
      {
        op: "listGroups",
        expect: { $unordered: [{ group: "g", protocolType: "consumer" }, { group: "h", protocolType: "" }] },
        within: 5_000,
      },
    ],
  },
  {
    name: "a group that was never there is not described",
    area,
    features: ["KIP-1043"],
    clients: ["java", "franz-go"],
    steps: [{ op: "describeGroup", group: "nobody", error: "GROUP_ID_NOT_FOUND" }],
  },
  {
    name: "a group with members cannot be deleted",
    area,
    features: ["KIP-229"],
    steps: [create(), join("a"), holds("a", "t-0"), { op: "deleteGroup", group: "g", error: "NON_EMPTY_GROUP" }],
  },
  {
    name: "an empty group is deleted",
    area,
    features: ["KIP-229"],
    steps: [
      create(),
      { op: "alterGroupOffsets", group: "g", offsets: [["t", 0, 0]] },
      { op: "deleteGroup", group: "g" },
      { op: "listGroups", expect: [] },
    ],
  },
  {
    name: "a group that is not there cannot be deleted",
    area,
    features: ["KIP-229"],
    steps: [{ op: "deleteGroup", group: "nobody", error: "GROUP_ID_NOT_FOUND" }],
  },
];

export const groupsRows: readonly RowScenario[] = [...shared, ...left, ...killed, ...isStatic, ...rebalances, ...described];
