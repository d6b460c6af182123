import type { Timers } from "../clock.ts";
import type { Codec, Compression } from "../compression.ts";
import type { Logger } from "../logger.ts";
import { Pending } from "../pending.ts";
import type { Platform } from "../platform.ts";
import { ManualClock } from "./clock.ts";
import { Digest } from "./digest.ts";
import { type LogEvent, recordingLogger } from "./logger.ts";
import { SimulatedHttp } from "./http.ts";
import { SimulatedNetwork } from "./network.ts";
import { SeededRandom } from "./random.ts";
import { SimulatedDisk } from "./simulated_disk.ts";

/** A platform of which everything can be seen and moved. */
export interface SimulatedPlatform extends Platform {
  readonly clock: ManualClock;
  readonly random: SeededRandom;
  readonly disk: SimulatedDisk;
  readonly network: SimulatedNetwork;
  readonly http: SimulatedHttp;
  readonly logger: Logger & { readonly events: readonly LogEvent[] };
  /** Fingerprint of all bytes sent and all disk operations so far, also over restarts. */
  readonly digest: Digest;
  /** Ends the program that runs on this platform: its timers die, its connections break. Answers the platform for its next start. */
  restart(how: "power cut" | "kill"): SimulatedPlatform;
}

/** A world that does the same for the same seed. Whoever needs codecs passes them in. */
export function simulatedPlatform(seed: number, compression: Compression = noCompression): SimulatedPlatform {
  const clock = new ManualClock();
  const random = new SeededRandom(seed);
  const digest = new Digest();
  const network = new SimulatedNetwork(clock, digest);
  const disk = new SimulatedDisk(new SeededRandom(random.below(2 ** 32)), digest);
  const usage = () => ({ startTimeMs: 0, residentBytes: 0, heapBytes: 0 });
  return incarnation({ clock, random, digest, network, http: new SimulatedHttp(), disk, compression, logger: recordingLogger(), usage });
}

type Lasting = Omit<SimulatedPlatform, "timers" | "pending" | "restart">;

function incarnation(lasting: Lasting): SimulatedPlatform {
  let alive = true;
  const timers: Timers = {
    schedule: (delayMs, fire) =>
      lasting.clock.schedule(delayMs, () => {
        if (alive) fire();
      }),
    turn: () => lasting.clock.turn(),
  };
  return {
    ...lasting,
    timers,
    pending: new Pending(),
    restart(how) {
      alive = false;
      lasting.network.reset();
      lasting.http.reset();
      return incarnation({ ...lasting, disk: how === "kill" ? lasting.disk.kill() : lasting.disk.crash() });
    },
  };
}

const noCodec: Codec = {
  compress: refuse,
  decompress: refuse,
};

const noCompression: Compression = { gzip: noCodec, snappy: noCodec, lz4: noCodec, zstd: noCodec };

function refuse(): never {
  throw new Error("assertion: this simulated platform was made without codecs");
}
