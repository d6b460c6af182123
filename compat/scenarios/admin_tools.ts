import { type AdminCall, administers, files, makes, TOOLS } from "../admin_tool_calls.ts";
import { KafkajsClient } from "../clients/kafkajs_client.ts";
import type { TestRecord } from "../records.ts";
import type { Scenario } from "../scenario.ts";
import type { Target } from "../target.ts";
import { masked, type Observed, ofAdministration } from "../tool_output.ts";
import { toolScenario } from "../tool_scenario.ts";
import type { JavaTools } from "../tools.ts";

/** Timestamp of the first record: the same in every run, so that sizes are, too. */
const BEGAN = Date.UTC(2026, 0, 1);

export const administrationToolsTellTheSame: Scenario = toolScenario(
  "tools: TopicCommand, LogDirsCommand, LeaderElectionCommand, ReassignPartitionsCommand, MetadataQuorumCommand, FeatureCommand and " +
    "ClusterTool do and say what they do and say with Kafka",
  "admin_tools.json",
  observe,
);

async function observe(broker: Target & { readonly dataDir: string }, tools: JavaTools, temp: string): Promise<Observed> {
  for (const [name, content] of Object.entries(files)) {
    await Deno.writeTextFile(`${temp}/${name}`, JSON.stringify(content).replaceAll("LOG_DIR", broker.dataDir));
  }
  const observed: Observed = {};
  const ask = async (calls: readonly AdminCall[]): Promise<void> => {
    for (const { tool, line, inAnyOrder = false } of calls) {
      const words = line.replaceAll("TEMP", temp).split(" ");
      const to = ["--bootstrap-server", broker.bootstrap];
      const { main, behind } = TOOLS[tool];
      const { exit, stdout, stderr } = await tools.run(main, behind ? [...words, ...to] : [...to, ...words]);
      const said = { exit, stdout: stdout.replaceAll(broker.dataDir, "LOG_DIR"), stderr: stderr.replaceAll(broker.dataDir, "LOG_DIR") };
      let name = `${tool} ${line}`;
      while (Object.hasOwn(observed, name)) name += ", again";
      observed[name] = ofAdministration(masked(said, broker.bootstrap, temp, inAnyOrder));
    }
  };
  await ask(makes);
  const kafkajs = await KafkajsClient.start(broker.bootstrap);
  await kafkajs.send("one", records(30, 3), "none");
  await kafkajs.close();
  await ask(administers);
  return observed;
}

function records(count: number, partitions: number): TestRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    partition: i % partitions,
    timestamp: BEGAN + i,
    key: null,
    value: new TextEncoder().encode(`record ${i}`),
    headers: [],
  }));
}
