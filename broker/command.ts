import { type Disk, DiskError, NetworkError, type Platform, type Process } from "../platform/mod.ts";
import { StorageStartError } from "../storage/mod.ts";
import { type CommandLine, commandLineDefaults, helpText, parseCommandLine } from "./config/command_line.ts";
import { readPropertiesFile } from "./config/file.ts";
import { hostPort } from "./config/places.ts";
import { resolveSettings } from "./config/resolve.ts";
import { ConfigError, type ConfigValues } from "./config/row.ts";
import type { BrokerSettings } from "./config/settings.ts";
import { KAFKA_VERSION, VERSION } from "./version.ts";

/** What the command needs of a broker. */
export interface RunningBroker {
  readonly bootstrapServers: string;
  /** `host:port` of metrics and health, or null. */
  readonly httpAddress: string | null;
  close(): Promise<void>;
}

/** What the command is run with. */
export interface CommandWorld {
  readonly process: Process;
  /** Where `--config` is read from. */
  readonly disk: Disk;
  platform(settings: BrokerSettings): Platform;
  start(platform: Platform, settings: BrokerSettings): Promise<RunningBroker>;
}

/**
 * The broker as a command: reads arguments and configuration, starts, says so, and serves until a signal or the end of standard input.
 * Answers the exit code: 0 after an orderly end, 1 with one sentence on standard error.
 */
export async function runCommand(world: CommandWorld): Promise<number> {
  const { process } = world;
  try {
    const command = parseCommandLine(process.args);
    switch (command.kind) {
      case "help":
        process.print(helpText());
        return 0;
      case "version":
        process.print(`ottla ${VERSION} (Kafka ${KAFKA_VERSION})\n`);
        return 0;
      case "run":
        await serve(world, command);
        return 0;
    }
  } catch (error) {
    process.print(`ottla: ${sentence(error)}\n`, "stderr");
    return 1;
  }
}

async function serve(world: CommandWorld, command: Extract<CommandLine, { kind: "run" }>): Promise<void> {
  const { process } = world;
  const file: ConfigValues = command.configFile === null ? {} : readPropertiesFile(world.disk, command.configFile);
  const { settings, notes } = resolveSettings(command.options, file, commandLineDefaults);
  const stopped = untilStopped(process, command.exitWithStdin);
  for (const note of notes) process.print(`ottla: ${note}\n`, "stderr");
  const broker = await start(world, settings);
  process.print(command.json ? readyJson(broker, settings) : readyText(broker, settings));
  await stopped;
  await broker.close();
}

async function start(world: CommandWorld, settings: BrokerSettings): Promise<RunningBroker> {
  try {
    return await world.start(world.platform(settings), settings);
  } catch (error) {
    if (error instanceof NetworkError) throw new ConfigError(listenProblem(error, settings), { cause: error });
    throw error;
  }
}

/** Settles at the first SIGINT or SIGTERM, or when standard input ends if that counts. Later signals change nothing: closing has begun. */
function untilStopped(process: Process, exitWithStdin: boolean): Promise<void> {
  const signal = new Promise<void>((resolve) => process.onSignal(["SIGINT", "SIGTERM"], () => resolve()));
  return exitWithStdin ? Promise.race([signal, process.stdinEnded()]) : signal;
}

function readyText({ bootstrapServers, httpAddress }: RunningBroker, settings: BrokerSettings): string {
  const { dataDirectory, durability } = settings;
  const where = dataDirectory === null ? "in memory: all is gone when it ends" : `data in ${dataDirectory}, durability ${durability}`;
  const http = httpAddress === null ? "" : `Metrics: http://${httpAddress}/metrics, health: http://${httpAddress}/health\n`;
  return `ottla ready on ${bootstrapServers} (${where})\nConnect any Kafka client with bootstrap.servers=${bootstrapServers}; Ctrl-C stops.\n${http}`;
}

function readyJson({ bootstrapServers, httpAddress }: RunningBroker, { dataDirectory, durability }: BrokerSettings): string {
  return JSON.stringify({ bootstrapServers, http: httpAddress, dataDirectory, durability }) + "\n";
}

function listenProblem({ code, message, address: asked }: NetworkError, { nodes, http }: BrokerSettings): string {
  const isHttp = asked !== null && http !== null && asked.port === http.port && asked.hostname === http.hostname;
  const address = hostPort(isHttp ? http : asked ?? nodes[0].listen);
  switch (code) {
    case "EADDRINUSE":
      return `${address} is taken: stop what listens there, or choose another port with ${isHttp ? "--http" : "--port"}`;
    case "EADDRNOTAVAIL":
      return `${address} is no address of this machine`;
    case "EACCES":
      return `${address} may not be listened on: the system or Deno's permissions forbid it`;
    default:
      return `${address} cannot be listened on: ${message}`;
  }
}

function sentence(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StorageStartError || error instanceof DiskError) return error.message;
  // A defect of ours: the stack is what somebody needs to report it.
  return `could not start. ${error instanceof Error ? error.stack : String(error)}`;
}
