/**
 * Programs that read a topic and write one record to another for each that they read, as members of one group, the offsets in the transaction of the
 * records. Copiers abort some of their transactions.
 */

import type { Random } from "../../platform/mod.ts";
import { java } from "../java.ts";
import { Child } from "../processes.ts";
import { preparePython } from "../python.ts";
import { type Output, wrongCopies, wrongTotals } from "./output.ts";

const CLIENTS = new URL("../clients", import.meta.url).pathname;

export const INPUT = "numbers";
export const OUTPUT = "copies";
export const GROUP = "copiers";
const MIN_TRANSACTION = 5;
const MAX_TRANSACTION = 20;

export interface CopierOptions {
  readonly bootstrap: string;
  /** Fences whoever had it before, where {@link CopierKind.endsFenced}. */
  readonly id: string;
  /** A directory of its own, which need not be there. */
  readonly dir: string;
  readonly random: Random;
}

export interface CopierKind {
  readonly members: number;
  /** Starts one. It goes on through the death of the broker, or ends. */
  start(options: CopierOptions): Promise<Child>;
  /** Whether it ends when another has begun with its id. */
  readonly endsFenced: boolean;
  /** What is wrong with the output of an input of `ends[p]` records in each partition p. */
  problems(ends: readonly number[], output: Output): string[];
}

export const COPIERS = {
  /** Kafka's own TransactionalMessageCopier, which also ends when it has copied as much as there was at the group's last rebalance. */
  java: {
    start({ bootstrap, id, random }) {
      const args = [
        ...["--broker-list", bootstrap, "--input-topic", INPUT, "--input-partition", "-1", "--output-topic", OUTPUT],
        ...["--consumer-group", GROUP, "--transactional-id", id, "--transaction-size", sizeOf(random)],
        ...["--enable-random-aborts", "--group-mode", "--use-group-metadata"],
      ];
      return Promise.resolve(java("org.apache.kafka.tools.TransactionalMessageCopier", args, { heap: "128m", small: true }));
    },
    members: 3,
    endsFenced: true,
    problems: wrongCopies,
  },
  librdkafka: {
    async start({ bootstrap, id, random }) {
      const args = [bootstrap, INPUT, OUTPUT, GROUP, id, sizeOf(random)];
      return new Child(await preparePython(), [`${CLIENTS}/transactional_copier.py`, ...args]);
    },
    members: 3,
    endsFenced: true,
    problems: wrongCopies,
  },
  kafkajs: {
    start({ bootstrap, random }) {
      const flags = ["--no-prompt", "--allow-net=127.0.0.1", "--allow-env", "--allow-read", "--allow-sys"];
      const args = [bootstrap, INPUT, OUTPUT, GROUP, "partition", sizeOf(random)];
      return Promise.resolve(
        new Child(Deno.execPath(), ["run", ...flags, `${CLIENTS}/transactional_copier.ts`, ...args], { cwd: CLIENTS }),
      );
    },
    members: 3,
    // Its transactional ids are those of partitions: a member more is one among others.
    endsFenced: false,
    problems: wrongCopies,
  },
  /** An application of Kafka Streams, two processes of it. */
  streams: {
    start({ bootstrap, dir }) {
      return Promise.resolve(java("compat.StreamsTotals", [bootstrap, INPUT, OUTPUT, GROUP, dir], { heap: "256m", small: true }));
    },
    members: 2,
    // It joins the group again instead.
    endsFenced: false,
    problems: wrongTotals,
  },
} satisfies Record<string, CopierKind>;

/** How many records a transaction has at most. */
function sizeOf(random: Random): string {
  return String(MIN_TRANSACTION + random.below(MAX_TRANSACTION - MIN_TRANSACTION + 1));
}
