import { checkAllFiles } from "../dump_log.ts";
import { COPIERS } from "../exactly_once/copiers.ts";
import { copyLoop } from "../exactly_once/copy_loop.ts";
import type { Context, Scenario } from "../scenario.ts";

const KILLS_OF_EVERY_CHANGE = 3;

/** `--runs N` kills, as in the others. */
export const kafkasCopiersThroughKills = copiersThroughKills("java", "Kafka's TransactionalMessageCopier");
export const librdkafkaCopiersThroughKills = copiersThroughKills("librdkafka", "copiers of librdkafka");
export const kafkajsCopiersThroughKills = copiersThroughKills("kafkajs", "copiers of kafkajs");

function copiersThroughKills(client: keyof typeof COPIERS, who: string): Scenario {
  return {
    name: `exactly once: ${who}, three of them, while broker and copiers are killed`,
    ownBroker: true,
    onlyOttla: true,
    run: (context) => copyThroughKills(context, client),
  };
}

async function copyThroughKills(context: Context, client: keyof typeof COPIERS): Promise<void> {
  const { temp, runs: kills = KILLS_OF_EVERY_CHANGE, seed } = context;
  const started = performance.now();
  const dataDir = `${temp}/data`;
  const { early, killed, slept, replaced, ended, copies } = await copyLoop({ copier: COPIERS[client], kills, seed, dataDir });
  await checkAllFiles(dataDir);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `     seed ${seed}: ${kills} kills (${early} early) in ${seconds} s; of the copiers ${killed} killed, ${slept} slept, ${replaced} replaced, ` +
      `${ended} ended by themselves; ${copies} records, each copied once, in order`,
  );
}
