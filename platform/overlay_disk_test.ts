import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DiskError, MemoryDisk, OverlayDisk, SeededRandom } from "./mod.ts";
import type { Disk } from "./mod.ts";

const PATHS = ["d/a", "d/b", "d/c"];

function contents(disk: Disk): (string | null)[] {
  return PATHS.map((path) => {
    if (disk.stat(path) === null) return null;
    const file = disk.open(path, { readOnly: true });
    const bytes = new Uint8Array(file.size + 5);
    const length = file.read(bytes, 0);
    file.close();
    return bytes.subarray(0, length).toHex();
  });
}

/** The same change of a random file of each. */
async function change(random: SeededRandom, disks: readonly Disk[]): Promise<void> {
  const path = PATHS[random.below(PATHS.length)];
  const to = PATHS[random.below(PATHS.length)];
  const action = random.below(6);
  const number = random.below(1000);
  for (const disk of disks) {
    if (action === 0) await disk.remove(path);
    else if (action === 1) {
      if (disk.stat(path) !== null && path !== to) disk.rename(path, to);
    } else {
      const file = disk.open(path, { create: true });
      if (action === 2) file.truncate(number % (file.size + 1));
      else if (action === 3 && file.size > 0) file.overwrite(Uint8Array.of(number), number % file.size);
      else file.append(new Uint8Array(number % 10).fill(number));
      file.close();
    }
  }
}

describe("an overlay", () => {
  it("is what the disk below would be, had it been changed; that has not", async () => {
    const random = new SeededRandom(1);
    for (let round = 0; round < 200; round++) {
      const [below, changed] = [new MemoryDisk(), new MemoryDisk()];
      for (const disk of [below, changed]) disk.makeDirectory("d");
      for (let i = 0; i < 4; i++) await change(random, [below, changed]);
      const before = contents(below);
      const overlay = new OverlayDisk(below);
      for (let i = 0; i < 12; i++) {
        await change(random, [overlay, changed]);
        assert.deepEqual([contents(overlay), overlay.list("d")], [contents(changed), changed.list("d")]);
      }
      assert.deepEqual(contents(below), before);
    }
  });

  it("has no file that neither has", () => {
    assert.throws(() => new OverlayDisk(new MemoryDisk()).open("x"), (error) => error instanceof DiskError && error.code === "ENOENT");
  });
});
