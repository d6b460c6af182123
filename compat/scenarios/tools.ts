import { KafkajsClient } from "../clients/kafkajs_client.ts";
import { dump, segmentFiles } from "../dump_log.ts";
import { GroupClient } from "../group_client.ts";
import { makeHistory } from "../history.ts";
import { waitUntil } from "../processes.ts";
import type { Scenario } from "../scenario.ts";
import type { Target } from "../target.ts";
import { masked, type Observed } from "../tool_output.ts";
import { afterRestart, looks, type ToolCall } from "../tool_calls.ts";
import { toolScenario } from "../tool_scenario.ts";
import type { JavaTools } from "../tools.ts";

export const toolsTellTheSame: Scenario = toolScenario(
  "tools: ConsumerGroupCommand, GetOffsetShell, ClientCompatibilityTest and DumpLogSegments say of one history what they say of Kafka's",
  "tools.json",
  observe,
);

async function observe(broker: Target & { readonly dataDir: string }, tools: JavaTools, temp: string): Promise<Observed> {
  const observed: Observed = {};
  const look = async (calls: readonly ToolCall[], when: string): Promise<void> => {
    for (const { name, main, args } of calls) {
      observed[`${when}${name}`] = masked(
        await tools.run(main, args(broker.bootstrap, temp)),
        broker.bootstrap,
        temp,
        name.startsWith("ConsumerGroup"),
      );
    }
  };
  const kafkajs = await KafkajsClient.start(broker.bootstrap);
  const clients = await makeHistory(broker.bootstrap, kafkajs, async (main, ...args) => {
    const { exit, stderr } = await tools.run(main, args);
    if (exit !== 0) throw new Error(`${main} exited ${exit}: ${stderr}`);
  });
  await look(looks(broker.name === "ottla"), "");
  for (const client of clients) client.close();
  await kafkajs.close();
  await broker.stop();
  const files = segmentFiles(broker.dataDir, ".log", (partition) => partition === "__consumer_offsets-0");
  for (const flags of [["--offsets-decoder"], ["--deep-iteration"]]) {
    observed[`DumpLogSegments ${flags.join(" ")}`] = masked(await dump(tools, files, ...flags), broker.bootstrap, broker.dataDir, false);
  }
  await broker.start();
  const client = await GroupClient.open(broker.bootstrap, "by-hand");
  await waitUntil("the groups are loaded", 20_000, async () => await client.committed("simple", "stock", 0) === 3);
  client.close();
  await look(afterRestart, "after a restart: ");
  return observed;
}
