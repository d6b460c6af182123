import type { Rows } from "./row.ts";
import { clusterRows } from "./rows/cluster.ts";
import { groupsRows } from "./rows/groups.ts";
import { logRows } from "./rows/log.ts";
import { networkRows } from "./rows/network.ts";
import { ottlaRows } from "./rows/ottla.ts";
import { remoteRows } from "./rows/remote.ts";
import { securityRows } from "./rows/security.ts";
import { servicesRows } from "./rows/services.ts";
import { transactionsRows } from "./rows/transactions.ts";

/** All broker properties of Kafka 4.3.1 (`AbstractKafkaConfig.CONFIG_DEF`). */
export const brokerConfig = {
  ...clusterRows,
  ...networkRows,
  ...ottlaRows,
  ...logRows,
  ...groupsRows,
  ...transactionsRows,
  ...servicesRows,
  ...securityRows,
  ...remoteRows,
} satisfies Rows;

export type BrokerProperty = keyof typeof brokerConfig;

/**
 * Properties that set one value in several units or under several names, the one that wins first. Kafka: `DynamicBrokerConfig.brokerConfigSynonyms`.
 */
const families: readonly (readonly BrokerProperty[])[] = [
  ["log.roll.ms", "log.roll.hours"],
  ["log.roll.jitter.ms", "log.roll.jitter.hours"],
  ["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
];

/** The names under which a broker property may have been set, the one that wins first. */
export function synonymsOf(name: string): readonly string[] {
  // Only this way round: whoever asks for the scheduler's interval does not hear of the flush interval.
  if (name === "log.flush.interval.ms") return [name, "log.flush.scheduler.interval.ms"];
  return families.find((family) => family.some((member) => member === name)) ?? [name];
}
