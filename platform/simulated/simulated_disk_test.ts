import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DiskError } from "../disk.ts";
import { Digest } from "./digest.ts";
import { SeededRandom } from "./random.ts";
import { SimulatedDisk } from "./simulated_disk.ts";

/** What stands at `path`, as text, or null. */
function text(disk: SimulatedDisk, path: string): string | null {
  if (disk.stat(path) === null) return null;
  const file = disk.open(path, { readOnly: true });
  const bytes = new Uint8Array(file.size);
  file.read(bytes, 0);
  return new TextDecoder().decode(bytes);
}

function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

/** What power cuts with 200 different seeds leave of what `act` did. */
async function outcomes<T>(act: (disk: SimulatedDisk) => Promise<void> | void, look: (disk: SimulatedDisk) => T): Promise<Set<T>> {
  const seen = new Set<T>();
  for (let seed = 0; seed < 200; seed++) {
    const disk = new SimulatedDisk(new SeededRandom(seed));
    await act(disk);
    seen.add(look(disk.crash()));
  }
  return seen;
}

describe("a power cut", () => {
  it("never takes what was synced, and leaves any part of what was not", async () => {
    const seen = await outcomes(async (disk) => {
      const file = disk.open("a", { create: true });
      await disk.syncDirectory("");
      file.append(bytes("12"));
      await file.sync();
      file.append(bytes("34"));
      file.append(bytes("56"));
    }, (disk) => text(disk, "a"));
    assert.deepEqual([...seen].filter((content) => !content?.startsWith("12")), []);
    for (const content of ["12", "123", "1234", "12345", "123456", "12\0\x0056"]) {
      assert.ok(seen.has(content), `never left ${JSON.stringify(content)}`);
    }
  });

  it("undoes overwrites and cuts that were not synced", async () => {
    const seen = await outcomes(async (disk) => {
      const file = disk.open("a", { create: true });
      await disk.syncDirectory("");
      file.append(bytes("abc"));
      await file.sync();
      file.overwrite(bytes("X"), 1);
      file.truncate(2);
    }, (disk) => text(disk, "a"));
    assert.deepEqual([...seen].sort(), ["aX", "aXc", "ab", "abc"]);
  });

  it("may lose a name whose directory was not synced, and never one that was", async () => {
    const seen = await outcomes(async (disk) => {
      const kept = disk.open("kept", { create: true });
      kept.append(bytes("1"));
      await kept.sync();
      await disk.syncDirectory("");
      const lost = disk.open("perhaps", { create: true });
      lost.append(bytes("1"));
      await lost.sync();
    }, (disk) => disk.list("").join());
    assert.deepEqual([...seen].sort(), ["kept", "kept,perhaps"]);
  });

  it("leaves a rename done or not done, and the old content with the old name", async () => {
    const act = (sync: boolean) => async (disk: SimulatedDisk): Promise<void> => {
      for (const [name, content] of [["a", "old"], ["a.tmp", "new"]]) {
        const file = disk.open(name, { create: true });
        file.append(bytes(content));
        await file.sync();
      }
      await disk.syncDirectory("");
      disk.rename("a.tmp", "a");
      if (sync) await disk.syncDirectory("");
    };
    assert.deepEqual([...await outcomes(act(false), (disk) => `${disk.list("")}=${text(disk, "a")}`)].sort(), ["a,a.tmp=old", "a=new"]);
    assert.deepEqual([...await outcomes(act(true), (disk) => `${disk.list("")}=${text(disk, "a")}`)], ["a=new"]);
  });

  it("keeps a rename between directories whole when one of them was synced", async () => {
    const seen = await outcomes(async (disk) => {
      disk.makeDirectory("x");
      disk.makeDirectory("y");
      await disk.syncDirectory("");
      disk.open("x/f", { create: true });
      disk.rename("x/f", "y/f");
      await disk.syncDirectory("y");
    }, (disk) => `${disk.list("x")}|${disk.list("y")}`);
    assert.deepEqual([...seen], ["|f"]);
  });

  it("ends the old disk", () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const file = disk.open("a", { create: true });
    const after = disk.crash();
    assert.throws(() => file.append(bytes("1")), DiskError);
    assert.throws(() => disk.list(""), DiskError);
    after.list("");
  });
});

it("keeps everything written and no lock when only the process is killed", () => {
  const disk = new SimulatedDisk(new SeededRandom(1));
  disk.open("a", { create: true }).append(bytes("1"));
  assert.ok(disk.lock("lock") !== null);
  const after = disk.kill();
  assert.equal(text(after, "a"), "1");
  assert.ok(after.lock("lock") !== null);
  assert.ok([null, "", "1"].includes(text(after.crash(), "a")), "still not synced");
});

it("fails the operation it was told to, once, after a short write", () => {
  const disk = new SimulatedDisk(new SeededRandom(1));
  const file = disk.open("a", { create: true });
  disk.failNext("append", "ENOSPC", 2);
  assert.throws(() => file.append(bytes("12345")), (error) => error instanceof DiskError && error.code === "ENOSPC");
  assert.equal(text(disk, "a"), "12");
  file.append(bytes("3"));
  assert.equal(text(disk, "a"), "123");
});

it("drops what a failed sync should have saved, though it can still be read and a later sync succeeds", async () => {
  const seen = await outcomes(async (disk) => {
    const file = disk.open("a", { create: true });
    await disk.syncDirectory("");
    file.append(bytes("1"));
    disk.failNext("sync", "EIO");
    await assert.rejects(file.sync(), DiskError);
    assert.equal(text(disk, "a"), "1");
    file.append(bytes("2"));
    await file.sync();
  }, (disk) => text(disk, "a"));
  assert.deepEqual([...seen], ["\x002"]);
});

it("covers only what was written before the sync began", async () => {
  const seen = await outcomes(async (disk) => {
    const file = disk.open("a", { create: true });
    await disk.syncDirectory("");
    file.append(bytes("1"));
    const first = file.sync();
    file.append(bytes("2"));
    const second = file.sync();
    file.append(bytes("3"));
    await Promise.all([first, second]);
  }, (disk) => text(disk, "a"));
  assert.deepEqual([...seen].sort(), ["12", "123"]);
});

it("can end before any operation", async () => {
  const act = async (disk: SimulatedDisk): Promise<void> => {
    const file = disk.open("a", { create: true });
    file.append(bytes("1"));
    await file.sync();
    await disk.syncDirectory("");
  };
  const whole = new SimulatedDisk(new SeededRandom(1));
  await act(whole);
  assert.equal(whole.operations, 4);
  for (let end = 1; end <= 4; end++) {
    const disk = new SimulatedDisk(new SeededRandom(1));
    disk.endAt(end);
    await assert.rejects(act(disk), DiskError);
    assert.equal(disk.operations, end);
  }
});

it("fingerprints the order and content of operations", () => {
  const fingerprint = (content: string): string => {
    const digest = new Digest();
    new SimulatedDisk(new SeededRandom(1), digest).open("a", { create: true }).append(bytes(content));
    return digest.value;
  };
  assert.equal(fingerprint("1"), fingerprint("1"));
  assert.notEqual(fingerprint("1"), fingerprint("2"));
});
