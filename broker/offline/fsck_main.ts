/** `deno task fsck`: is a data directory sound? */
import { denoPlatform, denoProcess, giveUpWriting } from "../../platform/deno/mod.ts";
import { runFsck } from "./fsck.ts";

const process = denoProcess();

process.exit(await runFsck({ process, platform: denoPlatform(), giveUpWriting }));
