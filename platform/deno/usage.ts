import type { Usage } from "../usage.ts";

export function denoUsage(): Usage {
  const { rss, heapUsed } = Deno.memoryUsage();
  return { startTimeMs: performance.timeOrigin, residentBytes: rss, heapBytes: heapUsed };
}
