import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryDisk, settleThrough, simulatedPlatform } from "../../platform/mod.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { LogManager, readText, replaceText } from "../../storage/mod.ts";
import { batchOf, produceTo } from "../testing/requests.ts";
import { BrokerWorld } from "../testing/world.ts";
import { runFsck } from "./fsck.ts";
import { metadataReader } from "./metadata_reader.ts";

const LOG = "data/orders-0/00000000000000000000.log";

/** A broker that has been closed, or killed, after three batches in `orders-0`. */
async function used(how: "closed" | "killed" = "closed"): Promise<BrokerWorld> {
  const world = await BrokerWorld.start(1, { durability: "process", topics: { orders: { partitions: 2 } } });
  const client = await world.connect();
  for (const value of ["a", "b", "c"]) {
    const answer = client.call(Produce, 9, produceTo("orders", 0, batchOf([value])));
    await settleThrough(world.platform.clock, 1);
    await answer;
  }
  if (how === "closed") await world.broker.close();
  else world.platform = world.platform.restart("kill");
  return world;
}

async function fsck(world: BrokerWorld, ...args: string[]): Promise<{ code: number; out: string; err: string; gaveUp: boolean }> {
  let [out, err, gaveUp] = ["", "", false];
  const print = (text: string, to?: "stdout" | "stderr"): void => void (to === "stderr" ? err += text : out += text);
  const code = await runFsck({ process: { args, print }, platform: world.platform, giveUpWriting: () => void (gaveUp = true) });
  return { code, out, err, gaveUp };
}

function flip({ platform }: BrokerWorld, path: string, position: number): void {
  const file = platform.disk.open(path);
  const byte = new Uint8Array(1);
  file.read(byte, position);
  file.overwrite(Uint8Array.of(byte[0] ^ 4), position);
  file.close();
}

