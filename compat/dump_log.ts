/** Kafka's DumpLogSegments as a judge. It exits 0 whatever it finds, so its words are what counts. */

import type { RecordLine } from "./records.ts";
import { JavaTools, type ToolRun } from "./tools.ts";

const DUMP = "org.apache.kafka.tools.DumpLogSegments";

/** A data record as DumpLogSegments prints it with `compat.HexDecoder`: headers by name only. */
export interface DumpedRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string;
  readonly value: string;
  readonly headerNames: string;
}

/**
 * Paths below `dir` that end in `suffix`, sorted; only of partitions for which `wanted` holds. Of a deleted partition, whose directory
 * Kafka keeps for a while as `….-delete`, the files are nobody's business any more: the tool fails on the empty ones.
 */
export function segmentFiles(dir: string, suffix: string, wanted: (partition: string) => boolean = () => true): string[] {
  return [...Deno.readDirSync(dir)].filter(({ isDirectory, name }) => isDirectory && !name.endsWith("-delete") && wanted(name)).flatMap((
    entry,
  ) =>
    [...Deno.readDirSync(`${dir}/${entry.name}`)].filter((file) => file.name.endsWith(suffix)).map((file) =>
      `${dir}/${entry.name}/${file.name}`
    )
  ).sort();
}

/** Runs DumpLogSegments over `files`. */
export function dump(tools: JavaTools, files: readonly string[], ...flags: readonly string[]): Promise<ToolRun> {
  return tools.run(DUMP, ["--files", files.join(","), ...flags]);
}

/** `--deep-iteration --print-data-log` with keys and values in hex. */
export function dumpRecords(tools: JavaTools, files: readonly string[]): Promise<ToolRun> {
  const hexDecoder = ["--key-decoder-class", "compat.HexDecoder", "--value-decoder-class", "compat.HexDecoder"];
  return dump(tools, files, "--deep-iteration", "--print-data-log", ...hexDecoder);
}

/**
 * What DumpLogSegments complains about, each as one sentence; empty when it found the files sound. `files` must all have been looked at:
 * one that it skipped is a complaint too.
 */
export function complaints(run: ToolRun, files: readonly string[]): string[] {
  const found: string[] = [];
  if (run.exit !== 0) found.push(`exit ${run.exit} at ${run.stdout.match(/Dumping .*/g)?.at(-1) ?? "the start"}`);
  for (const line of withoutFirstOffsets(run.stderr)) {
    if (line !== "" && !line.startsWith("SLF4J:")) found.push(`stderr: ${line}`);
  }
  const lines = run.stdout.split("\n");
  for (const line of lines) {
    if (line.startsWith("| ")) {
      if (/ isvalid: false$| payload: Error|could not be (read|decoded|deserialized)/i.test(line)) found.push(line);
    } else if (isComplaint(line)) found.push(line);
  }
  for (const file of files) {
    if (!lines.includes(`Dumping ${file}`)) found.push(`not looked at: ${file}`);
  }
  return found;
}

const FILES_AT_A_TIME = 100;

/** Throws what DumpLogSegments complains about in the files of all partitions below `dir`, which nobody has open. */
export async function checkAllFiles(dir: string): Promise<void> {
  const tools = new JavaTools();
  try {
    for (const [suffix, ...flags] of [[".log", "--deep-iteration"], [".index"], [".timeindex"], [".snapshot"]]) {
      const files = segmentFiles(dir, suffix);
      while (files.length > 0) {
        const some = files.splice(0, FILES_AT_A_TIME);
        const run = await dump(tools, some, ...flags);
        const found = complaints({ ...run, stderr: withoutCompactedGaps(run.stderr) }, some);
        if (found.length > 0) throw new Error(`DumpLogSegments is not content:\n${found.join("\n")}`);
      }
    }
  } finally {
    await tools.close();
  }
}

