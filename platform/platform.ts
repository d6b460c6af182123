import type { Clock, Timers } from "./clock.ts";
import type { Compression } from "./compression.ts";
import type { Disk } from "./disk.ts";
import type { Logger } from "./logger.ts";
import type { Network } from "./network.ts";
import type { Pending } from "./pending.ts";
import type { Random } from "./random.ts";

/** Everything the broker may know of the world around it. */
export interface Platform {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly disk: Disk;
  readonly network: Network;
  readonly compression: Compression;
  readonly logger: Logger;
  readonly pending: Pending;
}