describe("fsck", () => {
  it("finds nothing in a directory that was closed, and gives up writing before it looks", async () => {
    const { code, out, gaveUp } = await fsck(await used(), "data");
    assert.deepEqual([code, gaveUp], [0, true]);
    assert.equal(out, "2 partitions checked, nothing was found\n");
    const alone = await BrokerWorld.start(1, { durability: "process" });
    await alone.broker.close();
    assert.equal((await fsck(alone, "data")).out, "1 partition checked, nothing was found\n");
  });

  it("says that a directory was not closed, which is no fault", async () => {
    const { code, out } = await fsck(await used("killed"), "data");
    assert.equal(code, 0, out);
    assert.match(out, /^The directory was not closed by whoever used it/);
  });

  it("tells what is wrong with a batch: where, which offsets are lost, what a repair does", async () => {
    const world = await used();
    const { size } = world.platform.disk.stat(LOG)!;
    flip(world, LOG, size / 3 + 30);
    const { code, out } = await fsck(world, "data");
    assert.equal(code, 1);
    const sentence = `${LOG}, byte ${size / 3}: ${size / 3} bytes are damaged (a wrong checksum): the offsets 1 to 1 cannot be read.`;
    assert.ok(out.startsWith(sentence), out);
    assert.match(out, /\(Repair: they stay where they are, /);
  });

  it("finds a wrong base offset, which no checksum covers, under a checkpoint", async () => {
    const world = await used();
    const { size } = world.platform.disk.stat(LOG)!;
    flip(world, LOG, size / 3 + 7);
    const { code, out } = await fsck(world, "--json", "data");
    assert.equal(code, 1);
    const [finding, summary] = out.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual([finding.path, finding.position], [LOG, size / 3]);
    assert.deepEqual(summary, { logs: 2, findings: 1, notes: [], repaired: false });
  });

  it("repairs caches when it is told to, and then finds nothing", async () => {
    const world = await used();
    for (const name of ["00000000000000000000.ottla", "00000000000000000000.timeindex", "leader-epoch-checkpoint"]) {
      flip(world, `data/orders-0/${name}`, 3);
    }
    const epochs = readText(world.platform.disk, "data/orders-1/leader-epoch-checkpoint");
    const { code, out, gaveUp } = await fsck(world, "--repair", "data");
    assert.deepEqual([code, gaveUp, epochs], [0, false, null], out);
    assert.match(out, /findings\nafter the repair: 2 partitions checked, nothing was found\n$/);
    assert.equal(world.platform.disk.stat("data/dirty"), null);
  });

  it("finds where Apache Kafka would be told another start than the log has, and has that written anew", async () => {
    const world = await used();
    const manager = await LogManager.open(world.platform, "data", { cleanerEnabled: false });
    const { log: { id, config }, read } = metadataReader(world.platform.compression);
    const metadata = await manager.openLog(id, config);
    for (const known of read(metadata.batchesFrom(0))) await manager.openLog(known.id, known.config);
    await manager.log("orders", 0)!.deleteRecordsBefore(2);
    await manager.close();
    const { disk } = world.platform;
    const name = "log-start-offset-checkpoint";
    const right = readText(disk, `data/${name}`)!;
    assert.equal((await fsck(world, "data")).code, 0);
    const files: Record<string, RegExp> = {
      "0\n1\norders 0 3\n": /lets Apache Kafka start orders-0 at offset 3, its log starts at 2\. \(Repair: it is written anew/,
      "0\n0\n": /lets Apache Kafka start orders-0 at offset 0, its log starts at 2\./,
      "0\n": /The file is damaged: Apache Kafka would not know where logs start\./,
    };
    for (const [text, finding] of Object.entries(files)) {
      await replaceText(disk, "data", name, text);
      assert.match((await fsck(world, "data")).out, finding);
      assert.equal((await fsck(world, "--repair", "data")).code, 0);
      assert.equal(readText(disk, `data/${name}`), right);
    }
    // After a crash it may be of a minute before, never of one to come.
    await replaceText(disk, "data", "dirty", "");
    await disk.remove(`data/${name}`);
    assert.equal((await fsck(world, "data")).code, 0);
    await replaceText(disk, "data", name, "0\n1\norders 0 3\n");
    assert.match((await fsck(world, "data")).out, /at offset 3, its log starts at 2\./);
    assert.equal((await fsck(world, "--repair", "data")).code, 0);
  });

  it("cuts off what is no batch behind the last one when it is told to, and keeps the bytes", async () => {
    const world = await used();
    const log = world.platform.disk.open(LOG);
    const { size } = log;
    log.append(new Uint8Array(100));
    log.close();
    assert.match(
      (await fsck(world, "data")).out,
      /Behind the last batch stand 100 bytes that are none\. \(Repair: they are cut off, and kept in /,
    );
    assert.equal((await fsck(world, "--repair", "data")).code, 0);
    assert.equal(world.platform.disk.stat(LOG)!.size, size);
    assert.equal(world.platform.disk.stat(`${LOG}.${size}.torn`)!.size, 100);
  });

  it("leaves a directory that was not closed as one that was not: the next start must raise leader epochs", async () => {
    const world = await used("killed");
    const log = world.platform.disk.open(LOG);
    log.append(new Uint8Array(100));
    log.close();
    assert.equal((await fsck(world, "--repair", "data")).code, 0);
    assert.notEqual(world.platform.disk.stat("data/dirty"), null);
  });

  it("knows directories that no topic has", async () => {
    const world = await used();
    world.platform.disk.makeDirectory("data/strange-0");
    world.platform.disk.makeDirectory(`data/old-0.${"0".repeat(32)}-delete`);
    world.platform.disk.makeDirectory(`data/old-0.${"0".repeat(32)}-stray`);
    const { out } = await fsck(world, "data");
    assert.match(out, /strange-0: No topic has this partition\./);
    assert.match(out, /-delete: The partition was deleted, and its files are not all gone\./);
    assert.match(out, /-stray was put aside, as no topic had it\.\n2 partitions checked, 2 findings\n$/);
  });

  it("refuses what it cannot check, with exit code 2 and one sentence", async () => {
    const world = await used();
    const manager = await LogManager.open(world.platform, "data");
    assert.deepEqual(await fsck(world, "data"), {
      code: 2,
      out: "",
      err: "ottla fsck: The data directory data is in use by another process.\n",
      gaveUp: true,
    });
    await manager.close();
    assert.match((await fsck(world, "nowhere")).err, /^ottla fsck: nowhere is no data directory\.\n$/);
    assert.match((await fsck(world)).err, /^ottla fsck: give one directory/);
    assert.match((await fsck(world, "--fix", "data")).err, /^ottla fsck: there is no option --fix/);
    const empty = { ...simulatedPlatform(1), disk: new MemoryDisk() };
    empty.disk.makeDirectory("data");
    assert.equal(await runFsck({ process: { args: ["data"], print: () => {} }, platform: empty, giveUpWriting: () => {} }), 2);
  });
});
