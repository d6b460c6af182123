import assert from "node:assert/strict";
import { it } from "node:test";
import { type DiskFile, SeededRandom, SimulatedDisk } from "../platform/mod.ts";
import { defaultLogConfig, LogManager } from "./mod.ts";
import { append, partition, platformOn } from "./testing.ts";

/** A disk that knows how many descriptors its users have, those that a real one needs to sync a directory among them. */
class CountedDisk extends SimulatedDisk {
  most = 0;
  #open = 0;

  override open(path: string, options?: { create?: boolean; readOnly?: boolean }): DiskFile {
    const file = super.open(path, options);
    this.#count(1);
    const close = file.close.bind(file);
    file.close = () => {
      this.#count(-1);
      close();
    };
    return file;
  }

  override async syncDirectory(path: string): Promise<void> {
    this.#count(1);
    await super.syncDirectory(path).finally(() => this.#count(-1));
  }

  #count(change: number): void {
    this.#open += change;
    this.most = Math.max(this.most, this.#open);
  }
}

it("two hundred partitions that are written, synced and closed at the same time make do with a few descriptors", async () => {
  const disk = new CountedDisk(new SeededRandom(1));
  const manager = await LogManager.open(platformOn(disk), "/data", { visibleWhenDurable: true, maxOpenFiles: 64 });
  const logs = [];
  for (let i = 0; i < 200; i++) {
    logs.push(await manager.openLog({ ...partition, partition: i }, { ...defaultLogConfig, segmentBytes: 300 }));
  }
  for (let round = 0; round < 3; round++) {
    await Promise.all(logs.map((log) => {
      append(log, ["a value of some length, so that segments are rolled"]);
      return log.flush();
    }));
  }
  assert.ok(logs.every(({ highWatermark, segmentCount }) => highWatermark === 3 && segmentCount > 1));
  await Promise.all(logs.map((log) => log.deleteRecordsBefore(2)));
  await manager.close();
  // One more syncs the names in the data directory, for all of them.
  assert.ok(disk.most > 8 && disk.most <= 64 + 1, `${disk.most} descriptors`);
});
