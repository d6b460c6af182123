import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Disk, DiskError, MemoryDisk, SeededRandom, settle, SimulatedDisk } from "../platform/mod.ts";
import { defaultLogConfig } from "./log_config.ts";
import { LogManager } from "./manager.ts";
import { decodeOffsets } from "./offset_checkpoint.ts";
import { StorageError, StorageStartError } from "./storage_error.ts";
import { readText, writeBytes } from "./text_files.ts";
import { append, contents, openLog, partition, platformOn } from "./testing.ts";

const write = (disk: Disk, path: string, text: string): void => writeBytes(disk, path, new TextEncoder().encode(text));

/** Has syncs of files with that name wait until it is resolved. */
function holdSyncsOf(disk: Disk, name: string): { resolve: () => void } {
  const held = Promise.withResolvers<void>();
  const open = disk.open.bind(disk);
  disk.open = (path, options) => {
    const file = open(path, options);
    return path.endsWith(`/${name}`) ? Object.assign(file, { sync: () => held.promise }) : file;
  };
  return held;
}

const recreated = { ...partition, topicId: "BBBBBBBBBBBBBBBBBBBBBQ" };

describe("a log that is removed", () => {
  it("while it is made durable for a checkpoint is no error", async () => {
    const env = platformOn(new SimulatedDisk(new SeededRandom(1)));
    const { log, manager } = await openLog(env);
    append(log, ["a"]);
    env.clock.advance(60_000);
    await manager.removeLog("orders", 0);
    await env.pending.idle();
    assert.deepEqual(env.logger.events.filter(({ level }) => level === "error" || level === "warn"), []);
    await manager.close();
    assert.deepEqual([...decodeOffsets(readText(env.disk, "/data/recovery-point-offset-checkpoint")!)!], []);
  });
});

describe("a log that is removed while somebody waits until it is durable", () => {
  it("tells who waits, and is no error of the disk", async () => {
    const disk = new MemoryDisk();
    const held = holdSyncsOf(disk, "partition.metadata");
    const env = platformOn(disk);
    const { log, manager } = await openLog(env);
    append(log, ["a"]);
    const waiting = assert.rejects(log.flush(), StorageError);
    await settle();
    await manager.removeLog("orders", 0);
    held.resolve();
    await waiting;
    assert.deepEqual(env.logger.events.filter(({ level }) => level === "error" || level === "warn"), []);
  });
});

