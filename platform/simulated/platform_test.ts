import assert from "node:assert/strict";
import { it } from "node:test";
import { simulatedPlatform } from "./platform.ts";

/** Something of everything, with a power cut in the middle. */
async function run(seed: number): Promise<string> {
  let world = simulatedPlatform(seed);
  for (let start = 0; start < 2; start++) {
    const file = world.disk.open("log", { create: true });
    world.timers.schedule(world.random.below(10) + 1, () => file.append(world.random.bytes(16)));
    world.clock.advance(10);
    const listener = world.network.listen({ hostname: "127.0.0.1", port: 9092 });
    const client = await world.network.connect(listener.address);
    await client.write(world.random.bytes(8));
    world.timers.schedule(1, () => file.append(new Uint8Array(1)));
    world = world.restart("power cut");
    world.clock.advance(1);
  }
  return `${world.digest.value} ${world.disk.stat("log")?.size}`;
}

it("does the same for the same seed, over restarts", async () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const first = await run(seed);
    assert.equal(await run(seed), first);
    seen.add(first);
  }
  assert.equal(seen.size, 20);
});

it("remembers what was logged", () => {
  const { logger } = simulatedPlatform(1);
  logger.warn("slow", { ms: 5 });
  assert.deepEqual(logger.events, [{ level: "warn", message: "slow", facts: { ms: 5 } }]);
});

it("refuses to compress when it was given no codecs", () => {
  assert.throws(() => simulatedPlatform(1).compression.zstd.compress(new Uint8Array()), /assertion/);
});
