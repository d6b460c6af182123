import type { Scenario } from "../scenario.ts";
import { badInputCostsItsConnection } from "./bad_input.ts";
import { consoleToKafkajs, kafkajsToConsole } from "./exchange.ts";
import { everythingSurvivesKill, producerGoesOnThroughKill } from "./kill.ts";
import { twoGibibytesFitInLittleMemory } from "./large_log.ts";
import { logFilesReadByKafka } from "./log_files.ts";
import { noOrphanIsLeft } from "./orphans.ts";
import { unreadAnswersCostNothing } from "./slow_reader.ts";
import { toolsTellTheSame } from "./tools.ts";
import { topicsCreatedListedDeleted } from "./topics.ts";

/** In the order they run: later ones look at what earlier ones wrote. */
export const scenarios: readonly Scenario[] = [
  topicsCreatedListedDeleted,
  kafkajsToConsole,
  consoleToKafkajs,
  everythingSurvivesKill,
  producerGoesOnThroughKill,
  logFilesReadByKafka,
  toolsTellTheSame,
  badInputCostsItsConnection,
  unreadAnswersCostNothing,
  noOrphanIsLeft,
  twoGibibytesFitInLittleMemory,
];
