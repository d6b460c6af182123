import { explore, inLines, prepare, type Side } from "../explorer/explorer.ts";
import { fixture, histories } from "../explorer/cases/mod.ts";
import { specOf } from "../explorer/codec.ts";
import { Player } from "../explorer/player.ts";
import { KafkaTarget } from "../kafka.ts";
import { OttlaTarget } from "../ottla.ts";
import type { Context, Scenario } from "../scenario.ts";
import type { Target } from "../target.ts";

/** The same node id on both sides, so that it needs no name. */
const NODE = "node.id=1";

/**
 * Apache Kafka is asked each time, beside the broker: it starts in seconds, and answers that were kept would be of yesterday's requests. With
 * `--target kafka` two of them are compared: what differs then is the explorer's mistake. `--runs 1` plays boundary values in all versions.
 */
export const rawRequestsAnsweredAlike: Scenario = {
  name: "explorer: raw requests of every served version are answered as by Apache Kafka, field by field",
  async run({ target, temp, runs, seed }: Context): Promise<void> {
    const other = Deno.makeTempDirSync({ dir: temp });
    const reference = new KafkaTarget(other);
    const broker = brokerLike(target, temp);
    try {
      await Promise.all([reference.start(), broker.start()]);
      const [kafka, here] = await Promise.all([sideOf(reference.bootstrap), sideOf(broker.bootstrap)]);
      await Promise.all([prepare(fixture, kafka), prepare(fixture, here)]);
      const found = await explore(histories, kafka, here, (line) => console.log(`     ${line}`), runs === undefined ? seed : null);
      console.log(
        `     ${found.histories.size} histories, ${found.pairs.size} pairs of API and version, ${found.requests} requests, ` +
          `${found.answers} answers compared; ${[...found.allowed.values()].reduce((a, b) => a + b, 0)} fields differ, ` +
          `allowed by ${found.allowed.size} rows`,
      );
      if (found.differences.length > 0) {
        const lines = inLines(found.differences);
        throw new Error(`${lines.length} differences from Apache Kafka\n    ${lines.join("\n    ")}`);
      }
    } finally {
      // Nothing of it is looked at any more, and Kafka takes its time to stop.
      await Promise.all([reference.kill9(), broker.name === "kafka" ? broker.kill9() : broker.stop()]);
    }
  },
};

/** A broker of its own: what others have made would be listed. */
function brokerLike(target: Target, temp: string): Target {
  if (target.name === "remote") return target;
  return target.name === "kafka" ? new KafkaTarget(temp) : new OttlaTarget(temp, ["--set", NODE]);
}

async function sideOf(bootstrap: string): Promise<Side> {
  const facts = { clusterId: "", port: Number(bootstrap.split(":")[1]) };
  const steps = [{ api: "DescribeCluster", request: {}, bind: { clusterId: "clusterId" } }];
  const player = new Player(
    bootstrap,
    facts,
    {},
    { name: "who is there", api: "DescribeCluster", steps },
    newestDescribeCluster,
    "",
    10_000,
  );
  await player.play();
  return { bootstrap, facts: { ...facts, clusterId: String(player.bound.clusterId) }, shared: {} };
}

const newestDescribeCluster = Number(specOf("DescribeCluster").versions.split("-")[1]);
