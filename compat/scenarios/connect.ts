import { KafkajsClient } from "../clients/kafkajs_client.ts";
import { Connect, writeProperties } from "../connect.ts";
import { waitUntil } from "../processes.ts";
import type { Scenario } from "../scenario.ts";
import type { Target } from "../target.ts";
import { masked, type Observed, ofAdministration } from "../tool_output.ts";
import { toolScenario } from "../tool_scenario.ts";
import type { JavaTools } from "../tools.ts";

const SOON_MS = 60_000;

export const connectGoesOn: Scenario = toolScenario(
  "tools: ConnectStandalone brings a file into a topic and the topic into a file, and goes on after a restart, as with Kafka",
  "connect.json",
  observe,
);

async function observe({ bootstrap }: Target, tools: JavaTools, temp: string): Promise<Observed> {
  const [read, written] = [`${temp}/in.txt`, `${temp}/out.txt`];
  const source = {
    name: "file-source",
    "connector.class": "FileStreamSource",
    file: read,
    topic: "lines",
    "topic.creation.default.partitions": "1",
    "topic.creation.default.replication.factor": "1",
    "topic.creation.default.compression.type": "gzip",
  };
  const sink = { name: "file-sink", "connector.class": "FileStreamSink", file: written, topics: "lines" };
  for (const each of [source, sink]) await writeProperties(`${temp}/${each.name}.properties`, each);
  const observed: Observed = {};
  let seen = "";
  /** What the sink has written from now on. */
  const writes = async (more: string): Promise<void> => {
    seen += more;
    await waitUntil(
      `the file ends with ${JSON.stringify(more)}`,
      SOON_MS,
      () => Deno.readTextFile(written).then((text) => text === seen, () => false),
    );
  };
  const append = (text: string): Promise<void> => Deno.writeTextFile(read, text, { append: true });

  await append("one\ntwo\nthree\n");
  const first = await Connect.start(bootstrap, temp, `${temp}/file-source.properties`);
  /** What Connect says, once that contains `until`. */
  const look = async (connect: Connect, path: string, until = "", method: "GET" | "PUT" | "PATCH" | "DELETE" = "GET", body?: unknown) => {
    const said = await waitUntil(`${path} says ${until}`, SOON_MS, async () => {
      const said = await connect.ask(method, `connectors/${path}`, body);
      return said.includes(until) ? said : undefined;
    });
    observed[`${Object.keys(observed).length + 1}: ${method} ${path}`] = [said.replaceAll(temp, "TEMP")];
  };
  await look(first, "file-source/topics", "lines"); // before there is the topic, the sink would make it
  observed["the sink is made"] = [(await first.ask("POST", "connectors", { name: sink.name, config: sink })).replaceAll(temp, "TEMP")];
  await writes("one\ntwo\nthree\n");
  await append("four\nfive\nwithout an end");
  await writes("four\nfive\n");
  const kafkajs = await KafkajsClient.start(bootstrap);
  const tombstone = { partition: 0, timestamp: Date.UTC(2026, 0, 1), key: new TextEncoder().encode("k"), value: null, headers: [] };
  await kafkajs.send("lines", [tombstone], "none");
  await kafkajs.close();
  await writes("null\n");
  for (const path of ["", "file-source/status", "file-sink/status", "file-sink/topics"]) await look(first, path);
  await look(first, "file-source/offsets", '"position":24');
  await look(first, "file-sink/offsets", '"kafka_offset":6');
  await offsetsAreSet(first, look, writes);
  await first.child.terminate();
  await append("\nwhile it was away\n");
  const second = await Connect.start(bootstrap, temp, `${temp}/file-source.properties`, `${temp}/file-sink.properties`);
  await writes("without an end\nwhile it was away\n");
  await look(second, "file-sink/offsets", '"kafka_offset":8');
  await second.child.terminate();
  for (const [tool, ...args] of afterwards) {
    observed[args.join(" ")] = ofAdministration(
      masked(await tools.run(tool, ["--bootstrap-server", bootstrap, ...args]), bootstrap, temp, false),
    );
  }
  return observed;
}

type Look = (connect: Connect, path: string, until?: string, method?: "GET" | "PUT" | "PATCH" | "DELETE", body?: unknown) => Promise<void>;

/** The offsets of a sink are those of its group, which Connect sets and deletes by its admin client (KIP-875). */
async function offsetsAreSet(connect: Connect, look: Look, writes: (more: string) => Promise<void>): Promise<void> {
  const offset = (kafka_offset: number) => ({
    offsets: [{ partition: { kafka_topic: "lines", kafka_partition: 0 }, offset: { kafka_offset } }],
  });
  await look(connect, "file-sink/offsets", "", "PATCH", offset(3));
  await look(connect, "file-sink/stop", "", "PUT");
  await look(connect, "file-sink/status", "STOPPED");
  await look(connect, "file-sink/offsets", "", "PATCH", offset(3));
  await look(connect, "file-sink/offsets");
  await look(connect, "file-sink/resume", "", "PUT");
  await writes("four\nfive\nnull\n");
  await look(connect, "file-sink/stop", "", "PUT");
  await look(connect, "file-sink/status", "STOPPED");
  await look(connect, "file-sink/offsets", "", "DELETE");
  await look(connect, "file-sink/offsets");
  await look(connect, "file-sink/resume", "", "PUT");
  await writes("one\ntwo\nthree\nfour\nfive\nnull\n");
  await look(connect, "file-sink/offsets", '"kafka_offset":6');
}

/** How the topic and the group are left. */
const afterwards = [
  ["org.apache.kafka.tools.TopicCommand", "--describe", "--topic", "lines"],
  ["org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", "--describe", "--group", "connect-file-sink"],
  ["org.apache.kafka.tools.consumer.ConsoleConsumer", "--topic", "lines", "--from-beginning", "--max-messages", "8"],
] as const;
