import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DiskError, MemoryDisk, settle } from "../platform/mod.ts";
import { GroupSync } from "./group_sync.ts";

/** A file whose syncs end when the test says so. */
function heldFile() {
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const file = new MemoryDisk().open("/f", { create: true });
  file.sync = () => new Promise<void>((resolve, reject) => ends.push({ resolve, reject }));
  return { file, ends, append: (length: number) => file.append(new Uint8Array(length)) };
}

describe("group commit", () => {
  it("has one sync under way and one for all who came meanwhile", async () => {
    const { file, ends, append } = heldFile();
    const group = new GroupSync(file, 0);
    append(1);
    const first = group.sync();
    await settle();
    append(1);
    const later = [group.sync(), group.sync()];
    await settle();
    assert.equal(ends.length, 1);
    ends[0].resolve();
    await first;
    await settle();
    assert.equal(ends.length, 2);
    assert.equal(group.dirty, true);
    ends[1].resolve();
    await Promise.all(later);
    assert.equal(group.dirty, false);
    await group.sync();
    assert.equal(ends.length, 2);
  });

  it("begins behind what others append before the event loop turns", async () => {
    const { file, ends, append } = heldFile();
    const group = new GroupSync(file, 0);
    const asked = [1, 2, 3].map(async () => {
      await null;
      append(1);
      await group.sync();
    });
    await settle();
    assert.equal(ends.length, 1);
    ends[0].resolve();
    await Promise.all(asked);
    assert.equal(group.dirty, false);
  });

  it("is idle when all who have asked are served", async () => {
    const { file, ends, append } = heldFile();
    const group = new GroupSync(file, 0);
    let isIdle = false;
    append(1);
    const asked = [group.sync()];
    const idle = group.idle().then(() => isIdle = true);
    await settle();
    append(1);
    asked.push(group.sync());
    ends[0].resolve();
    await settle();
    assert.equal(isIdle, false);
    ends[1].resolve();
    await Promise.all([...asked, idle]);
    assert.equal(group.dirty, false);
  });

  it("never repeats a failed sync", async () => {
    const { file, ends, append } = heldFile();
    const group = new GroupSync(file, 0);
    append(1);
    const first = group.sync();
    await settle();
    append(1);
    const later = group.sync();
    ends[0].reject(new Error("gone"));
    await assert.rejects(first, /gone/);
    await assert.rejects(later, /gone/);
    await assert.rejects(group.sync(), /gone/);
    assert.equal(ends.length, 1);
  });

  it("syncs a file again that was cut, even if it has its old length", async () => {
    const { file, ends, append } = heldFile();
    const group = new GroupSync(file, 0);
    append(4);
    const first = group.sync();
    await settle();
    group.truncate(2);
    append(2);
    ends[0].resolve();
    await first;
    assert.equal(group.dirty, true);
    const second = group.sync();
    await settle();
    assert.equal(ends.length, 2);
    ends[1].resolve();
    await second;
    assert.equal(group.dirty, false);
  });

  it("still has to sync a cut after a sync that could not begin", async () => {
    const { file, ends, append } = heldFile();
    const group = new GroupSync(file, 4);
    append(4);
    group.truncate(2);
    const first = group.sync();
    await settle();
    ends[0].reject(new DiskError("EMFILE", "open", "/f"));
    await assert.rejects(first, /EMFILE/);
    assert.equal(group.dirty, true);
  });
});
