import { KafkajsClient } from "../clients/kafkajs_client.ts";
import { GroupClient } from "../group_client.ts";
import { records } from "../history.ts";
import { java } from "../java.ts";
import { type Child, waitUntil } from "../processes.ts";
import { appTopics, dryResets, resetFiles, resets, whileActive } from "../reset_tool_calls.ts";
import type { Scenario } from "../scenario.ts";
import type { Target } from "../target.ts";
import { masked, type Observed } from "../tool_output.ts";
import { toolScenario } from "../tool_scenario.ts";
import type { JavaTools } from "../tools.ts";
import { makeTopic } from "../wire.ts";
import { totals } from "../verifiable_events.ts";

export const applicationToolsTellTheSame: Scenario = toolScenario(
  "tools: VerifiableProducer and VerifiableConsumer see, and StreamsResetter resets, what they do with Kafka",
  "application_tools.json",
  async (broker, tools, temp) => ({ ...await verify(broker, tools, temp), ...await reset(broker, tools, temp) }),
);

const PRODUCER = "org.apache.kafka.tools.VerifiableProducer";
const CONSUMER = "org.apache.kafka.tools.VerifiableConsumer";

/** Producers to their end; then consumers, one after the other and two of a group at a time. */
async function verify({ bootstrap }: Target, tools: JavaTools, temp: string): Promise<Observed> {
  await makeTopic(bootstrap, "numbers", 3);
  const observed: Observed = {};
  // A producer tells the rest when its process ends.
  const produce = async (line: string): Promise<void> => {
    const said: string[] = [];
    const child = java(PRODUCER, ["--bootstrap-server", bootstrap, ...line.split(" ")], { small: true, onLine: (each) => said.push(each) });
    const { code } = await child.finished();
    observed[`VerifiableProducer ${line}`] = [`exit ${code}`, ...totals(said)];
  };
  await produce("--topic numbers --max-messages 40 --repeating-keys 7 --value-prefix 3");
  await Promise.all([
    produce("--topic numbers --max-messages 10 --repeating-keys 1 --acks 1"),
    produce("--topic made-by-itself --max-messages 3 --repeating-keys 1"),
    produce("--topic not/valid --max-messages 1"),
  ]);
  for (
    const line of [
      "--group-id all --max-messages 50 --verbose",
      "--group-id all --max-messages 0",
      "--group-id automatic --max-messages 50 --enable-autocommit --group-instance-id a",
      "--group-id in-turn --max-messages 50 --assignment-strategy org.apache.kafka.clients.consumer.RoundRobinAssignor",
      "--group-id none --max-messages 1 --reset-policy none",
    ]
  ) {
    const { exit, stdout } = await tools.run(CONSUMER, ["--bootstrap-server", bootstrap, "--topic", "numbers", ...line.split(" ")]);
    observed[`VerifiableConsumer ${line}`] = [`exit ${exit}`, ...totals(stdout.split("\n"))];
  }
  return { ...observed, ...await twoMembers(bootstrap, temp) };
}

/** Two static members, so that it is known who is assigned what. Both are ended. */
async function twoMembers(bootstrap: string, temp: string): Promise<Observed> {
  const soon = `${temp}/soon.properties`;
  await Deno.writeTextFile(soon, "heartbeat.interval.ms=100\n"); // by heartbeats a member learns of another
  const said: Record<string, string[]> = { first: [], second: [] };
  const start = (name: string, instance: string): Child => {
    const line = `--bootstrap-server ${bootstrap} --topic numbers --group-id pair --group-instance-id ${instance} --command-config ${soon}`;
    return java(CONSUMER, line.split(" "), { small: true, onLine: (each) => said[name].push(each) });
  };
  const says = (name: string, what: string, times = 1): Promise<unknown> =>
    waitUntil(`${name} says ${what}`, 60_000, () => totals(said[name]).filter((line) => line.includes(what)).length >= times);
  const first = start("first", "a");
  await says("first", "committed numbers-2");
  const second = start("second", "b");
  await says("first", "partitions_assigned", 2);
  await says("second", "partitions_assigned");
  await Promise.all([first.terminate(), second.terminate()]);
  return Object.fromEntries(Object.entries(said).map(([name, lines]) => [`the ${name} VerifiableConsumer of two`, totals(lines)]));
}

/** What an application of Kafka Streams leaves, and what becomes of it. */
async function reset({ bootstrap }: Target, tools: JavaTools, temp: string): Promise<Observed> {
  for (const [name, content] of Object.entries(resetFiles)) await Deno.writeTextFile(`${temp}/${name}`, content);
  for (const [name, partitions] of Object.entries(appTopics)) await makeTopic(bootstrap, name, partitions, { "retention.ms": "-1" });
  const kafkajs = await KafkajsClient.start(bootstrap);
  await kafkajs.send("orders", records(30, 3), "none");
  await kafkajs.send("middle", records(4, 2), "none");
  await kafkajs.close();
  const client = await GroupClient.open(bootstrap, "app");
  await client.commit("app", [0, 1, 2].map((partition) => ({ topic: "orders", partition, offset: 5 + partition })));
  const observed: Observed = {};
  const run = async (name: string, main: string, ...args: string[]): Promise<void> => {
    observed[name] = masked(await tools.run(main, ["--bootstrap-server", bootstrap, ...args]), bootstrap, temp, name.startsWith("Topic"));
  };
  const ask = (line: string, when = "", app = "app"): Promise<void> => {
    const words = line.replace("TEMP", temp).split(" ").filter((word) => word !== "");
    return run(`StreamsResetter ${when}${app} ${line}`, "org.apache.kafka.tools.StreamsResetter", "--application-id", app, ...words);
  };
  const look = async (when: string): Promise<void> => {
    const group = ["--describe", "--group", "app", "--offsets"];
    await run(`ConsumerGroupCommand ${when}`, "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", ...group);
    await run(`TopicCommand ${when}`, "org.apache.kafka.tools.TopicCommand", "--list");
  };
  for (const line of dryResets) await ask(line);
  await look("after dry runs");
  await client.join({ group: "app", protocol: "stream" });
  for (const line of whileActive) await ask(line, "while it runs: ");
  await look("after --force");
  for (const line of resets) {
    await ask(line);
    await look(`after ${line}`);
  }
  await ask("--input-topics orders --to-latest", "", "stranger");
  client.close();
  return observed;
}
