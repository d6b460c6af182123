import assert from "node:assert/strict";
import { it } from "node:test";
import { SeededRandom, SimulatedDisk } from "../platform/mod.ts";
import { NameSync } from "./name_sync.ts";

it("many who want a directory's names durable share syncs, and nobody one that began before he asked", async () => {
  for (let seed = 0; seed < 50; seed++) {
    const disk = new SimulatedDisk(new SeededRandom(seed));
    disk.makeDirectory("/data");
    await disk.syncDirectory("/");
    const names = new NameSync(disk, "/data");
    const first = names.sync();
    const before = disk.operations;
    const asked = Array.from({ length: 10 }, (_, i) => {
      disk.open(`/data/${i}`, { create: true });
      return names.sync();
    });
    await first;
    await Promise.all(asked);
    assert.equal(disk.operations - before, 10 + 1);
    assert.equal(disk.crash().list("/data").length, 10);
  }
});

it("one that fails is told to those it was for, and the next begins anew", async () => {
  const disk = new SimulatedDisk(new SeededRandom(1));
  const names = new NameSync(disk, "/");
  disk.failNext("syncDirectory", "EIO");
  const first = names.sync();
  const second = names.sync();
  await assert.rejects(first, /EIO/);
  await second;
  await names.sync();
});
