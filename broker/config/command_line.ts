import { LOG_LEVELS } from "../../platform/mod.ts";
import { nearest } from "./nearest.ts";
import type { BrokerOptions } from "./options.ts";
import type { PlaceDefaults } from "./places.ts";
import { ConfigError, INT_MAX } from "./row.ts";

/** What a command line asks for. */
export type CommandLine =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | {
    readonly kind: "run";
    /** What `startBroker` takes as well. */
    readonly options: BrokerOptions;
    /** A `server.properties` to read. */
    readonly configFile: string | null;
    /** Stop when standard input ends. */
    readonly exitWithStdin: boolean;
    /** Say that the broker is ready in JSON. */
    readonly json: boolean;
  };

/** Where `deno task broker` goes without arguments. */
export const commandLineDefaults: PlaceDefaults = { port: 9092, dataDir: "./ottla-data" };

const durabilities = ["memory", "process", "power"] as const;

interface Draft {
  options: BrokerOptions & { topics: NonNullable<BrokerOptions["topics"]>; properties: NonNullable<BrokerOptions["properties"]> };
  memory: boolean;
  configFile: string | null;
  exitWithStdin: boolean;
  json: boolean;
}

interface Flag {
  /** What stands for the value in the help; null: the flag takes none. */
  readonly value: string | null;
  readonly help: string;
  readonly apply: (draft: Draft, value: string) => void;
}

const flags: Readonly<Record<string, Flag>> = {
  "--host": { value: "ADDRESS", help: "listen on this address (127.0.0.1)", apply: ({ options }, value) => options.host = value },
  "--port": {
    value: "PORT",
    help: "listen on this port; 0: any free one (9092)",
    apply: ({ options }, value) => options.port = wholeNumber("--port", value),
  },
  "--nodes": {
    value: "COUNT",
    help: "show clients a cluster of so many nodes, on ports that follow each other; no replication (1)",
    apply: ({ options }, value) => options.nodes = wholeNumber("--nodes", value, 1, 100),
  },
  "--racks": {
    value: "RACK,...",
    help: "the rack of each node",
    apply: ({ options }, value) => options.racks = value.split(","),
  },
  "--http": {
    value: "HOST:PORT",
    help: "serve /metrics and /health over HTTP here (nowhere)",
    apply: ({ options }, value) => options.http = value,
  },
  "--data-dir": { value: "DIR", help: "keep data here (./ottla-data)", apply: ({ options }, value) => options.dataDir = value },
  "--memory": { value: null, help: "keep data in memory only", apply: (draft) => draft.memory = true },
  "--durability": {
    value: "MODE",
    help: "memory, process (survives kill -9) or power (power cuts too; the default)",
    apply: ({ options }, value) => options.durability = oneOf("--durability", value, durabilities),
  },
  "--config": { value: "FILE", help: "read a Kafka server.properties", apply: (draft, value) => draft.configFile = value },
  "--set": { value: "NAME=VALUE", help: "set one of Kafka's broker properties; may be repeated", apply: setProperty },
  "--create": { value: "TOPIC:PARTITIONS", help: "create a topic unless it exists; may be repeated", apply: createTopic },
  "--insecure": {
    value: null,
    help: "allow an address that other machines can reach",
    apply: ({ options }) => options.insecure = true,
  },
  "--descriptors": {
    value: "COUNT",
    help: "have so many files and sockets open at most (ulimit -n)",
    apply: ({ options }, value) => options.descriptors = wholeNumber("--descriptors", value, 64, INT_MAX),
  },
  "--exit-with-stdin": { value: null, help: "stop when standard input ends", apply: (draft) => draft.exitWithStdin = true },
  "--log-level": {
    value: "LEVEL",
    help: "trace, debug, info, warn, error or silent (info)",
    apply: ({ options }, value) => options.logLevel = oneOf("--log-level", value, LOG_LEVELS),
  },
  "--json": { value: null, help: "say that the broker is ready in one JSON object", apply: (draft) => draft.json = true },
};

/** Reads arguments; `--name value` and `--name=value` are the same. Throws {@link ConfigError} with one sentence about the first wrong one. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  if (args.includes("--help") || args.includes("-h")) return { kind: "help" };
  if (args.includes("--version")) return { kind: "version" };
  const draft: Draft = {
    options: { logLevel: "info", topics: {}, properties: {} },
    memory: false,
    configFile: null,
    exitWithStdin: false,
    json: false,
  };
  for (let i = 0; i < args.length; i++) {
    const [, name, joined] = /^([^=]*)(?:=([^]*))?$/.exec(args[i])!;
    if (!Object.hasOwn(flags, name)) throw unknownArgument(name);
    const flag = flags[name];
    if (flag.value === null) {
      if (joined !== undefined) throw new ConfigError(`${name} takes no value`);
      flag.apply(draft, "");
      continue;
    }
    const value = joined ?? args[++i];
    if (value === undefined) throw new ConfigError(`${name} needs a value: ${name} ${flag.value}`);
    flag.apply(draft, value);
  }
  const { options, memory, ...rest } = draft;
  if (memory && options.durability !== undefined && options.durability !== "memory") {
    throw new ConfigError(`--memory and --durability ${options.durability} contradict each other`);
  }
  return { kind: "run", options: memory ? { ...options, durability: "memory" } : options, ...rest };
}

/** What `--help` prints. */
export function helpText(): string {
  const lines = Object.entries(flags).map(([name, { value, help }]) => {
    return `  ${(value === null ? name : `${name} ${value}`).padEnd(26)} ${help}`;
  });
  const extra = [`  ${"--help".padEnd(26)} print this`, `  ${"--version".padEnd(26)} print the version`];
  return ["ottla: a small broker that speaks Kafka's protocol", "", ...lines, ...extra, ""].join("\n");
}

function unknownArgument(name: string): ConfigError {
  if (!name.startsWith("-")) return new ConfigError(`${name} is no option: options begin with --`);
  return new ConfigError(`There is no option ${name}. Did you mean ${nearest(name, [...Object.keys(flags), "--help", "--version"])}?`);
}

function setProperty({ options }: Draft, value: string): void {
  const at = value.indexOf("=");
  if (at < 1) throw new ConfigError(`--set ${value}: it must be NAME=VALUE`);
  options.properties[value.slice(0, at).trim()] = value.slice(at + 1);
}

function createTopic({ options }: Draft, value: string): void {
  const parts = /^([^:]+)(?::(\d+))?$/.exec(value);
  if (parts === null || parts[2] === "0") throw new ConfigError(`--create ${value}: it must be TOPIC or TOPIC:PARTITIONS`);
  options.topics[parts[1]] = parts[2] === undefined ? {} : { partitions: Number(parts[2]) };
}

function wholeNumber(name: string, value: string, least = 0, most = 65535): number {
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Infinity;
  if (number < least || number > most) throw new ConfigError(`${name} ${value}: it must be a number from ${least} to ${most}`);
  return number;
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new ConfigError(`${name} ${value}: it must be one of ${allowed.join(", ")}`);
  return found;
}
