import assert from "node:assert/strict";
import { type Disk, MemoryDisk } from "../../platform/mod.ts";
import { ZERO_UUID } from "../../protocol/mod.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { FindCoordinator } from "../../protocol/generated/10_find_coordinator.ts";
import { OffsetCommit } from "../../protocol/generated/08_offset_commit.ts";
import { HEADER_BYTES, RecordBatch } from "../../protocol/records/mod.ts";
import { metadataReader } from "../../broker/offline/metadata_reader.ts";
import { batchOf, produceTo } from "../../broker/testing/requests.ts";
import { BrokerWorld } from "../../broker/testing/world.ts";
import { checksumText, type KnownLog, type Log, LogManager } from "../../storage/mod.ts";
import { settleThrough } from "../../platform/mod.ts";
import { appendVerified, markerBatch } from "../../storage/testing/markers.ts";

export const ROOT = "data";
export const GROUPS = ["first", "second", "third"];
export const TOPICS: Readonly<Record<string, number>> = { plain: 2, transactional: 1, compacted: 1, trimmed: 1 };

export const OPTIONS = {
  durability: "power" as const,
  dataDir: ROOT,
  topics: {
    plain: { partitions: 2 },
    transactional: {},
    compacted: { configs: { "cleanup.policy": "compact" } },
    trimmed: { configs: { "retention.ms": "-1" } },
  },
  properties: { "offsets.topic.num.partitions": 2, "log.index.interval.bytes": 300, "log.cleaner.enable": false },
};

/** The files of a data directory, by path. */
export type Image = ReadonlyMap<string, Uint8Array>;

/**
 * A data directory with all that can stand in one: several leader epochs, segments, idempotent producers, transactions of every fate, gaps as compaction leaves
 * them, a start that DeleteRecords moved, committed offsets. `clean`: how it was left.
 */
export async function makeImage(clean: boolean): Promise<Image> {
  const world = await BrokerWorld.start(1, OPTIONS);
  await produce(world, "before");
  await world.restart("kill");
  await produce(world, "after");
  await commit(world);
  await settle(world, world.broker.close());
  const { disk } = world.platform;
  const manager = await LogManager.open(world.platform, ROOT, { cleanerEnabled: false });
  const reader = metadataReader(world.platform.compression);
  const metadata = await manager.openLog(reader.log.id, reader.log.config);
  const topics = reader.read(metadata.batchesFrom(0));
  for (const known of topics) await grow(manager, known);
  await manager.close();
  await compact(disk);
  // Whatever was lost with the files of the compacted log is made again.
  const again = await LogManager.open(world.platform, ROOT, { cleanerEnabled: false });
  for (const { id, config } of [reader.log, ...topics]) await again.openLog(id, config);
  await (clean ? again.close() : again.abandon());
  // The cleaner is not run: gaps are made by hand.
  const cleaned = "compacted 0 5";
  const lines = ["0", "2", `#crc32c 0 ${parseInt(checksumText(cleaned), 16)}`, cleaned];
  writeFile(disk, `${ROOT}/cleaner-offset-checkpoint`, new TextEncoder().encode(lines.join("\n") + "\n"));
  return readImage(disk);
}

async function settle<T>(world: BrokerWorld, outcome: Promise<T>): Promise<T> {
  let settled = false;
  const marked = outcome.finally(() => settled = true);
  marked.catch(() => undefined);
  for (let turn = 0; turn < 50 && !settled; turn++) await settleThrough(world.platform.clock, 1);
  return await marked;
}

async function produce(world: BrokerWorld, word: string): Promise<void> {
  const client = await world.connect();
  for (const [topic, partitions] of Object.entries(TOPICS)) {
    for (let partition = 0; partition < partitions; partition++) {
      for (let i = 0; i < 4; i++) {
        await settle(
          world,
          client.call(Produce, 9, produceTo(topic, partition, batchOf([`${word} ${i}`, "x".repeat(i * 30)], {}, 5_000 + i))),
        );
      }
    }
  }
}

async function commit(world: BrokerWorld): Promise<void> {
  const client = await world.connect();
  await settle(world, client.call(FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: [...GROUPS] }));
  for (const [index, groupId] of GROUPS.entries()) {
    for (let committedOffset = 1; committedOffset < 4; committedOffset++) {
      const partitions = [{
        partitionIndex: 0,
        committedOffset: committedOffset + index,
        committedLeaderEpoch: -1,
        committedMetadata: groupId,
      }];
      const topics = [{ name: "plain", topicId: ZERO_UUID, partitions }];
      const member = { groupId, generationIdOrMemberEpoch: -1, memberId: "", groupInstanceId: null, retentionTimeMs: -1 };
      const answer = await settle(world, client.call(OffsetCommit, 9, { ...member, topics }));
      assert.equal(answer.topics[0].partitions[0].errorCode, 0);
    }
  }
}

