/** Programs that copy a topic to another, each as a member of one group, offsets and copies in the same transaction; some of the transactions are aborted. */

import type { Random } from "../../platform/mod.ts";
import { java } from "../java.ts";
import { Child } from "../processes.ts";
import { preparePython } from "../python.ts";

const CLIENTS = new URL("../clients", import.meta.url).pathname;

export const INPUT = "numbers";
export const OUTPUT = "copies";
export const GROUP = "copiers";
const MIN_TRANSACTION = 5;
const MAX_TRANSACTION = 20;

/** A client's copier. */
export interface CopierKind {
  /** Starts one. It goes on through the death of the broker, or ends; `transactionalId` fences whoever had it before. */
  start(bootstrap: string, transactionalId: string, random: Random): Promise<Child>;
  /** Whether it ends when it is fenced. */
  readonly endsFenced: boolean;
}

export const COPIERS = {
  /** Kafka's own TransactionalMessageCopier, which also ends when it has copied as much as there was at the group's last rebalance. */
  java: {
    start(bootstrap, transactionalId, random) {
      const args = [
        ...["--broker-list", bootstrap, "--input-topic", INPUT, "--input-partition", "-1", "--output-topic", OUTPUT],
        ...["--consumer-group", GROUP, "--transactional-id", transactionalId, "--transaction-size", sizeOf(random)],
        ...["--enable-random-aborts", "--group-mode", "--use-group-metadata"],
      ];
      return Promise.resolve(java("org.apache.kafka.tools.TransactionalMessageCopier", args, { heap: "128m", small: true }));
    },
    endsFenced: true,
  },
  librdkafka: {
    async start(bootstrap, transactionalId, random) {
      const args = [bootstrap, INPUT, OUTPUT, GROUP, transactionalId, sizeOf(random)];
      return new Child(await preparePython(), [`${CLIENTS}/transactional_copier.py`, ...args]);
    },
    endsFenced: true,
  },
  kafkajs: {
    start(bootstrap, _, random) {
      const flags = ["--no-prompt", "--allow-net=127.0.0.1", "--allow-env", "--allow-read", "--allow-sys"];
      const args = [bootstrap, INPUT, OUTPUT, GROUP, "partition", sizeOf(random)];
      return Promise.resolve(
        new Child(Deno.execPath(), ["run", ...flags, `${CLIENTS}/transactional_copier.ts`, ...args], { cwd: CLIENTS }),
      );
    },
    // Its transactional ids are those of partitions: a member more is one among others.
    endsFenced: false,
  },
} satisfies Record<string, CopierKind>;

/** How many records a transaction has at most. */
function sizeOf(random: Random): string {
  return String(MIN_TRANSACTION + random.below(MAX_TRANSACTION - MIN_TRANSACTION + 1));
}
