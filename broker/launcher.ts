/**
 * `deno task broker`: starts the broker with the permissions that it needs and no others, hands signals and its exit code on, and never leaves it
 * behind. When this process ends, however it ends, the broker's standard input ends; when `npx`, `npm` or `deno task` above it die, it notices.
 */
import { denoProcess, descriptorLimit, onHangUp, readTextFile, realPath, spawnDeno, watchStarters } from "../platform/deno/child.ts";
import { helpText, parseCommandLine } from "./config/command_line.ts";
import { ConfigError } from "./config/row.ts";
import { launchArguments, type Program } from "./launch_arguments.ts";
import { KAFKA_VERSION, VERSION } from "./version.ts";

const process = denoProcess();
const program: Program = { main: pathOf("./main.ts"), config: pathOf("../deno.json"), protocol: pathOf("../protocol") };

process.exit(await launch());

async function launch(): Promise<number> {
  let args: string[];
  let exitWithStdin: boolean;
  try {
    const command = parseCommandLine(process.args);
    if (command.kind === "help") return print(helpText());
    if (command.kind === "version") return print(`ottla ${VERSION} (Kafka ${KAFKA_VERSION})\n`);
    const configText = command.configFile === null ? null : readTextFile(command.configFile);
    args = launchArguments(command, process.args, configText, program, { descriptors: descriptorLimit(), realPath });
    exitWithStdin = command.exitWithStdin;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.print(`ottla: ${error.message}\n`, "stderr");
    return 1;
  }
  const broker = spawnDeno(args);
  process.onSignal(["SIGINT", "SIGTERM"], () => broker.stop());
  onHangUp(() => broker.stop());
  watchStarters(() => broker.stop());
  if (exitWithStdin) process.stdinEnded().then(() => broker.stop());
  return await broker.exitCode;
}

function print(text: string): number {
  process.print(text);
  return 0;
}

function pathOf(relative: string): string {
  // A file URL's path keeps its percent signs; on Windows a slash stands before the drive.
  return decodeURIComponent(new URL(relative, import.meta.url).pathname).replace(/^\/([A-Za-z]:\/)/, "$1");
}
