/**
 * The one door to the world outside: time, randomness, disk, network, codecs, log. Interfaces, and implementations of which everything is
 * known beforehand; the real ones stand in `platform/deno/mod.ts`.
 */
export { CompressionError } from "./compression.ts";
export { DiskError } from "./disk.ts";
export { NetworkError } from "./network.ts";
export { OverlayDisk } from "./overlay_disk.ts";
export { Pending } from "./pending.ts";
export { ManualClock } from "./simulated/clock.ts";
export { Digest } from "./simulated/digest.ts";
export { recordingLogger } from "./simulated/logger.ts";
export { MemoryDisk } from "./simulated/memory_disk.ts";
export { SimulatedHttp } from "./simulated/http.ts";
export { SimulatedNetwork } from "./simulated/network.ts";
export { simulatedPlatform } from "./simulated/platform.ts";
export { SeededRandom } from "./simulated/random.ts";
export { settle, settleThrough } from "./simulated/settle.ts";
export { SimulatedDisk } from "./simulated/simulated_disk.ts";

export { unhurried } from "./clock.ts";
export type { Clock, Timer, Timers } from "./clock.ts";
export type { Codec, Compression } from "./compression.ts";
export type { Disk, DiskFile, DiskLock, DiskSpace } from "./disk.ts";
export type { HttpListener, HttpRequest, HttpResponse, HttpServer } from "./http.ts";
export { type Facts, LOG_LEVELS, type Logger, type LogLevel } from "./logger.ts";
export type { Address, Connection, Listener, Network } from "./network.ts";
export type { Platform } from "./platform.ts";
export type { Process } from "./process.ts";
export type { Random } from "./random.ts";
export type { LogEvent } from "./simulated/logger.ts";
export type { SimulatedPlatform } from "./simulated/platform.ts";
export type { DiskFault, DiskOperation } from "./simulated/simulated_disk.ts";
export type { Usage } from "./usage.ts";
