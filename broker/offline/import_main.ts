/** `deno task import`: topics that Apache Kafka has written. */
import { denoPlatform, denoProcess } from "../../platform/deno/mod.ts";
import { runImport } from "./import_command.ts";

const process = denoProcess();

process.exit(await runImport({ process, platform: denoPlatform() }));
