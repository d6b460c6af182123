/** What may differ between two runs of one history, and nothing else, is taken out of what a tool said. */

import type { ToolRun } from "./tools.ts";

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
