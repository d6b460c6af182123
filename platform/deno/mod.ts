/** The real platform, as Deno gives it. Only main files, `startBroker` and tests import it. */
export { denoCompression } from "./compression.ts";
export { consoleLogger } from "./logger.ts";
export { denoPlatform } from "./platform.ts";
export { denoProcess, giveUpWriting } from "./process.ts";
