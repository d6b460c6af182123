/** `deno task inspect`: frames and files of the data directory, decoded. */
import { denoCompression, denoPlatform, denoProcess } from "../platform/deno/mod.ts";
import { runInspect } from "./command.ts";

const process = denoProcess();

process.exit(runInspect({ process, disk: denoPlatform().disk, codecs: denoCompression }));
