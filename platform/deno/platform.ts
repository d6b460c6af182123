import type { Logger } from "../logger.ts";
import { Pending } from "../pending.ts";
import type { Platform } from "../platform.ts";
import { denoClock, denoTimers } from "./clock.ts";
import { denoCompression } from "./compression.ts";
import { denoDisk } from "./disk.ts";
import { denoHttp } from "./http.ts";
import { denoNetwork } from "./network.ts";
import { denoRandom } from "./random.ts";
import { denoUsage } from "./usage.ts";

/** The world as Deno gives it. Without a logger nothing is logged. */
export function denoPlatform(options: { logger?: Logger } = {}): Platform {
  const pending = new Pending();
  return {
    clock: denoClock,
    timers: denoTimers,
    random: denoRandom,
    disk: denoDisk(pending),
    network: denoNetwork(pending),
    http: denoHttp,
    compression: denoCompression,
    logger: options.logger ?? silentLogger,
    usage: denoUsage,
    pending,
  };
}

const silentLogger: Logger = { level: "silent", logs: () => false, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
