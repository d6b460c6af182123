import type { Clock, Timers } from "./clock.ts";
import type { Compression } from "./compression.ts";
import type { Disk } from "./disk.ts";
import type { HttpServer } from "./http.ts";
import type { Logger } from "./logger.ts";
import type { Network } from "./network.ts";
import type { Pending } from "./pending.ts";
import type { Random } from "./random.ts";
import type { Usage } from "./usage.ts";

/** Everything the broker may know of the world around it. */
export interface Platform {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly disk: Disk;
  readonly network: Network;
  readonly http: HttpServer;
  readonly compression: Compression;
  readonly logger: Logger;
  readonly usage: () => Usage;
  readonly pending: Pending;
}
