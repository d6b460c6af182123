/** The allow-list of idea 1 in DESIGN: who may reach the outside world, and by what. The lint plugin and the layer check read it. */

/** Everything below these may use the runtime as it likes: they are its door, or never part of the product. */
const freeFolders: readonly string[] = ["platform/", "tools/", "compat/", "bench/"];

/** Single files that may, and why. */
const freeFiles: Readonly<Record<string, string>> = {
  "protocol/generate/main.ts": "reads and writes the generated files; never part of the product",
  "sim/fuzz/allocations.ts": "stands in for constructors to count what they make; never part of the product",
  "sim/long.ts": "reads its arguments and prints; never part of the product",
};

/** The modules of the runtime that tests may import; `node:fs` for test data, which the suite's permissions keep within the repository. */
const testModules: readonly string[] = ["node:test", "node:assert/strict", "node:fs"];

/** Global names that only the door may use, and what to use in their place. */
export const ambientNames: Readonly<Record<string, string>> = {
  setTimeout: "Timers.schedule",
  setInterval: "Timers.schedule",
  setImmediate: "Timers.schedule",
  clearTimeout: "Timer.cancel",
  clearInterval: "Timer.cancel",
  clearImmediate: "Timer.cancel",
  requestAnimationFrame: "Timers.schedule",
  performance: "Clock.monotonic",
  Temporal: "Clock.now",
  crypto: "Random",
  process: "Process",
  Deno: "a part of Platform",
  console: "Logger, or Process.print",
  Buffer: "Uint8Array",
  fetch: "Network",
  WebSocket: "Network",
  EventSource: "Network",
  Worker: "nothing: one process, one event loop",
  MessageChannel: "queueMicrotask",
  BroadcastChannel: "nothing",
  navigator: "nothing",
  localStorage: "Disk",
  sessionStorage: "Disk",
  caches: "Disk",
  alert: "Process.print",
  confirm: "Process",
  prompt: "Process",
  require: "import",
  eval: "code that stands there",
  globalThis: "the name itself",
  global: "the name itself",
  window: "the name itself",
  self: "the name itself",
};

/** Members of otherwise harmless globals; such a global may then only appear with a member behind it, so that nothing hides. */
export const ambientMembers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Date: { now: "Clock.now" },
  Math: { random: "Random.below" },
  AbortSignal: { timeout: "Timers.schedule" },
};

/** Whether the file at `path` (relative to the repository) may use the runtime directly. */
export function isFree(path: string): boolean {
  return path in freeFiles || freeFolders.some((folder) => path.startsWith(folder));
}

/** Whether the file at `path` is a test, or there for tests only. */
export function isTest(path: string): boolean {
  return /_test\.ts$|\/testing\.ts$|\/(testing|testdata)\/|^sim\//.test(path);
}

/** Whether the file at `path` may import `specifier`, a module of the runtime (`node:…`). */
export function mayImportRuntime(path: string, specifier: string): boolean {
  return isFree(path) || (isTest(path) && testModules.includes(specifier));
}
