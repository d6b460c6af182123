import { OverlayDisk } from "../platform/mod.ts";
import type { StorageEnvironment } from "./environment.ts";
import { FileCache } from "./file_cache.ts";
import { type LoadedLog, loadLog } from "./loader.ts";
import type { LastStop } from "./log_scan.ts";
import type { LogConfig } from "./log_config.ts";
import { LogSegments } from "./log_segments.ts";
import type { RecordBatch } from "../protocol/records/mod.ts";

/** Files that are open at a time. */
const OPEN_FILES = 16;

const silent: StorageEnvironment["logger"] = {
  level: "silent",
  logs: () => false,
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
};

/** Opens the log in a directory of `overlay`, which keeps what that writes to itself, for as long as `visit` runs. Throws `DiskError` and `StorageError`. */
export async function visitLog<T>(
  env: StorageEnvironment,
  overlay: OverlayDisk,
  directory: string,
  config: LogConfig,
  lastStop: LastStop,
  visit: (loaded: LoadedLog) => T,
): Promise<T> {
  const loaded = await loadLog({ ...env, disk: overlay, logger: silent }, new FileCache(overlay, OPEN_FILES), directory, config, lastStop);
  try {
    return visit(loaded);
  } finally {
    for (const segment of loaded.segments) await segment.close();
  }
}

/**
 * The batches of a log that somebody else has, of which nothing is changed: all of them, in order, as views that the next step overwrites, for as long as
 * `visit` runs. Throws `DiskError`, and `StorageError` where there is damage.
 */
export async function readLog<T>(
  env: StorageEnvironment,
  directory: string,
  config: LogConfig,
  visit: (batches: Iterable<RecordBatch>) => T,
): Promise<T> {
  const lastStop = { unclean: false, recoveryPoint: 0 };
  return await visitLog(env, new OverlayDisk(env.disk), directory, config, lastStop, ({ segments, epochs }) => {
    return visit(new LogSegments(segments, epochs, env).batchesFrom(segments.at(0)?.baseOffset ?? 0));
  });
}
