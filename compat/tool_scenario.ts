import { KafkaTarget } from "./kafka.ts";
import { OttlaTarget } from "./ottla.ts";
import type { Scenario } from "./scenario.ts";
import type { Target } from "./target.ts";
import { assertSame, type Observed } from "./tool_output.ts";
import { JavaTools } from "./tools.ts";

/**
 * What Kafka's tools do and say, on a broker of its own since they list everything that there is, and what they did and said with Kafka: `expected/FILE`.
 * `properties` are the broker's.
 */
export function toolScenario(
  name: string,
  file: string,
  observe: (broker: Target & { readonly dataDir: string }, tools: JavaTools, temp: string) => Promise<Observed>,
  properties: readonly string[] = [],
): Scenario {
  const expected = new URL(`expected/${file}`, import.meta.url);
  return {
    name,
    ownBroker: true,
    async run({ target, temp, update }): Promise<void> {
      const broker = target.name === "kafka"
        ? new KafkaTarget(temp, undefined, properties)
        : new OttlaTarget(temp, properties.flatMap((each) => ["--set", each]));
      const tools = new JavaTools();
      try {
        await broker.start();
        const observed = await observe(broker, tools, temp);
        if (update) await Deno.writeTextFile(expected, `${JSON.stringify(observed, null, 2)}\n`);
        assertSame(observed, JSON.parse(await Deno.readTextFile(expected)) as Observed);
      } finally {
        await tools.close();
        await broker.stop();
      }
    },
  };
}
