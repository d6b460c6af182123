/** Steps that many rows are made of. */
import type { Step, StepRecord } from "../steps/step.ts";

/** Within so many milliseconds a group is to be stable. */
export const SOON = 25_000;

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

/** A transaction of a new producer, which has ten seconds. */
export function begin(producer = "p", transactionalId = "x"): Step[] {
  return [{ op: "initTransactions", producer, transactionalId }, { op: "beginTransaction", producer }];
}

/** One that will not be over while a scenario waits for others that end the broker too. */
export function beginLong(producer = "p", transactionalId = "x"): Step[] {
  return [{ op: "initTransactions", producer, transactionalId, transactionTimeoutMs: 120_000 }, { op: "beginTransaction", producer }];
}

/** Another transaction of a producer. */
export function beginAgain(producer = "p"): Step {
  return { op: "beginTransaction", producer };
}

/** Without a transaction. */
export function plain(...values: string[]): Step {
  return { op: "produce", topic: "t", records: inPartition(0, ...values) };
}

export function send(producer: string, ...values: string[]): Step {
  return { op: "produce", topic: "t", producer, transactionalId: "x", records: inPartition(0, ...values) };
}

export function committed(...values: string[]): Step {
  return {
    op: "fetch",
    topic: "t",
    partition: 0,
    from: "earliest",
    count: values.length,
    isolation: "read_committed",
    expect: values,
  };
}

/** All that is there, and nothing after it for a while. */
export function committedAre(...values: string[]): Step {
  const wanted = committed(...values);
  return { ...wanted, count: values.length + 1, waitMs: 1_500 } as Step;
}

/** What the group `g` has come to in `t-0`; as its member, or as nobody. */
export function sendOffsets(offset: number, by?: string): Step {
  return { op: "sendOffsets", producer: "p", group: "g", offsets: [["t", 0, offset]], ...(by === undefined ? {} : { member: by }) };
}

export const commit: Step = { op: "commitTransaction", producer: "p" };
export const abort: Step = { op: "abortTransaction", producer: "p" };

/** A broker that soon forgets producers that write nothing, and transactional ids that nobody uses; and where new groups wait for members. */
export const FORGETFUL = {
  "producer.id.expiration.ms": "1500",
  "producer.id.expiration.check.interval.ms": "200",
  "transactional.id.expiration.ms": "8000",
  "transaction.remove.expired.transaction.cleanup.interval.ms": "500",
  "group.initial.rebalance.delay.ms": "3000",
};

/** A member of group `g` that reads topic `t`. */
export function join(member: string, more: Partial<Extract<Step, { op: "join" }>> = {}): Step {
  return { op: "join", member, group: "g", topics: ["t"], ...more };
}

/** It has just these partitions soon. */
export function holds(member: string, ...names: string[]): Step {
  return { op: "status", member, expect: { assigned: names }, within: SOON };
}

/** It has so many partitions soon. */
export function holdsSo(member: string, count: number): Step {
  return { op: "status", member, expect: { assigned: { $count: count } }, within: SOON };
}
