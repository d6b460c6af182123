import type { DiskSpace } from "../platform/mod.ts";

/** The directory of all logs. Kafka's `log.dirs` may be many. */
export interface LogDirectory {
  /** As `log.dirs` has it: absolute only where that is. */
  readonly path: string;
  /** Of the file system that holds it, or null where the system does not tell. */
  space(): DiskSpace | null;
}