/** Small segments, which no topic may have, and what clients cannot write. */
async function grow(manager: LogManager, { id, config }: KnownLog): Promise<void> {
  if (!(id.topic in TOPICS)) return;
  const log = await manager.openLog(id, { ...config, compact: false, segmentBytes: 1500, indexIntervalBytes: 300 });
  const append = (records: Uint8Array): void => void appendVerified(log, records, 1);
  const producer = { producerId: 7, producerEpoch: 0 };
  for (let i = 0, baseSequence = 0; i < 25; i++) {
    const values = Array.from({ length: 1 + i % 3 }, (_, n) => `${id.topic}-${id.partition} ${i}.${n} ${"v".repeat(i * 13 % 50)}`);
    append(batchOf(values, i % 2 === 0 ? { ...producer, baseSequence } : {}, 10_000 + i * 7 % 40));
    if (i % 2 === 0) baseSequence += values.length;
    if (id.topic === "transactional") transact(append, i);
  }
  await log.flush();
  if (id.topic === "trimmed") await trim(log);
  await log.checkpoint();
}

/** Producers 20 to 22 have a transaction each, which overlap; the last one's stays open. */
function transact(append: (records: Uint8Array) => void, i: number): void {
  const producerId = 20 + i % 3;
  const producer = { producerId, producerEpoch: Math.floor(i / 9), baseSequence: 0, isTransactional: true };
  if (i % 9 < 3) append(batchOf([`t ${i} a`, `t ${i} b`], producer, 11_000 + i));
  else if (i % 9 < 6 && i < 20) append(markerBatch(producerId, Math.floor(i / 9), i % 2 === 0 ? "ABORT" : "COMMIT", 11_000 + i));
}

async function trim(log: Log): Promise<void> {
  await log.deleteRecordsBefore(Math.floor(log.logEndOffset / 2) + 1);
}

/** Drops batches out of the oldest segments of the compacted log, and the files that told of them. */
async function compact(disk: Disk): Promise<void> {
  const directory = `${ROOT}/compacted-0`;
  const logs = disk.list(directory).filter((name) => name.endsWith(".log"));
  for (const name of logs.slice(0, -1)) {
    const bytes = readFile(disk, `${directory}/${name}`);
    const kept: number[] = [];
    for (let position = 0, index = 0; position + HEADER_BYTES <= bytes.length; index++) {
      const { sizeInBytes } = new RecordBatch(bytes, position);
      // The last one stays: without it the next segment would not follow.
      if (index % 3 !== 1 || position + sizeInBytes === bytes.length) kept.push(...bytes.subarray(position, position + sizeInBytes));
      position += sizeInBytes;
    }
    writeFile(disk, `${directory}/${name}`, Uint8Array.from(kept));
  }
  for (const name of disk.list(directory)) if (/\.(ottla|index|timeindex|snapshot)$/.test(name)) await disk.remove(`${directory}/${name}`);
}

export function readImage(disk: Disk): Image {
  const image = new Map<string, Uint8Array>();
  for (const name of disk.list(ROOT)) {
    if (disk.stat(`${ROOT}/${name}`)!.kind === "file") image.set(`${ROOT}/${name}`, readFile(disk, `${ROOT}/${name}`));
    else {for (const inner of disk.list(`${ROOT}/${name}`)) {
        image.set(`${ROOT}/${name}/${inner}`, readFile(disk, `${ROOT}/${name}/${inner}`));
      }}
  }
  return image;
}

export function writeImage<D extends Disk>(disk: D, image: Image): D {
  for (const [path, bytes] of image) {
    disk.makeDirectory(path.slice(0, path.lastIndexOf("/")));
    writeFile(disk, path, bytes);
  }
  return disk;
}

export function diskOf(image: Image): MemoryDisk {
  return writeImage(new MemoryDisk(), image);
}

function readFile(disk: Disk, path: string): Uint8Array {
  const file = disk.open(path, { readOnly: true });
  const bytes = new Uint8Array(file.size);
  file.read(bytes, 0);
  file.close();
  return bytes;
}

function writeFile(disk: Disk, path: string, bytes: Uint8Array): void {
  const file = disk.open(path, { create: true });
  if (file.size > 0) file.truncate(0);
  if (bytes.length > 0) file.append(bytes);
  file.close();
}
