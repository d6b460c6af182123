import { DiskError, type Process } from "../../platform/mod.ts";
import {
  checkDirectory,
  type Finding,
  type FsckReport,
  repairDirectory,
  type StorageEnvironment,
  StorageError,
  StorageStartError,
} from "../../storage/mod.ts";
import { metadataReader } from "./metadata_reader.ts";

/** What the command is run with. */
export interface FsckWorld {
  readonly process: Pick<Process, "args" | "print">;
  readonly platform: StorageEnvironment;
  /** Called before anything is looked at when nothing is to be changed. */
  readonly giveUpWriting: () => void;
}

const HELP = `ottla fsck [--repair] [--json] DIR: checks a data directory that no broker uses

  --repair   make caches again, cut torn appends off and keep their bytes; without it nothing is written
  --json     an object a line: findings, then a summary

Exit code: 0 nothing was found, 1 something was found (or is left after a repair), 2 the directory cannot be checked.
`;

/** Checks a data directory, and repairs it if it is told to. Answers the exit code. */
export async function runFsck({ process, platform, giveUpWriting }: FsckWorld): Promise<number> {
  const flags = process.args.filter((arg) => arg.startsWith("--"));
  const [root, ...more] = process.args.filter((arg) => !arg.startsWith("--"));
  const unknown = flags.find((flag) => !["--repair", "--json", "--help"].includes(flag));
  if (flags.includes("--help")) return print(process, HELP, 0);
  if (unknown !== undefined) return complain(process, `there is no option ${unknown}; --help lists them`);
  if (root === undefined || more.length > 0) return complain(process, "give one directory; --help tells more");
  const repairs = flags.includes("--repair");
  if (!repairs) giveUpWriting();
  const show = flags.includes("--json") ? json : text;
  try {
    const reader = metadataReader(platform.compression);
    const report = await checkDirectory(platform, root, reader);
    process.print(show(report));
    if (!repairs || report.findings.length === 0) return report.findings.length === 0 ? 0 : 1;
    await repairDirectory(platform, root, reader, report);
    const after = await checkDirectory(platform, root, reader);
    process.print(show(after, "after the repair"));
    return after.findings.length === 0 ? 0 : 1;
  } catch (error) {
    const isKnown = error instanceof StorageStartError || error instanceof StorageError || error instanceof DiskError;
    if (!isKnown) throw error;
    return complain(process, error.message);
  }
}

function text({ findings, notes, logs }: FsckReport, when?: string): string {
  const lines = findings.map(({ path, position, problem, repair }) => {
    return `${path}${position === null ? "" : `, byte ${position}`}: ${problem} (Repair: ${repair}.)`;
  });
  const count = findings.length === 0 ? "nothing was found" : counted(findings.length, "finding");
  return [...lines, ...notes, `${when === undefined ? "" : `${when}: `}${counted(logs, "partition")} checked, ${count}`, ""].join("\n");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function json({ findings, notes, logs }: FsckReport, when?: string): string {
  const lines: (Finding | Record<string, unknown>)[] = [...findings, {
    logs,
    findings: findings.length,
    notes,
    repaired: when !== undefined,
  }];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function print(process: FsckWorld["process"], words: string, code: number): number {
  process.print(words);
  return code;
}

function complain(process: FsckWorld["process"], sentence: string): number {
  process.print(`ottla fsck: ${sentence}\n`, "stderr");
  return 2;
}
