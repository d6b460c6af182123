import { checkAllFiles } from "../dump_log.ts";
import { COPIERS } from "../exactly_once/copiers.ts";
import { copyLoop } from "../exactly_once/copy_loop.ts";
import type { Context, Scenario } from "../scenario.ts";

const KILLS_OF_EVERY_CHANGE = 3;

/** `--runs N` kills, as in the others. */
export const kafkasCopiersThroughKills = copiersThroughKills("java", "of Kafka's TransactionalMessageCopier");
export const librdkafkaCopiersThroughKills = copiersThroughKills("librdkafka", "copiers of librdkafka");
export const kafkajsCopiersThroughKills = copiersThroughKills("kafkajs", "copiers of kafkajs");
export const streamsThroughKills = copiersThroughKills(
  "streams",
  "processes of a Kafka Streams application (repartition, aggregation, changelog)",
);

function copiersThroughKills(client: keyof typeof COPIERS, who: string): Scenario {
  return {
    name: `exactly once: ${COPIERS[client].members} ${who}, while the broker and they are killed`,
    ownBroker: true,
    onlyOttla: true,
    run: (context) => copyThroughKills(context, client),
  };
}

async function copyThroughKills(context: Context, client: keyof typeof COPIERS): Promise<void> {
  const { temp, runs: kills = KILLS_OF_EVERY_CHANGE, seed } = context;
  const started = performance.now();
  const counts = await copyLoop({ copier: COPIERS[client], kills, seed, dir: temp });
  await checkAllFiles(`${temp}/data`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { early, killed, wiped, slept, replaced, ended, copies } = counts;
  console.log(
    `     seed ${seed}: ${kills} kills (${early} early) in ${seconds} s; of its clients ${killed} killed (${wiped} with their state), ${slept} slept, ` +
      `${replaced} replaced, ${ended} ended by themselves; ${copies} records, for each one in the output, in order`,
  );
}
