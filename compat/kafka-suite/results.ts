/** What became of Kafka's tests, as it is kept on disk: a line of JSON a test, sorted, beside what Apache Kafka makes of them. */
import { KAFKA_VERSION, VERSION } from "../../broker/version.ts";
import type { KafkaTests, SuiteRun } from "../../tools/kafka_tests.ts";
import type { Outcome } from "./runner.ts";
import { waitsFor } from "./waits.ts";

/** A line of a file of results. */
export interface Row {
  readonly test: string;
  readonly result: "pass" | "fail" | "skip" | "not yet";
  /** Why it failed or was skipped, in a line; what it waits for. */
  readonly why?: string;
  /** Apache Kafka passes it in some runs and fails it in others, so that it tells nothing: it is tried no more, with any broker. Written by hand. */
  readonly byChance?: true;
}

export type Rows = Map<string, Row>;

const LONGEST_WHY = 200;

export function readRows(path: string): Rows {
  const rows = Deno.readTextFileSync(path).trimEnd().split("\n").map((line) => JSON.parse(line) as Row);
  return new Map(rows.map((row) => [row.test, row]));
}

export function writeRows(path: string, rows: Rows): void {
  const sorted = [...rows.values()].sort((a, b) => a.test < b.test ? -1 : a.test > b.test ? 1 : 0);
  Deno.writeTextFileSync(path, sorted.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

/** Writes down beside the results of other brokers that this one's are of today. */
export function writeRun(path: string, target: "ottla" | "kafka"): void {
  const runs = JSON.parse(Deno.readTextFileSync(path)) as KafkaTests["runs"];
  const run: SuiteRun = {
    broker: target === "kafka" ? `Apache Kafka ${KAFKA_VERSION}` : `Ottla ${VERSION}`,
    date: new Date().toISOString().slice(0, 10),
    command: `deno task compat --kafka-suite${target === "kafka" ? " --target kafka" : ""} --update`,
  };
  Deno.writeTextFileSync(path, `${JSON.stringify({ ...runs, [target]: run }, null, 2)}\n`);
}

/** `org.apache.kafka.server.MetadataRequestTest` of one of its tests' names. */
export function className(test: string): string {
  const method = test.split("[")[0];
  return method.slice(0, method.lastIndexOf("."));
}

/** The row of an outcome with Apache Kafka. */
export function kafkaRow({ test, result, why }: Outcome): Row {
  return result === "pass" ? { test, result } : { test, result, why: firstLine(why) };
}

/** The row of an outcome with another broker; null when it did not pass and no rule tells what it waits for. */
export function brokerRow(outcome: Outcome): Row | null {
  const { test, result } = outcome;
  if (result === "pass") return { test, result };
  const area = waitsFor(outcome);
  return area === null ? null : { test, result: "not yet", why: area };
}

/** What is wrong with an outcome, given what was expected; null when nothing is. */
export function complaint(expected: Row | undefined, seen: Outcome | undefined): string | null {
  if (seen === undefined) return "did not run";
  if (expected === undefined) return `is in no list and ${seen.result === "pass" ? "passes" : `does not pass: ${firstLine(seen.why)}`}`;
  if (expected.result === seen.result) return null;
  if (expected.result === "not yet") return seen.result === "pass" ? `passes and stands under not yet (${expected.why})` : null;
  return `was ${expected.result} and is ${seen.result}${seen.why === "" ? "" : `: ${firstLine(seen.why)}`}`;
}

export function firstLine(why: string): string {
  return (why.split("\n").find((line) => line.trim() !== "") ?? "").slice(0, LONGEST_WHY);
}
