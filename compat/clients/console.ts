/** Kafka's console tools, each as a real process. */

import { java, runJava } from "../java.ts";
import { type Child, waitUntil } from "../processes.ts";
import type { CompressionName, RecordLine } from "../records.ts";

const CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer";
const PRODUCER = "org.apache.kafka.tools.ConsoleProducer";

/** How a null key, value or header value, or a record without headers, is written in ConsoleProducer's input. */
export const NULL_MARKER = "NULL";

/** Runs ConsoleProducer over `lines`, each `name:value,name:value TAB key TAB value`; it exits 0 also when a record failed, so stderr counts. */
export async function consoleProduce(
  bootstrap: string,
  topic: string,
  lines: readonly string[],
  compression: CompressionName,
): Promise<void> {
  const errors: string[] = [];
  const child = java(PRODUCER, [
    ...["--bootstrap-server", bootstrap, "--topic", topic, `--compression-codec=${compression}`, "--request-timeout-ms", "30000"],
    ...[
      "--reader-property",
      "parse.key=true",
      "--reader-property",
      "parse.headers=true",
      "--reader-property",
      `null.marker=${NULL_MARKER}`,
    ],
  ], { onErrorLine: (line) => errors.push(line) });
  await child.write(lines.map((line) => `${line}\n`).join(""));
  await child.closeInput();
  const status = await child.finished();
  const said = errors.filter((line) => !line.startsWith("SLF4J:"));
  if (status.code !== 0 || said.length > 0) throw new Error(`ConsoleProducer exited ${status.code}: ${said.slice(0, 10).join("\n")}`);
}

/** Reads `count` records from the beginning without a group. */
export async function consoleRead(bootstrap: string, topic: string, count: number): Promise<RecordLine[]> {
  const output = await runJava(CONSUMER, [
    ...["--bootstrap-server", bootstrap, "--topic", topic, "--from-beginning", "--formatter", "compat.LineFormatter"],
    ...["--max-messages", String(count), "--timeout-ms", "30000", "--command-property", "enable.auto.commit=false"],
  ]);
  return output === "" ? [] : output.split("\n");
}

/** A ConsoleConsumer that reads a topic from the beginning, without a group and without an end, what is committed alone. */
export class ConsoleReader {
  readonly lines: RecordLine[] = [];
  readonly #child: Child;

  constructor(bootstrap: string, topic: string) {
    const args = ["--bootstrap-server", bootstrap, "--topic", topic, "--from-beginning", "--formatter", "compat.LineFormatter"];
    this.#child = java(CONSUMER, [
      ...[...args, "--isolation-level", "read_committed", "--command-property", "enable.auto.commit=false"],
    ], { onLine: (line) => this.lines.push(line), small: true });
  }

  async end(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.finished();
  }
}

/** A ConsoleConsumer that is a member of a group. */
export class ConsoleMember {
  readonly lines: RecordLine[] = [];
  /** How many partitions it was last assigned; undefined before the first time. */
  assigned: number | undefined;
  readonly #child: Child;

  constructor(bootstrap: string, group: string, topic: string) {
    this.#child = java(CONSUMER, [
      ...["--bootstrap-server", bootstrap, "--topic", topic, "--group", group, "--from-beginning", "--formatter", "compat.LineFormatter"],
      ...["--command-property", "partition.assignment.strategy=compat.ReportingAssignor"],
      ...["--command-property", "auto.commit.interval.ms=200", "--command-property", "heartbeat.interval.ms=500"],
    ], {
      onLine: (line) => this.lines.push(line),
      onErrorLine: (line) => this.#hear(line),
    });
  }

  /** Leaves the group in good order, as on Ctrl-C; all its output has been read when this resolves. */
  async leave(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.finished();
  }

  #hear(line: string): void {
    const assigned = line.match(/^assigned (\d+)$/);
    if (assigned !== null) this.assigned = Number(assigned[1]);
  }
}

export async function waitMembers(members: readonly ConsoleMember[], partitions: number): Promise<void> {
  await waitUntil(
    `${members.length} console consumers share ${partitions} partitions`,
    60_000,
    () =>
      members.every(({ assigned }) => (assigned ?? 0) > 0) &&
      members.reduce((sum, { assigned }) => sum + (assigned ?? 0), 0) === partitions,
  );
}
