/** What members of groups may expect of each other, and what administrators may do to them. */
import type { RowScenario } from "../steps/step.ts";
import { create, FORGETFUL, holds, holdsSo, join, SOON } from "./common.ts";

const area = "groups";

const kept = (["sticky", "cooperative-sticky"] as const).map((assignor): RowScenario => ({
  name: `who stays keeps what it had by ${assignor}`,
  area,
  features: [`${assignor} assignor`],
  // Eagerly, franz-go may exchange partitions.
  ...(assignor === "sticky" ? { clients: ["java"] } : {}),
  steps: [
    create("t", 6),
    join("a", { assignor }),
    join("b", { assignor }),
    join("c", { assignor }),
    holdsSo("a", 2),
    holdsSo("b", 2),
    holdsSo("c", 2),
    { op: "status", member: "a", keep: "a" },
    { op: "leave", member: "c" },
    holdsSo("b", 3),
    {
      op: "status",
      member: "a",
      expect: { assigned: { $includes: [{ $kept: "a.assigned.0" }, { $kept: "a.assigned.1" }, { $any: true }] } },
      within: SOON,
    },
  ],
}));

const joined: readonly RowScenario[] = [
  {
    name: "a member that reads nothing stays for longer than its session",
    area,
    features: ["Heartbeat", "session.timeout.ms"],
    steps: [
      create("t", 2),
      join("a"),
      holds("a", "t-0", "t-1"),
      { op: "wait", ms: 8_000 },
      { op: "status", member: "a", expect: { assigned: ["t-0", "t-1"], revoked: [], lost: [], problems: [] } },
    ],
  },
  {
    name: "a topic that members asked for before it was there is theirs when it comes",
    area,
    features: ["classic protocol"],
    // Others subscribe to no topic that is not there, or look for it much later.
    clients: ["java", "franz-go"],
    steps: [create("t"), join("a", { topics: ["t", "later"] }), holds("a", "t-0"), create("later"), holds("a", "later-0", "t-0")],
  },
  {
    name: "members that come at the same time wait for each other",
    area,
    features: ["KIP-134", "group.initial.rebalance.delay.ms"],
    broker: FORGETFUL,
    steps: [
      create("t", 6),
      { op: "together", steps: [join("a"), join("b")] },
      holdsSo("a", 3),
      holdsSo("b", 3),
      { op: "status", member: "a", expect: { revoked: [] } },
      { op: "status", member: "b", expect: { revoked: [] } },
    ],
  },
  {
    name: "while a dead member is waited for the group is preparing to rebalance",
    area,
    features: ["DescribeGroups", "classic protocol"],
    // The kafkajs driver waits for a member to have joined.
    clients: ["java", "librdkafka", "franz-go", "platformatic"],
    steps: [
      create("t", 2),
      join("a", { process: "victim", sessionTimeoutMs: 12_000 }),
      holdsSo("a", 2),
      { op: "killProcess", process: "victim" },
      join("b", { sessionTimeoutMs: 12_000 }),
      { op: "describeGroup", group: "g", expect: { state: "PreparingRebalance" }, within: 8_000 },
      holds("b", "t-0", "t-1"),
      { op: "describeGroup", group: "g", expect: { state: "Stable", members: { $count: 1 } }, within: SOON },
    ],
  },
  {
    name: "a group's name may be any text",
    area,
    features: ["consumer groups"],
    // @platformatic/kafka allows no white space.
    clients: ["java", "librdkafka", "franz-go", "kafkajs"],
    steps: [
      create(),
      join("a", { group: "ž / * :\t%" }),
      holds("a", "t-0"),
      { op: "commit", member: "a", offsets: [["t", 0, 7]] },
      { op: "groupOffsets", group: "ž / * :\t%", expect: [{ partition: 0, offset: 7 }], within: 10_000 },
    ],
  },
];

