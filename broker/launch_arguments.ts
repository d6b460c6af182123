import type { CommandLine } from "./config/command_line.ts";
import { commandLineDefaults } from "./config/command_line.ts";
import { findPlaces, hostPort } from "./config/places.ts";
import { parseProperties } from "./config/properties.ts";
import { ConfigError, type ConfigValues } from "./config/row.ts";

/** Where the broker's code is. */
export interface Program {
  /** Path of main.ts. */
  readonly main: string;
  /** Path of deno.json. */
  readonly config: string;
  /** Path of `protocol/`, of which some is loaded only when it is needed. */
  readonly protocol: string;
}

/** What the launcher may ask the machine, and the broker may not. */
export interface Machine {
  /** What the system allows (`ulimit -n`), if it tells. */
  readonly descriptors: number | null;
  /** Where a path leads once all links on the way are followed. */
  readonly realPath: (path: string) => string;
}

/**
 * The arguments with which Deno runs the broker: the addresses it listens on, its data directory and its configuration file are all that it may touch, beside its own code.
 * `configText` is the configuration file's text, or null when it cannot be read, which the broker will then say. Throws `ConfigError`.
 */
export function launchArguments(
  command: Extract<CommandLine, { kind: "run" }>,
  args: readonly string[],
  configText: string | null,
  program: Program,
  { descriptors, realPath }: Machine,
): string[] {
  const { listen, http, dataDirectory } = findPlaces(command.options, propertiesOf(command, configText), commandLineDefaults);
  // Deno asks of a new file whether it may be where it really is.
  const data = dataDirectory === null ? [] : [...new Set([dataDirectory, realPath(dataDirectory)])];
  const readable = [...data, ...(command.configFile === null ? [] : [command.configFile]), program.protocol];
  return [
    "run",
    "--no-prompt",
    `--config=${program.config}`,
    `--allow-net=${[...listen, ...(http === null ? [] : [http])].map(hostPort).join(",")}`,
    ...permission("read", readable),
    ...permission("write", data),
    // How large the file system of the data directory is: DescribeLogDirs tells.
    ...(data.length === 0 ? [] : ["--allow-sys=statfs"]),
    program.main,
    ...args.filter((arg) => arg !== "--exit-with-stdin"),
    ...(descriptors === null || command.options.descriptors !== undefined ? [] : [`--descriptors=${descriptors}`]),
    // The pipe to standard input is how the broker learns that the launcher is gone.
    "--exit-with-stdin",
  ];
}

/** The command line wins over the file, as it does in the broker. */
function propertiesOf({ options }: Extract<CommandLine, { kind: "run" }>, configText: string | null): ConfigValues {
  const set = Object.entries(options.properties ?? {}).map(([name, value]) => [name, String(value)]);
  return { ...(configText === null ? {} : parseProperties(configText)), ...Object.fromEntries(set) };
}

function permission(kind: "read" | "write", paths: readonly string[]): string[] {
  const unnameable = paths.find((path) => path.includes(","));
  if (unnameable !== undefined) {
    throw new ConfigError(`${unnameable} has a comma in it: Deno, which has to permit it, would take that for two paths`);
  }
  return paths.length === 0 ? [] : [`--allow-${kind}=${paths.join(",")}`];
}
