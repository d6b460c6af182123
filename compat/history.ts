/** One history of topics, records and groups, the same on every broker, down to the fields of each request. */

import type { KafkajsClient } from "./clients/kafkajs_client.ts";
import { assignment, GroupClient, type Joined, type Joining, subscription } from "./group_client.ts";
import { waitUntil } from "./processes.ts";
import type { TestRecord } from "./records.ts";

const REBALANCE_IN_PROGRESS = 27;

/** Timestamp of the first record: the same in every run. */
export const HISTORY_BEGAN = Date.UTC(2026, 0, 1);
const PARTITIONS = 3;
const RECORDS = 30;

/** Runs one of Kafka's command line tools; fails when it does. */
export type RunTool = (main: string, ...args: string[]) => Promise<unknown>;

/** Lets it happen. The connections that are answered still belong to members: close them when everybody has looked. */
export async function makeHistory(bootstrap: string, kafkajs: KafkajsClient, runTool: RunTool): Promise<GroupClient[]> {
  const client = await GroupClient.open(bootstrap, "by-hand");
  await createTopics(client, kafkajs);
  await kafkajs.send("stock", records(RECORDS, PARTITIONS), "none");
  await kafkajs.send("orders", records(5, 1), "gzip");
  await waitUntil("the coordinator is there", 20_000, async () => await client.findCoordinator("simple") === 0);
  await waitUntil("it has loaded", 20_000, async () => (await client.commit("simple", [stock(0, 1)]))[0] === 0);
  await simpleGroups(client);
  await topicThatGoes(client);
  await javaConsumer(bootstrap, runTool);
  return [
    client,
    ...await stableGroup(bootstrap),
    ...await staticMembers(bootstrap),
    await emptyGroup(bootstrap),
    await workers(bootstrap),
    ...await betweenStates(bootstrap),
  ];
}

async function createTopics(client: GroupClient, kafkajs: KafkajsClient): Promise<void> {
  const topics = { stock: PARTITIONS, orders: 1, gone: 1, fresh: 1 };
  for (const [topic, partitions] of Object.entries(topics)) await client.createTopic(topic, partitions);
  await waitUntil("the topics are known", 20_000, async () => {
    const known = await kafkajs.call("listTopics") as string[];
    return Object.keys(topics).every((topic) => known.includes(topic));
  });
}

/** Over partitions in turn, from {@link HISTORY_BEGAN} on. The latest timestamp is not the last: `GetOffsetShell --time -3` must look for it. */
export function records(count: number, partitions: number): TestRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    partition: i % partitions,
    timestamp: HISTORY_BEGAN + (i < count / 2 ? i : count - i) * 60_000,
    key: null,
    value: new TextEncoder().encode(`record ${i}`),
    headers: [],
  }));
}

const stock = (partition: number, offset: number) => ({ topic: "stock", partition, offset });

/** Groups that only commit: Kafka keeps offsets for them, and no members. */
async function simpleGroups(client: GroupClient): Promise<void> {
  await client.commit("simple", [{ ...stock(0, 3), metadata: "read by hand" }, { ...stock(1, 4), leaderEpoch: 0 }]);
  await client.commit("simple", [{ topic: "no-such-topic", partition: 0, offset: 1 }]);
  await client.commit("partly", [stock(0, 1), stock(1, 2), stock(2, 3), { topic: "orders", partition: 0, offset: 4 }]);
  await client.commit("reset", [stock(0, 5), stock(1, 5), { topic: "orders", partition: 0, offset: 1 }]);
  await client.commit("doomed", [stock(0, 1), stock(2, 9)]);
}

/** Offsets of a topic that is deleted are forgotten; its group lives on with the others. */
async function topicThatGoes(client: GroupClient): Promise<void> {
  await client.commit("bereft", [{ topic: "gone", partition: 0, offset: 7 }, stock(1, 1)]);
  await client.deleteTopic("gone");
  await waitUntil("its offsets are forgotten", 10_000, async () => await client.committed("bereft", "gone", 0) === -1);
}