const isStatic: readonly RowScenario[] = [
  {
    name: "one instance id may be in two groups",
    area,
    features: ["KIP-345"],
    steps: [
      create(),
      join("a", { instanceId: "one" }),
      join("b", { group: "h", instanceId: "one" }),
      holds("a", "t-0"),
      holds("b", "t-0"),
      { op: "wait", ms: 1_000 },
      { op: "status", member: "a", expect: { assigned: ["t-0"], revoked: [], problems: [] } },
    ],
  },
];

const administered: readonly RowScenario[] = [
  {
    name: "all members of a group are removed at once, and come back",
    area,
    features: ["KIP-345", "KIP-571"],
    steps: [
      create("t", 6),
      join("a"),
      join("b"),
      holdsSo("a", 3),
      holdsSo("b", 3),
      { op: "removeAllMembers", group: "g" },
      { op: "status", member: "a", expect: { lost: { $not: [] } }, within: SOON },
      { op: "status", member: "b", expect: { lost: { $not: [] } }, within: SOON },
      holdsSo("a", 3),
      holdsSo("b", 3),
    ],
  },
  {
    name: "nobody can be removed from a group that is not there",
    area,
    features: ["KIP-345"],
    steps: [{ op: "removeMember", group: "nobody", instanceId: "one", error: "UNKNOWN_MEMBER_ID" }],
  },
  {
    name: "a group that has only commits is described as Empty",
    area,
    features: ["DescribeGroups"],
    // To commit for a group, kafkajs joins it.
    clients: ["java", "librdkafka", "franz-go", "platformatic"],
    steps: [
      create(),
      { op: "alterGroupOffsets", group: "g", offsets: [["t", 0, 0]] },
      { op: "describeGroup", group: "g", expect: { state: "Empty", protocol: "", members: [] } },
    ],
  },
  {
    name: "a group that its members have left is deleted, and begins anew",
    area,
    features: ["KIP-229"],
    steps: [
      create(),
      join("a"),
      holds("a", "t-0"),
      { op: "commit", member: "a", offsets: [["t", 0, 7]] },
      { op: "leave", member: "a" },
      { op: "deleteGroup", group: "g", within: 10_000 },
      { op: "listGroups", expect: [] },
      join("b"),
      holds("b", "t-0"),
      { op: "groupOffsets", group: "g", expect: [] },
    ],
  },
  {
    name: "offsets of a topic that the members have given up can be deleted",
    area,
    features: ["KIP-496"],
    steps: [
      create("t"),
      create("u"),
      { op: "alterGroupOffsets", group: "g", offsets: [["t", 0, 1], ["u", 0, 2]] },
      join("a"),
      holds("a", "t-0"),
      { op: "deleteGroupOffsets", group: "g", topic: "u", partition: 0 },
      { op: "deleteGroupOffsets", group: "g", topic: "t", partition: 0, error: "GROUP_SUBSCRIBED_TO_TOPIC" },
      { op: "groupOffsets", group: "g", expect: [{ topic: "t", offset: 1 }], within: 5_000 },
    ],
  },
  {
    name: "offsets of partitions that are not there cannot be deleted, those that nobody committed can",
    area,
    features: ["KIP-496"],
    steps: [
      create("t", 2),
      { op: "alterGroupOffsets", group: "g", offsets: [["t", 0, 1]] },
      { op: "deleteGroupOffsets", group: "g", topic: "t", partition: 9, error: "UNKNOWN_TOPIC_OR_PARTITION" },
      { op: "deleteGroupOffsets", group: "g", topic: "nowhere", partition: 0, error: "UNKNOWN_TOPIC_OR_PARTITION" },
      { op: "deleteGroupOffsets", group: "g", topic: "t", partition: 1 },
      { op: "groupOffsets", group: "g", expect: [{ partition: 0, offset: 1 }] },
    ],
  },
];

export const membersRows: readonly RowScenario[] = [...kept, ...joined, ...isStatic, ...administered];