describe("a data directory", () => {
  it("says which format it has", async () => {
    const disk = new MemoryDisk();
    const { manager } = await openLog(platformOn(disk));
    assert.equal(readText(disk, "/data/format.json"), '{"writer":"ottla","version":1,"minReader":1}\n');
    await manager.close();
    assert.deepEqual(disk.list("/data"), [".lock", "format.json", "recovery-point-offset-checkpoint"]);
  });

  it("is one process's at a time", async () => {
    const disk = new MemoryDisk();
    const { manager } = await openLog(platformOn(disk));
    await assert.rejects(
      LogManager.open(platformOn(disk), "/data"),
      (error) => error instanceof StorageStartError && /in use/.test(error.message),
    );
    await manager.close();
    await (await LogManager.open(platformOn(disk), "/data")).close();
  });

  it("of a newer format, a damaged one, or of another program is refused and not touched", async () => {
    const formats: Record<string, RegExp> = {
      '{"writer":"ottla","version":2,"minReader":2}': /newer/,
      '{"writer":"ottla","version":1': /damaged/,
      "[]": /damaged/,
      '{"minReader":"1"}': /damaged/,
    };
    for (const [text, message] of Object.entries(formats)) {
      const disk = new MemoryDisk();
      disk.makeDirectory("/data");
      write(disk, "/data/format.json", text);
      await assert.rejects(
        LogManager.open(platformOn(disk), "/data"),
        (error) => error instanceof StorageStartError && message.test(error.message),
      );
      assert.deepEqual(disk.list("/data"), ["format.json"]);
      assert.equal(readText(disk, "/data/format.json"), text);
    }
    const disk = new MemoryDisk();
    disk.makeDirectory("/data");
    write(disk, "/data/thesis.tex", "");
    await assert.rejects(LogManager.open(platformOn(disk), "/data"), /thesis.tex/);
    assert.deepEqual(disk.list("/data"), ["thesis.tex"]);
  });

  it("that Apache Kafka has taken over is refused, is told how it is imported, and is not touched", async () => {
    const disk = new MemoryDisk();
    const { manager } = await openLog(platformOn(disk));
    await manager.close();
    disk.makeDirectory("/data/__cluster_metadata-0");
    write(disk, "/data/__cluster_metadata-0/quorum-state", "{}");
    const names = disk.list("/data");
    await assert.rejects(
      LogManager.open(platformOn(disk), "/data"),
      (error) =>
        error instanceof StorageStartError &&
        /^Apache Kafka has written to \/data: `deno task import \/data` takes its/.test(error.message),
    );
    assert.deepEqual(disk.list("/data"), names);
  });

  it("of a later version that this one can still read is opened", async () => {
    const disk = new MemoryDisk();
    disk.makeDirectory("/data");
    const text = '{"writer":"ottla","version":2,"minReader":1}';
    write(disk, "/data/format.json", text);
    await (await LogManager.open(platformOn(disk), "/data")).close();
    assert.equal(readText(disk, "/data/format.json"), text);
  });

  it("that cannot be read or made is one sentence", async () => {
    for (const operation of ["stat", "makeDirectory", "lock", "open", "append", "sync", "rename", "syncDirectory", "list"] as const) {
      const disk = new SimulatedDisk(new SeededRandom(1));
      disk.failNext(operation, "EIO");
      await assert.rejects(LogManager.open(platformOn(disk), "/data"), StorageStartError, operation);
      await (await LogManager.open(platformOn(disk), "/data")).close();
    }
  });

  it("knows an unclean stop", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const first = await openLog(platformOn(disk));
    assert.equal(first.manager.uncleanStart, false);
    append(first.log, ["a"]);
    const killed = disk.kill();
    const second = await openLog(platformOn(killed));
    assert.equal(second.manager.uncleanStart, true);
    assert.deepEqual(contents(second.log), ["0:a"]);
    await second.manager.close();
    const third = await openLog(platformOn(killed));
    assert.equal(third.manager.uncleanStart, false);
    // The marker is durable before anything can be appended.
    assert.equal((await LogManager.open(platformOn(killed.crash()), "/data")).uncleanStart, true);
  });

  it("stays dirty when a log could not be made durable", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const env = platformOn(disk);
    const { manager, log } = await openLog(env);
    append(log, ["a"]);
    await env.pending.idle();
    disk.failNext("sync", "EIO");
    await assert.rejects(manager.close(), StorageError);
    const again = await openLog(platformOn(disk));
    assert.equal(again.manager.uncleanStart, true);
  });
});

