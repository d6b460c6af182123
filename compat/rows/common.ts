/** Steps that many rows begin with. */
import type { Step, StepRecord } from "../steps/step.ts";

/** A topic that the scenario needs. */
export function create(topic = "t", partitions = 1, config?: Readonly<Record<string, string>>): Step {
  return { op: "topic", topic, partitions, ...(config === undefined ? {} : { config }) };
}

/** The same made by the client, where the scenario is about that. */
export function createByClient(topic = "t", partitions = 1, config?: Readonly<Record<string, string>>): Step {
  return { op: "createTopic", topic, partitions, replicas: 1, ...(config === undefined ? {} : { config }) };
}

/** Records with these values in one partition. */
export function inPartition(partition: number, ...values: string[]): StepRecord[] {
  return values.map((value) => ({ value, partition }));
}

/** Values that tell their number. */
export function numbered(count: number, prefix = "v"): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`);
}

/** A thousand of something: large values compare quickly and are easily told from each other. */
export function long(letter: string, length: number): string {
  return letter.repeat(length);
}
