import { DiskError, type Platform, type Process } from "../../platform/mod.ts";
import { StorageError, StorageStartError } from "../../storage/mod.ts";
import { commandLineDefaults } from "../config/command_line.ts";
import { resolveSettings } from "../config/resolve.ts";
import { importFromKafka, type ImportReport } from "./import.ts";

const HELP = `ottla import [--data-dir DIR] [--unclean] KAFKA_LOG_DIR...: takes over topics that Apache Kafka has written

  KAFKA_LOG_DIR   the directories of its log.dirs, or of single partitions; they are only read
  --data-dir DIR  where to (${commandLineDefaults.dataDir}); no broker may use it
  --unclean       Kafka was not stopped in good order, and does not run
`;

/** Takes over what Kafka has written. Answers the exit code: 0, or 1 with one sentence on standard error. */
export async function runImport({ process, platform }: { process: Pick<Process, "args" | "print">; platform: Platform }): Promise<number> {
  const sources: string[] = [];
  let target = commandLineDefaults.dataDir!;
  let unclean = false;
  for (let i = 0; i < process.args.length; i++) {
    const arg = process.args[i];
    if (arg === "--help") return say(process, HELP, 0);
    if (arg === "--unclean") unclean = true;
    else if (arg === "--data-dir" && i + 1 < process.args.length) target = process.args[++i];
    else if (arg.startsWith("--")) return complain(process, `there is no option ${arg}, or it needs a value; --help lists them`);
    else sources.push(arg);
  }
  if (sources.length === 0) return complain(process, "give a directory of Kafka's; --help tells more");
  const { settings } = resolveSettings({}, {}, commandLineDefaults);
  try {
    return say(process, text(await importFromKafka(platform, { sources, target, nodeId: settings.nodeId, unclean }), target), 0);
  } catch (error) {
    const isKnown = error instanceof StorageStartError || error instanceof StorageError || error instanceof DiskError;
    if (!isKnown) throw error;
    return complain(process, error.message);
  }
}

function text({ topics, partitions, records, commits, notes }: ImportReport, target: string): string {
  const summary = `in ${target}: topics ${topics}, partitions with records ${partitions}, offsets ${records}, committed offsets ${commits}`;
  return [...notes, summary, ""].join("\n");
}

function say(process: Pick<Process, "print">, words: string, code: number): number {
  process.print(words);
  return code;
}

function complain(process: Pick<Process, "print">, sentence: string): number {
  process.print(`ottla import: ${sentence}\n`, "stderr");
  return 1;
}
