import { apiByName, type ResponseOf } from "../protocol/inspect/mod.ts";

/** What to inspect, and how to show it. */
export interface InspectCommand {
  /** A file, or hexadecimal digits. */
  readonly operands: readonly string[];
  /** What the frames answer; null for requests. */
  readonly responseOf: ResponseOf | null;
  /** As text rather than JSON. */
  readonly text: boolean;
  /** Long values whole. */
  readonly full: boolean;
  /** The topic of a segment whose directory does not tell. */
  readonly topic: string | undefined;
  /** Of a segment: the first offset of interest. */
  readonly from: number;
  /** Of a segment: batches at most. */
  readonly max: number;
}

/** A command line that is wrong, in one sentence. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
}

type Draft = { -readonly [Key in keyof Omit<InspectCommand, "operands">]: InspectCommand[Key] };

interface Flag {
  /** What stands for the value in the help; null: the flag takes none. */
  readonly value: string | null;
  readonly help: string;
  readonly apply: (draft: Draft, value: string) => void;
}

const flags: Readonly<Record<string, Flag>> = {
  "--response-of": {
    value: "API:VERSION",
    help: "the frames are responses, for example of Fetch:12",
    apply: (draft, value) => draft.responseOf = parseApi(value),
  },
  "--text": { value: null, help: "a line a field, not JSON", apply: (draft) => draft.text = true },
  "--full": { value: null, help: "show long values whole", apply: (draft) => draft.full = true },
  "--from": {
    value: "OFFSET",
    help: "of a segment: begin with the batch that holds this offset",
    apply: (draft, value) => draft.from = wholeNumber("--from", value),
  },
  "--max": { value: "BATCHES", help: "of a segment: show so many", apply: (draft, value) => draft.max = wholeNumber("--max", value) },
  "--topic": {
    value: "NAME",
    help: "of a segment: its topic, if its directory does not tell",
    apply: (draft, value) => draft.topic = value,
  },
};

/** Reads arguments. Throws {@link ArgumentError}. */
export function parseArguments(args: readonly string[]): InspectCommand | "help" {
  if (args.includes("--help") || args.includes("-h")) return "help";
  const draft: Draft = { responseOf: null, text: false, full: false, topic: undefined, from: 0, max: Infinity };
  const operands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const [, name, joined] = /^([^=]*)(?:=([^]*))?$/.exec(args[i])!;
    if (!name.startsWith("--")) {
      operands.push(args[i]);
      continue;
    }
    if (!Object.hasOwn(flags, name)) throw new ArgumentError(`there is no option ${name}; --help lists them`);
    const flag = flags[name];
    const value = flag.value === null ? "" : joined ?? args[++i];
    if (value === undefined) throw new ArgumentError(`${name} needs a value: ${name} ${flag.value}`);
    flag.apply(draft, value);
  }
  if (operands.length === 0) throw new ArgumentError("nothing to inspect: give a file, or a frame in hexadecimal; --help tells more");
  return { operands, ...draft };
}

/** What `--help` prints. */
export function helpText(): string {
  const lines = Object.entries(flags).map(([name, { value, help }]) => {
    return `  ${(value === null ? name : `${name} ${value}`).padEnd(26)} ${help}`;
  });
  return [
    "ottla inspect <hex | file>: what the bytes say, with names and places",
    "",
    "  A frame: a request, or a response with --response-of. Digits, a dump, or a binary file, with its length or without; a file may hold many.",
    "  A file of a data directory: .log, .index, .timeindex, .txnindex, .snapshot, .ottla, a checkpoint, partition.metadata.",
    "",
    ...lines,
    "",
  ].join("\n");
}

function parseApi(text: string): ResponseOf {
  const [, name, number] = /^(\w+):v?(\d+)$/.exec(text) ?? [];
  if (name === undefined) throw new ArgumentError(`--response-of ${text}: it must be an API and a version, such as Fetch:12`);
  const api = apiByName(name);
  if (api === undefined) throw new ArgumentError(`--response-of ${text}: there is no API ${name}`);
  const version = Number(number);
  const { from, to } = api.response.versions;
  if (version < from || version > to) throw new ArgumentError(`--response-of ${text}: ${api.spec.name} has the versions ${from} to ${to}`);
  return { apiKey: api.spec.key, version };
}

function wholeNumber(name: string, value: string): number {
  const number = /^\d{1,16}$/.test(value) ? Number(value) : NaN;
  if (!Number.isSafeInteger(number)) throw new ArgumentError(`${name} ${value}: it must be a whole number`);
  return number;
}