/** Kafka's own consumer, from joining to leaving; it commits once, when it is closed. */
async function javaConsumer(bootstrap: string, runTool: RunTool): Promise<void> {
  await runTool(
    "org.apache.kafka.tools.consumer.ConsoleConsumer",
    ...["--bootstrap-server", bootstrap, "--topic", "stock", "--group", "java", "--from-beginning", "--max-messages", String(RECORDS)],
    ...["--timeout-ms", "30000", "--command-property", "auto.commit.interval.ms=600000"],
    ...["--command-property", "client.id=java-consumer"],
  );
}

async function joinAlone(client: GroupClient, joining: Joining, partitions: readonly number[]): Promise<Joined> {
  const joined = await client.join(joining);
  const assignments = new Map([[joined.memberId, assignment("stock", ...partitions)]]);
  await client.sync(joining.group, joined, assignments, joining.instance);
  return joined;
}

/** Two members in generation 2, one of which has committed. */
async function stableGroup(bootstrap: string): Promise<GroupClient[]> {
  const group = "stable";
  const [first, second] = [await GroupClient.open(bootstrap, "first"), await GroupClient.open(bootstrap, "second")];
  const alone = await joinAlone(first, { group }, [0, 1, 2]);
  const joining = second.join({ group, metadata: subscription("stock", "orders") });
  await waitUntil("the second member is seen", 10_000, async () => await first.heartbeat(group, alone) === REBALANCE_IN_PROGRESS);
  const leader = await first.join({ group }, alone.memberId);
  const follower = await joining;
  const synced = second.sync(group, follower, new Map());
  const assignments = new Map([[leader.memberId, assignment("stock", 0, 1)], [follower.memberId, assignment("stock", 2)]]);
  await first.sync(group, leader, assignments);
  await synced;
  await first.commit(group, [{ ...stock(0, 10), leaderEpoch: 0 }, { ...stock(1, 6), metadata: "six" }], leader);
  return [first, second];
}

/** Two static members: one was replaced by its next incarnation, which does not rebalance; one was sent away by name. */
async function staticMembers(bootstrap: string): Promise<GroupClient[]> {
  const joining = { group: "static", instance: "till-1" };
  const before = await GroupClient.open(bootstrap, "till");
  const joined = await joinAlone(before, joining, [0, 1, 2]);
  await before.commit("static", [stock(2, 2)], joined, "till-1");
  const after = await GroupClient.open(bootstrap, "till");
  const again = await after.join(joining);
  await after.sync("static", again, new Map(), "till-1");
  const sentAway = await GroupClient.open(bootstrap, "cart");
  await joinAlone(sentAway, { group: "static-left", instance: "cart-1" }, [0]);
  await sentAway.leave("static-left", "", "cart-1");
  return [before, after, sentAway];
}

/** A group that had a member, and has what it committed. */
async function emptyGroup(bootstrap: string): Promise<GroupClient> {
  const client = await GroupClient.open(bootstrap, "early");
  const joined = await joinAlone(client, { group: "empty" }, [0, 1, 2]);
  await client.commit("empty", [stock(0, 8), stock(2, 10)], joined);
  await client.leave("empty", joined.memberId);
  return client;
}

/** A group that is none of consumers, as Connect's workers form. */
async function workers(bootstrap: string): Promise<GroupClient> {
  const client = await GroupClient.open(bootstrap, "worker");
  await joinAlone(client, { group: "workers", protocolType: "connect", protocol: "sessioned", metadata: Uint8Array.of(0, 3, 1) }, [0]);
  return client;
}

/** A group that waits for a member's assignment, and one that waits for a member to join again. */
async function betweenStates(bootstrap: string): Promise<GroupClient[]> {
  const completing = await GroupClient.open(bootstrap, "completing");
  await completing.join({ group: "completing" });
  const [old, late] = [await GroupClient.open(bootstrap, "old"), await GroupClient.open(bootstrap, "late")];
  const joined = await joinAlone(old, { group: "rebalancing" }, [0, 1, 2]);
  await late.joinInVain({ group: "rebalancing" });
  await waitUntil("the late member is seen", 10_000, async () => await old.heartbeat("rebalancing", joined) === REBALANCE_IN_PROGRESS);
  return [completing, old, late];
}
