import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryDisk } from "../platform/mod.ts";
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
    const same = group.sync();
    append(1);
    const later = [group.sync(), group.sync()];
    assert.equal(ends.length, 1);
    ends[0].resolve();
    await Promise.all([first, same]);
    assert.equal(ends.length, 2);
    assert.equal(group.dirty, true);
    ends[1].resolve();
    await Promise.all(later);
    assert.equal(group.dirty, false);
    await group.sync();
    assert.equal(ends.length, 2);
  });

  it("never repeats a failed sync", async () => {
    const { file, ends, append } = heldFile();
    const group = new GroupSync(file, 0);
    append(1);
    const first = group.sync();
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
    group.truncate(2);
    append(2);
    ends[0].resolve();
    await first;
    assert.equal(group.dirty, true);
    const second = group.sync();
    assert.equal(ends.length, 2);
    ends[1].resolve();
    await second;
    assert.equal(group.dirty, false);
  });
});
