import assert from "node:assert/strict";
import { runJava } from "../java.ts";
import { waitUntil } from "../processes.ts";
import type { Context, Scenario } from "../scenario.ts";

export const topicsCreatedListedDeleted: Scenario = {
  name: "topics: kafkajs and TopicCommand create, see and delete each other's",
  async run({ target, kafkajs }: Context): Promise<void> {
    const command = (...args: string[]) =>
      runJava("org.apache.kafka.tools.TopicCommand", ["--bootstrap-server", target.bootstrap, ...args]);
    await kafkajs.createTopic("topics-by-kafkajs", 3, { "segment.bytes": "1048576" });
    await command("--create", "--topic", "topics-by-java", "--partitions", "2", "--config", "segment.bytes=2097152");
    await assert.rejects(() => command("--create", "--topic", "topics-by-java", "--partitions", "2"), /already exists/);
    await assert.rejects(() => kafkajs.call("createTopic", { topic: "no/such/name", partitions: 1 }), /INVALID_TOPIC_EXCEPTION/);

    const described = await command("--describe", "--topic", "topics-by-kafkajs");
    assert.match(described, /PartitionCount: 3\tReplicationFactor: 1\tConfigs:.*segment\.bytes=1048576/);
    assert.equal(described.match(/Leader: \d+/g)?.length, 3);

    const topics = await kafkajs.call("listTopics") as string[];
    assert.deepEqual(topics.filter((name) => name.startsWith("topics-by-")).sort(), ["topics-by-java", "topics-by-kafkajs"]);
    const metadata = await kafkajs.call("describeTopic", { topic: "topics-by-java" }) as { topics: { partitions: unknown[] }[] };
    assert.equal(metadata.topics[0].partitions.length, 2);

    await kafkajs.call("deleteTopic", { topic: "topics-by-java" });
    await kafkajs.call("deleteTopic", { topic: "topics-by-kafkajs" });
    await waitUntil("the deleted topics are gone", 10_000, async () => {
      return !(await kafkajs.call("listTopics") as string[]).some((name) => name.startsWith("topics-by-"));
    });
  },
};
