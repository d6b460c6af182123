import type { KafkajsClient } from "./clients/kafkajs_client.ts";
import type { Target } from "./target.ts";
import type { RecordLine } from "./records.ts";

/** One thing a user of Kafka does, run against any broker; it passes when `run` resolves. */
export interface Scenario {
  readonly name: string;
  /** Needs a broker of ours to kill and a data directory to look into: left out for `--target host:port`. */
  readonly ownBroker?: boolean;
  /** Only meaningful for Ottla itself. */
  readonly onlyOttla?: boolean;
  /** Takes minutes: run with `--long`. */
  readonly long?: boolean;
  run(context: Context): Promise<void>;
}

export interface Context {
  readonly target: Target;
  /** One kafkajs process for administration and sending, shared by the scenarios. */
  readonly kafkajs: KafkajsClient;
  /** What each topic must hold, as scenarios have established it: looked at again after `kill -9` and in the log files. */
  readonly written: Map<string, readonly RecordLine[]>;
  /** Write down what this broker did as what is expected: for Apache Kafka only. */
  readonly update: boolean;
  /** How often to repeat what depends on chance; undefined: as little as every change of the code is worth. */
  readonly runs: number | undefined;
  /** Of all chance; a scenario prints the seeds that it makes from it. */
  readonly seed: number;
  /** A fresh directory for the scenario's own files. */
  readonly temp: string;
}