describe("a removed log", () => {
  it("leaves nothing, and a topic of the same name begins anew", async () => {
    const env = platformOn();
    const { manager, log } = await openLog(env);
    append(log, ["old"]);
    const source = log.read(0, 100, { minOneBatch: true, upTo: 1 });
    await manager.removeLog("orders", 0);
    await env.pending.idle();
    assert.deepEqual(env.disk.list("/data"), [".lock", "dirty", "format.json", "recovery-point-offset-checkpoint"]);
    assert.throws(() => source.copyInto(new Uint8Array(100)), StorageError);
    assert.throws(() => append(log, ["late"]), StorageError);
    assert.equal(manager.log("orders", 0), undefined);
    const again = await manager.openLog(recreated, defaultLogConfig);
    assert.equal(append(again, ["new"]).baseOffset, 0);
    assert.deepEqual(contents(again), ["0:new"]);
  });

  it("leaves its name to a topic that is made while it goes", async () => {
    const { manager, log } = await openLog(platformOn());
    append(log, ["old"]);
    const removal = manager.removeLog("orders", 0);
    const again = await manager.openLog(recreated, defaultLogConfig);
    append(again, ["new"]);
    await removal;
    assert.deepEqual(contents(again), ["0:new"]);
  });

  it("while its start moves, twice, leaves no trace of that to who has its name next", async () => {
    const disk = new MemoryDisk();
    const held = holdSyncsOf(disk, "log-start-offset.tmp");
    const { manager, log } = await openLog(platformOn(disk));
    append(log, ["old", "older", "oldest"]);
    const moves = Promise.allSettled([log.deleteRecordsBefore(1), log.deleteRecordsBefore(3)]);
    await settle();
    const successor = (async () => {
      await manager.removeLog("orders", 0);
      return append(await manager.openLog(recreated, defaultLogConfig), ["new"]);
    })();
    await settle();
    held.resolve();
    await successor;
    await moves;
    await manager.close();
    const again = await LogManager.open(platformOn(disk), "/data");
    assert.deepEqual(contents(await again.openLog(recreated, defaultLogConfig)), ["0:new"]);
  });

  it("that cannot be deleted now is deleted at the next start", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const env = platformOn(disk);
    const { manager, log } = await openLog(env);
    append(log, ["old"]);
    await env.pending.idle();
    disk.failNext("remove", "EIO");
    await manager.removeLog("orders", 0);
    await env.pending.idle();
    assert.match(disk.list("/data").join(), /orders-0\.[0-9a-f]{32}-delete/);
    await manager.close();
    await LogManager.open(env, "/data");
    assert.deepEqual(disk.list("/data"), [".lock", "dirty", "format.json", "recovery-point-offset-checkpoint"]);
  });

  it("does not come back after a crash at any moment of the removal", async () => {
    for (let step = 1, removed = false; !removed; step++) {
      for (let seed = 0; seed < 10; seed++) {
        const disk = new SimulatedDisk(new SeededRandom(seed));
        const { manager, log } = await openLog(platformOn(disk));
        append(log, ["old"]);
        await log.flush();
        disk.endAt(disk.operations + step);
        removed = await manager.removeLog("orders", 0).then(() => true, (error) => {
          assert.ok(error instanceof StorageError || error instanceof DiskError);
          return false;
        });
        const next = await LogManager.open(platformOn(disk.crash()), "/data");
        if (!removed) await next.setStraysAside(() => false);
        const again = await next.openLog(recreated, defaultLogConfig);
        assert.equal(again.logEndOffset, 0);
      }
    }
  });

  it("whose name is taken again before it could go does not come back when the power takes away whose it was", async () => {
    for (let seed = 0; seed < 40; seed++) {
      const disk = new SimulatedDisk(new SeededRandom(seed));
      const env = platformOn(disk);
      const { manager, log } = await openLog(env);
      append(log, ["old"]);
      await env.pending.idle();
      disk.fail({ code: "EIO", operations: new Set(["rename"]), from: 0, until: Infinity, written: 0 });
      await assert.rejects(manager.removeLog("orders", 0), StorageError);
      await assert.rejects(manager.openLog(recreated, defaultLogConfig), StorageError);
      const next = await LogManager.open(platformOn(disk.crash()), "/data");
      await next.setStraysAside((_, __, topicId) => topicId === null || topicId === recreated.topicId);
      assert.equal((await next.openLog(recreated, defaultLogConfig)).logEndOffset, 0, `seed ${seed}`);
    }
  });

  it("that could not go then goes when its name is taken again", async () => {
    const disk = new SimulatedDisk(new SeededRandom(1));
    const env = platformOn(disk);
    const { manager, log } = await openLog(env);
    append(log, ["old"]);
    await env.pending.idle();
    disk.failNext("rename", "EIO");
    await assert.rejects(manager.removeLog("orders", 0), StorageError);
    const next = await manager.openLog(recreated, defaultLogConfig);
    assert.equal(append(next, ["new"]).baseOffset, 0);
    assert.deepEqual(contents(next), ["0:new"]);
  });

  it("of another incarnation of the topic is not taken for its successor's", async () => {
    const disk = new MemoryDisk();
    const { manager, log } = await openLog(platformOn(disk));
    append(log, ["old"]);
    await manager.close();
    const next = await LogManager.open(platformOn(disk), "/data");
    await assert.rejects(next.openLog(recreated, defaultLogConfig), /topic id/);
    const asked: unknown[] = [];
    await next.setStraysAside((...names) => {
      asked.push(names);
      return false;
    });
    assert.deepEqual(asked, [["orders", 0, partition.topicId]]);
    const kept = disk.list("/data").filter((name) => /^orders-0\.[0-9a-f]{32}-stray$/.test(name));
    assert.ok(kept.length === 1 && disk.list(`/data/${kept[0]}`).includes("00000000000000000000.log"), "its data is kept");
    assert.equal((await next.openLog(recreated, defaultLogConfig)).logEndOffset, 0);
  });

  it("without a readable partition.metadata is taken for the one asked for", async () => {
    const disk = new MemoryDisk();
    const { manager, log } = await openLog(platformOn(disk));
    append(log, ["a"]);
    await manager.close();
    write(disk, "/data/orders-0/partition.metadata", "");
    const again = await openLog(platformOn(disk));
    assert.deepEqual(contents(again.log), ["0:a"]);
    assert.equal(readText(disk, "/data/orders-0/partition.metadata"), `version: 0\ntopic_id: ${partition.topicId}\ncrc32c: 1ddac617\n`);
  });
});
