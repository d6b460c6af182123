/** What may differ between two runs of one history, and nothing else, is taken out of what a tool said. */

import type { ToolRun } from "./tools.ts";

/** What each tool said, line by line, by what it was asked. */
export type Observed = Record<string, readonly string[]>;

interface Rule {
  readonly why: string;
  readonly pattern: RegExp;
  readonly to: string;
}

/** Every replacement keeps the length, because the tools align columns by it, where it can. */
const RULES: readonly Rule[] = [
  {
    why: "ids of members end with a random UUID",
    pattern: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
    to: "uuuuuuuu-uuuu-uuuu-uuuu-uuuuuuuuuuuu",
  },
  { why: "when a batch was written", pattern: /(CreateTime|LogAppendTime): \d{13}\b/g, to: "$1: now" },
  {
    why: "when an offset was committed, or a group changed",
    pattern: /("(?:commitTimestamp|currentStateTimestamp)":)"?\d{13}"?/g,
    to: "$1now",
  },
  { why: "ids of topics are random", pattern: /"topicId":"[\w-]{22}"/g, to: '"topicId":"tttttttttttttttttttttt"' },
  { why: "ids of topics are random", pattern: /TopicId: [\w-]{22}/g, to: "TopicId: tttttttttttttttttttttt" },
  { why: "covers the timestamps and the ids", pattern: /crc: \d+/g, to: "crc: n" },
];

/** Lines that are of the machine and the JVM. */
const NOT_OF_THE_BROKER = /^SLF4J:|^\tat |^\t\.\.\. \d+ more$/;

/**
 * The lines that a tool has printed. `inAnyOrder`: groups and members come in the order of somebody's hash table, and columns are as wide as the
 * group that happens to be printed first.
 */
export function masked({ exit, stdout, stderr }: ToolRun, bootstrap: string, temp: string, inAnyOrder: boolean): string[] {
  const text = `exit ${exit}\n${stdout}\n${stderr}`.replaceAll(bootstrap, "127.0.0.1:ppppp").replaceAll(temp, "TEMP");
  const ordered = text.replaceAll(/(?<= payload: )\{.*\}$/gm, withMembersInOrder);
  const plain = RULES.reduce((before, { pattern, to }) => before.replaceAll(pattern, to), ordered);
  const lines = plain.split("\n").map((line) => line.trimEnd()).filter((line) => line !== "" && !NOT_OF_THE_BROKER.test(line));
  return inAnyOrder ? lines.map(singleSpaced).sort() : withTombstonesInOrder(lines);
}

/** Kafka writes the members of a group in the order of a hash table of their ids. */
function withMembersInOrder(payload: string): string {
  const value = JSON.parse(payload) as { data: { members?: { memberId: string }[] } };
  value.data.members?.sort((a, b) => a.memberId < b.memberId ? -1 : 1);
  return JSON.stringify(value);
}

/** Kafka deletes the offsets of a group in the order of a hash table: of tombstones that follow each other only the keys count. */
function withTombstonesInOrder(lines: readonly string[]): string[] {
  const keys = (line: string): string => line.replace(/^\| offset: \d+ (.*) sequence: \d+ /, "| $1 ");
  const sorted: string[] = [];
  for (let i = 0; i < lines.length;) {
    const end = lines.findIndex((line, at) => at >= i && !line.endsWith("payload: <DELETE>"));
    const run = lines.slice(i, end < 0 ? lines.length : end);
    sorted.push(...run.map(keys).sort());
    i += run.length;
    if (i < lines.length) sorted.push(lines[i++]);
  }
  return sorted;
}

function singleSpaced(line: string): string {
  return line.replaceAll(/ +/g, " ");
}

/** Throws where something was said otherwise, with the first line of each difference. */
export function assertSame(observed: Observed, expected: Observed): void {
  const differences = Object.keys({ ...expected, ...observed }).flatMap((name) => {
    const [got, wanted] = [observed[name] ?? ["not run"], expected[name] ?? ["not run"]];
    const at = Array.from({ length: Math.max(got.length, wanted.length) }, (_, i) => i).find((i) => got[i] !== wanted[i]);
    return at === undefined ? [] : [`${name}, line ${at}:\n      Kafka: ${wanted[at] ?? "(end)"}\n      here:  ${got[at] ?? "(end)"}`];
  });
  if (differences.length > 0) throw new Error(`${differences.length} differences from Apache Kafka\n    ${differences.join("\n    ")}`);
}

/** What is each broker's own, beside what the tools say of groups. */
const OF_THE_BROKER: readonly Rule[] = [
  { why: "ids of clusters and directories are random", pattern: /(?<![\w.-])[\w-]{22}(?![\w-])/g, to: "iiiiiiiiiiiiiiiiiiiiii" },
  { why: "each has its own metadata log", pattern: /(LeaderEpoch|HighWatermark|Epoch): +\d+/g, to: "$1: n" },
  { why: "each has its own metadata log, and it is the time of the answer", pattern: /^(1 +\ti{22}).*(\t\w+)$/g, to: "$1 … $2" },
  { why: "the quorum has no listener of its own", pattern: /"endpoints": \["\w+:\/\/[\d.:p]+"\]/g, to: '"endpoints": […]' },
  { why: "the broker's port", pattern: /^(1 +127\.0\.0\.1) \d+ /g, to: "$1 ppppp " },
  {
    why: "Kafka sets it for all brokers (KIP-966)",
    pattern: /(?<=Configs: .*)(?:min\.insync\.replicas=1,|,?min\.insync\.replicas=1$)/g,
    to: "",
  },
  {
    why: "the words are ours",
    pattern: /(errors\.\w+Exception: |Error while executing topic command : |Could not [^ ]+ [\w.]+\w(?: to \d+)?\. ).*/g,
    to: "$1(words)",
  },
];

/** Features that one of both may not have. */
const OTHER_FEATURE = /^Feature: (group|kraft|share|streams)\.version/;

/** Lines of {@link masked} of tools that administer. */
export function ofAdministration(lines: readonly string[]): string[] {
  return lines.filter((line) => !OTHER_FEATURE.test(line)).map((line) => {
    return OF_THE_BROKER.reduce((before, { pattern, to }) => before.replaceAll(pattern, to), line).trimEnd();
  });
}

/** Columns of the tables of TransactionsCommand that are times: of the run, unless a client said them. */
const TIMES = ["LastTimestamp", "CurrentTransactionStartTimeMs", "TransactionDurationMs", "Duration(min)"];

/** Lines of {@link masked} with a table whose columns are parted by tabs: its rows come in the order of somebody's hash table. */
export function ofTable([exit, header, ...rows]: readonly string[]): string[] {
  if (!header?.includes("\t")) return [exit, header, ...rows].filter((line) => line !== undefined);
  const names = header.split("\t").map((name) => name.trim());
  const plain = rows.map((row) =>
    row.split("\t").map((cell, i) => TIMES.includes(names[i]) && /^[1-9]/.test(cell) ? "n" : cell.trim()).join("\t")
  );
  return [exit, names.join("\t"), ...plain.sort()];
}
