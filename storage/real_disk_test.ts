import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { denoPlatform } from "../platform/deno/mod.ts";
import { defaultLogConfig } from "./log_config.ts";
import { LogManager } from "./manager.ts";
import { StorageStartError } from "./storage_error.ts";
import { append, batchOf, contents, partition } from "./testing.ts";

const config = { ...defaultLogConfig, segmentBytes: 500 };
const FEW_FILES = 8;

describe("on a real disk", () => {
  it("a log is written, rolled, flushed, read, opened again and removed", async () => {
    const env = denoPlatform();
    const directory = `.tmp/storage-${Array.from(env.random.bytes(8), (byte) => byte.toString(16)).join("")}`;
    const manager = await LogManager.open(env, directory);
    const log = await manager.openLog(partition, config);
    for (let i = 0; i < 20; i++) append(log, [`${i}`], env.clock.now());
    await log.flush();
    const expected = Array.from({ length: 20 }, (_, i) => `${i}:${i}`);
    assert.deepEqual(contents(log, 150), expected);
    await assert.rejects(LogManager.open(env, directory), StorageStartError);
    await manager.close();

    const again = await LogManager.open(env, directory);
    assert.equal(again.uncleanStart, false);
    const reopened = await again.openLog(partition, config);
    assert.ok(reopened.segmentCount >= Math.floor(20 * batchOf(["x"]).length / 500));
    assert.deepEqual(contents(reopened), expected);
    await again.removeLog(partition.topic, partition.partition);
    await env.pending.idle();
    assert.deepEqual(env.disk.list(directory), [".lock", "dirty", "format.json", "recovery-point-offset-checkpoint"]);
    await again.close();
    await env.disk.remove(directory);
  });

  it("many logs are written, synced at once and read with few descriptors", async () => {
    const env = denoPlatform();
    const directory = `.tmp/storage-${Array.from(env.random.bytes(8), (byte) => byte.toString(16)).join("")}`;
    for (let start = 1; start <= 2; start++) {
      const manager = await LogManager.open(env, directory, { maxOpenFiles: FEW_FILES, visibleWhenDurable: true });
      const logs = [];
      for (let i = 0; i < 5 * FEW_FILES; i++) {
        const log = await manager.openLog({ ...partition, partition: i }, config);
        for (let j = 0; j < 10; j++) append(log, [`${i}`], env.clock.now());
        logs.push(log);
      }
      await Promise.all(logs.map((log) => log.flush()));
      for (const [i, log] of logs.entries()) {
        assert.deepEqual(contents(log).map((record) => record.split(":")[1]), Array.from({ length: 10 * start }, () => `${i}`));
      }
      await manager.close();
    }
    await env.disk.remove(directory);
  });
});
