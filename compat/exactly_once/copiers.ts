/** Programs that copy a topic to another, each as a member of one group, offsets and copies in the same transaction; some of the transactions are aborted. */

import type { Random } from "../../platform/mod.ts";
import { java } from "../java.ts";
import type { Child } from "../processes.ts";

export const INPUT = "numbers";
export const OUTPUT = "copies";
export const GROUP = "copiers";
const MAX_TRANSACTION = 20;

/** Starts a copier. It goes on through the death of the broker, or ends; `transactionalId` fences whoever had it before. */
export type StartCopier = (bootstrap: string, transactionalId: string, random: Random) => Promise<Child>;

/** Kafka's own TransactionalMessageCopier, which ends when it has copied as much as there was at the group's last rebalance. */
function startKafkas(bootstrap: string, transactionalId: string, random: Random): Promise<Child> {
  const args = [
    ...["--broker-list", bootstrap, "--input-topic", INPUT, "--input-partition", "-1", "--output-topic", OUTPUT, "--consumer-group", GROUP],
    ...["--transactional-id", transactionalId, "--transaction-size", String(1 + random.below(MAX_TRANSACTION))],
    ...["--enable-random-aborts", "--group-mode", "--use-group-metadata"],
  ];
  return Promise.resolve(java("org.apache.kafka.tools.TransactionalMessageCopier", args, { heap: "128m", small: true }));
}

export const COPIERS = { java: startKafkas } satisfies Record<string, StartCopier>;
