import { comparable, configCalls, MAINS } from "../config_tool_calls.ts";
import { makeTopic } from "../wire.ts";
import type { Scenario } from "../scenario.ts";
import type { Target } from "../target.ts";
import { masked, type Observed } from "../tool_output.ts";
import { toolScenario } from "../tool_scenario.ts";
import type { JavaTools } from "../tools.ts";

export const configToolsTellTheSame: Scenario = toolScenario(
  "tools: ConfigCommand and ClientMetricsCommand alter and describe everything that has a configuration as with Kafka",
  "config_tools.json",
  observe,
);

async function observe({ bootstrap }: Target, tools: JavaTools, temp: string): Promise<Observed> {
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
