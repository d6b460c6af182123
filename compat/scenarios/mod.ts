import type { Scenario } from "../scenario.ts";
import { administrationToolsTellTheSame } from "./admin_tools.ts";
import { applicationToolsTellTheSame } from "./application_tools.ts";
import { badInputCostsItsConnection } from "./bad_input.ts";
import { batchesAreJavas } from "./batches.ts";
import { compactedBesideKafka, compactionIsKafkas, compactionTesterPasses } from "./compaction.ts";
import { connectGoesOn } from "./connect.ts";
import { configToolsTellTheSame } from "./config_tools.ts";
import { consoleToKafkajs, kafkajsToConsole } from "./exchange.ts";
import {
  kafkajsCopiersThroughKills,
  kafkasCopiersThroughKills,
  librdkafkaCopiersThroughKills,
  streamsThroughKills,
} from "./exactly_once.ts";
import { rawRequestsAnsweredAlike } from "./explorer.ts";
import { fullDiskRefusesAndGoesOn } from "./full_disk.ts";
import { groupsOfRealClients } from "./groups.ts";
import { bothClientsThroughABadNetwork } from "./idempotence.ts";
import { everythingSurvivesKill, producerGoesOnThroughKill } from "./kill.ts";
import { importedFromKafka, takenOverByKafka } from "./import.ts";
import { killedAtAnyCall, killedAtAnyMoment } from "./kill_loop.ts";
import { twoGibibytesFitInLittleMemory } from "./large_log.ts";
import { logFilesReadByKafka } from "./log_files.ts";
import { startsBehindLinks } from "./linked_directory.ts";
import { javaReadsAndWritesTheSame, kafkaPythonSaysTheSame, testdataIsFresh } from "./messages.ts";
import { nodesAnswerAlike, nodesStopUnderProducers } from "./nodes.ts";
import { noOrphanIsLeft } from "./orphans.ts";
import { ownTests } from "./own_tests.ts";
import { powerCutAgainAndAgain } from "./power_cut.ts";
import { unreadAnswersCostNothing } from "./slow_reader.ts";
import { clientsPushTheirMetrics } from "./telemetry.ts";
import { toolsTellTheSame } from "./tools.ts";
import { topicsCreatedListedDeleted } from "./topics.ts";
import { transactionToolsTellTheSame } from "./transaction_tools.ts";

/** In the order they run: later ones look at what earlier ones wrote. */
export const scenarios: readonly Scenario[] = [
  ownTests,
  batchesAreJavas,
  compactionIsKafkas,
  compactedBesideKafka,
  javaReadsAndWritesTheSame,
  testdataIsFresh,
  kafkaPythonSaysTheSame,
  topicsCreatedListedDeleted,
  kafkajsToConsole,
  consoleToKafkajs,
  everythingSurvivesKill,
  producerGoesOnThroughKill,
  groupsOfRealClients,
  logFilesReadByKafka,
  compactionTesterPasses,
  toolsTellTheSame,
  administrationToolsTellTheSame,
  configToolsTellTheSame,
  transactionToolsTellTheSame,
  applicationToolsTellTheSame,
  connectGoesOn,
  rawRequestsAnsweredAlike,
  clientsPushTheirMetrics,
  badInputCostsItsConnection,
  unreadAnswersCostNothing,
  noOrphanIsLeft,
  startsBehindLinks,
  bothClientsThroughABadNetwork,
  nodesAnswerAlike,
  nodesStopUnderProducers,
  killedAtAnyMoment,
  killedAtAnyCall,
  kafkasCopiersThroughKills,
  librdkafkaCopiersThroughKills,
  kafkajsCopiersThroughKills,
  streamsThroughKills,
  powerCutAgainAndAgain,
  fullDiskRefusesAndGoesOn,
  importedFromKafka,
  takenOverByKafka,
  twoGibibytesFitInLittleMemory,
];
