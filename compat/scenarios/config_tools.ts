import { comparable, configCalls, MAINS } from "../config_tool_calls.ts";
import { KafkaTarget } from "../kafka.ts";
import { OttlaTarget } from "../ottla.ts";
import { makeTopic } from "../wire.ts";
import type { Context, Scenario } from "../scenario.ts";
import { assertSame, masked, type Observed } from "../tool_output.ts";
import { JavaTools } from "../tools.ts";

const EXPECTED = new URL("../expected/config_tools.json", import.meta.url);

export const configToolsTellTheSame: Scenario = {
  name: "tools: ConfigCommand and ClientMetricsCommand alter and describe everything that has a configuration as with Kafka",
  ownBroker: true,
  async run({ target, temp, update }: Context): Promise<void> {
    // A broker of its own: its settings are altered, and everything that there is is listed.
    const broker = target.name === "kafka" ? new KafkaTarget(temp) : new OttlaTarget(temp);
    const tools = new JavaTools();
    try {
      await broker.start();
      const observed = await observe(broker.bootstrap, tools, temp);
      if (update) await Deno.writeTextFile(EXPECTED, `${JSON.stringify(observed, null, 2)}\n`);
      assertSame(observed, JSON.parse(await Deno.readTextFile(EXPECTED)) as Observed);
    } finally {
      await tools.close();
      await broker.stop();
    }
  },
};

async function observe(bootstrap: string, tools: JavaTools, temp: string): Promise<Observed> {
  await makeTopic(bootstrap, "orders", 1);
  await makeTopic(bootstrap, "stock", 1);
  const observed: Observed = {};
  for (const [area, calls] of Object.entries(configCalls)) {
    for (const [i, [tool, line]] of calls.entries()) {
      const run = await tools.run(MAINS[tool], ["--bootstrap-server", bootstrap, ...line.split(" ")]);
      observed[`${area} ${i + 1}: ${tool} ${line}`] = comparable(masked(run, bootstrap, temp, true), area).sort();
    }
  }
  return observed;
}
