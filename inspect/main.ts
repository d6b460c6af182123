/** `deno task inspect`: frames and files of a data directory, decoded. */
import { denoCompression, denoPlatform, denoProcess } from "../platform/deno/mod.ts";
import { runInspect } from "./command.ts";

const process = denoProcess();

process.exit(inspect());

function inspect(): number {
  try {
    return runInspect({ process, disk: denoPlatform().disk, codecs: denoCompression });
  } catch (error) {
    // Whoever reads the output has seen enough of it: `| head`.
    if (error instanceof Error && error.name === "BrokenPipe") return 0;
    throw error;
  }
}
