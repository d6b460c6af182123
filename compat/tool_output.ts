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
  { why: "covers the timestamps and the ids", pattern: /crc: \d+/g, to: "crc: n" },
];

/** Lines that are of the machine and the JVM. */
const NOT_OF_THE_BROKER = /^SLF4J:|^\tat |^\t\.\.\. \d+ more$/;

export function masked({ exit, stdout, stderr }: ToolRun, bootstrap: string, temp: string): string[] {
  const text = `exit ${exit}\n${stdout}\n${stderr}`.replaceAll(bootstrap, "127.0.0.1:ppppp").replaceAll(temp, "TEMP");
  const plain = RULES.reduce((before, { pattern, to }) => before.replaceAll(pattern, to), text);
  return plain.split("\n").map((line) => line.trimEnd()).filter((line) => line !== "" && !NOT_OF_THE_BROKER.test(line));
}
