import { explore, type Findings, inLines, nothing, type Pair, prepare, sideOf } from "../explorer/explorer.ts";
import { stale } from "../explorer/allowed.ts";
import { contradictions } from "../explorer/codes.ts";
import {
  afterKill,
  back,
  coordinator,
  histories,
  keeper,
  limited,
  otherProperties,
  stock,
  telemetryHistories,
  withoutCoordinator,
  withReceiver,
} from "../explorer/cases/mod.ts";
import { KafkaTarget } from "../kafka.ts";
import { OttlaTarget } from "../ottla.ts";
import type { Context, Scenario } from "../scenario.ts";
import type { Target } from "../target.ts";

/** What Apache Kafka has here: the same node id, so that it needs no name, and one partition for all groups, so that it is known which. */
const ALIKE = ["node.id=1", "offsets.topic.num.partitions=1"];
/** What a client metrics plug-in of Kafka's is here. */
const RECEIVER = "ottla.client.telemetry=true";

/**
 * Apache Kafka is asked each time, beside the broker: it starts in seconds, and answers that were kept would be of yesterday's requests. With
 * `--target kafka` two of them are compared: what differs then is the explorer's mistake. `--runs 1` plays boundary values in all versions. What is said
 * of differences and of error codes is held against what was answered.
 */
export const rawRequestsAnsweredAlike: Scenario = {
  name: "explorer: raw requests of every served version are answered as by Apache Kafka, field by field",
  async run({ target, temp, runs, seed }: Context): Promise<void> {
    const found = nothing();
    const played = runs === undefined ? seed : null;
    await Promise.all([
      // A broker that somebody else runs has the properties that it has.
      beside(target, temp, target.name === "remote" ? {} : withReceiver, (pair) => askUsual(pair, found, played)),
      target.name === "remote" ? null : beside(target, temp, otherProperties, (pair, killBoth) => askOther(pair, killBoth, found, played)),
    ]);
    console.log(
      `     ${found.histories.size} histories, ${found.pairs.size} pairs of API and version, ${found.requests} requests, ` +
        `${found.answers} answers compared; ${[...found.allowed.values()].reduce((a, b) => a + b, 0)} fields differ, ` +
        `allowed by ${found.allowed.size} rows`,
    );
    const wrong = [
      ...inLines(found.differences),
      // What is claimed of Ottla, and needs both pairs of brokers.
      ...(target.name === "ottla" ? [...stale(found.allowed), ...contradictions(found.codes.kafka, found.codes.here)] : []),
    ];
    if (wrong.length > 0) {
      throw new Error(`${wrong.length} differences from Apache Kafka, or from what is said of them\n    ${wrong.join("\n    ")}`);
    }
  },
};

const log = (line: string): void => console.log(`     ${line}`);

async function askUsual(pair: Pair, found: Findings, seed: number | null): Promise<void> {
  await prepare(stock, pair);
  await prepare(coordinator, pair);
  await explore(histories, pair, found, log, seed);
  await explore(telemetryHistories, pair, found, log, seed, 1);
}

async function askOther(pair: Pair, killBoth: () => Promise<void>, found: Findings, seed: number | null): Promise<void> {
  await prepare(stock, pair);
  await explore(withoutCoordinator, pair, found, log, seed);
  await prepare(coordinator, pair);
  await explore(limited, pair, found, log, seed);
  await prepare(keeper, pair);
  await killBoth();
  await prepare(back, pair);
  await explore(afterKill, pair, found, log, seed);
}

/**
 * Starts Apache Kafka and a broker of the target's kind with these properties, and ends them: what others have made in theirs would be listed.
 * `killBoth` also starts them again.
 */
async function beside(
  target: Target,
  temp: string,
  properties: Readonly<Record<string, string>>,
  ask: (pair: Pair, killBoth: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const set = Object.entries(properties).map(([name, value]) => `${name}=${value}`);
  const dir = (): string => Deno.makeTempDirSync({ dir: temp });
  const reference = new KafkaTarget(dir(), undefined, set);
  const broker = brokerLike(target, dir(), set);
  const both = [reference, broker];
  try {
    await Promise.all(both.map((each) => each.start()));
    const [kafka, here] = await Promise.all(both.map((each) => sideOf([each.bootstrap])));
    await ask({ kafka, here }, async () => {
      await Promise.all(both.map(async (each) => {
        await each.kill9();
        await each.start();
      }));
    });
  } finally {
    // Nothing of it is looked at any more, and Kafka takes its time to stop.
    await Promise.all([reference.kill9(), broker.name === "kafka" ? broker.kill9() : broker.stop()]);
  }
}

function brokerLike(target: Target, dir: string, set: readonly string[]): Target {
  if (target.name === "remote") return target;
  if (target.name === "kafka") return new KafkaTarget(dir, undefined, set);
  const receives = set.some((each) => each.startsWith("metric.reporters=")) ? [RECEIVER] : [];
  return new OttlaTarget(dir, [...ALIKE, ...receives, ...set].flatMap((each) => ["--set", each]));
}