/** Of a compacted topic: that offsets are missing is what compaction is about. */
export function withoutGaps(run: ToolRun): ToolRun {
  return { ...run, stderr: run.stderr.replaceAll(/^(Non-consecutive offsets in .*| {2}-?\d+ is followed by \d+)\n/gm, "") };
}

/** Compaction leaves gaps in what coordinators live in, of which the tool tells. */
export function withoutCompactedGaps(stderr: string): string {
  return stderr.replaceAll(
    /^Non-consecutive offsets in .*\/__(consumer_offsets|transaction_state)-\d+\/.*\n( {2}-?\d+ is followed by \d+(\n|$))+/gm,
    "",
  );
}

/** The tool begins to count at -1, so it calls the first offset of every segment but the first non-consecutive; that is no complaint. */
function withoutFirstOffsets(stderr: string): string[] {
  return stderr.replaceAll(/^Non-consecutive offsets in .*\/0*(\d+)\.log\n {2}-1 is followed by \1\n(?! )/gm, "").split("\n");
}

const INDEX_ENTRY_BYTES = { ".index": 8, ".timeindex": 12 } as const;

/** DumpLogSegments stops without a word at the first empty entry of an index: what it printed must be all that the file holds. */
export function unlistedEntries(run: ToolRun, files: readonly string[]): string[] {
  const sections = new Map(run.stdout.split(/^Dumping /m).map((section) => [section.split("\n", 1)[0], section]));
  return files.flatMap((file) => {
    const kind = file.slice(file.lastIndexOf(".")) as keyof typeof INDEX_ENTRY_BYTES;
    const entries = Deno.statSync(file).size / INDEX_ENTRY_BYTES[kind];
    const printed = sections.get(file)?.match(/^(offset: \d+ position|timestamp: -?\d+ offset): \d+$/gm)?.length ?? 0;
    return entries === printed ? [] : [`${file} holds ${entries} entries, DumpLogSegments shows ${printed}`];
  });
}

function isComplaint(line: string): boolean {
  return /isvalid: false|mismatch|invalid bytes|exception|corrupt|out of order|not found|Found timestamp|Index timestamp|Log (offset|timestamp)|indexed offset|unable to|error|failed/i
    .test(line.replace(/^Dumping .*$/, "").replace(/^.*passed sanity check\.$/, ""));
}

/** The data records per file, in the order printed. */
export function dumpedRecords(run: ToolRun): Map<string, DumpedRecord[]> {
  const files = new Map<string, DumpedRecord[]>();
  let records: DumpedRecord[] = [];
  for (const line of run.stdout.split("\n")) {
    const file = line.match(/^Dumping (.*)$/);
    if (file !== null) files.set(file[1], records = []);
    const record = line.match(
      /^\| offset: (\d+) (?:CreateTime|LogAppendTime): (-?\d+) keySize: (-?\d+) valueSize: (-?\d+) sequence: -?\d+ headerKeys: \[(.*?)\](?: key: ([0-9a-f]*))?(?: payload: ([0-9a-f]*))?$/,
    );
    if (record === null) {
      if (line.startsWith("| ")) throw new Error(`a record DumpLogSegments printed cannot be read: ${line}`);
      continue;
    }
    const [, offset, timestamp, keySize, valueSize, headerNames, key = "", value = ""] = record;
    records.push({
      offset: Number(offset),
      timestamp: Number(timestamp),
      key: keySize === "-1" ? "-" : key,
      value: valueSize === "-1" ? "-" : value,
      headerNames,
    });
  }
  return files;
}

/** A consumed line as DumpLogSegments shows it. */
export function asDumped(line: RecordLine): DumpedRecord {
  const [, offset, timestamp, key, value, headers] = line.split("\t");
  const names = headers === ""
    ? []
    : headers.split(",").map((header) => new TextDecoder().decode(Uint8Array.fromHex(header.split(":")[0])));
  return { offset: Number(offset), timestamp: Number(timestamp), key, value, headerNames: names.join(",") };
}
