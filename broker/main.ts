/** The broker process. `deno task broker` starts it by way of launcher.ts, which gives it the permissions that it needs and no others. */
import { consoleLogger, denoPlatform, denoProcess } from "../platform/deno/mod.ts";
import { MemoryDisk } from "../platform/mod.ts";
import { Broker } from "./broker.ts";
import { runCommand } from "./command.ts";

const process = denoProcess();

process.exit(
  await runCommand({
    process,
    disk: denoPlatform().disk,
    platform(settings) {
      const platform = denoPlatform({ logger: consoleLogger(settings.logLevel, process) });
      return settings.dataDirectory === null ? { ...platform, disk: new MemoryDisk() } : platform;
    },
    start: (platform, settings) => Broker.start(platform, settings),
  }),
);
