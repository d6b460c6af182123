import { consoleLogger, denoPlatform, denoProcess } from "../platform/deno/mod.ts";
import { MemoryDisk } from "../platform/mod.ts";
import { Broker } from "./broker.ts";
import type { BrokerOptions } from "./config/options.ts";
import { resolveSettings } from "./config/resolve.ts";

/** Where a broker goes that nobody tells: any free port, and memory. */
const embedded = { port: 0, dataDir: null };

/**
 * Starts a broker in this process. Without options it keeps everything in memory and listens on a loopback port that the system chooses.
 *
 * Throws `ConfigError` for options that are wrong, `NetworkError` when it cannot listen and `StorageStartError` when it cannot have the data directory.
 *
 * ```ts
 * import { startBroker } from "./mod.ts";
 *
 * await using broker = await startBroker({ topics: { orders: { partitions: 3 } } });
 * console.log(broker.bootstrapServers); // 127.0.0.1:49153
 * ```
 */
export function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const { settings } = resolveSettings(options, {}, embedded);
  const platform = denoPlatform({ logger: consoleLogger(settings.logLevel, denoProcess()) });
  return Broker.start(settings.dataDirectory === null ? { ...platform, disk: new MemoryDisk() } : platform, settings);
}
