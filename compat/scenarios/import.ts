import assert from "node:assert/strict";
import { Driver } from "../drivers/driver.ts";
import { complaints, dump, segmentFiles } from "../dump_log.ts";
import { KafkaTarget } from "../kafka.ts";
import { OttlaTarget } from "../ottla.ts";
import { freePort } from "../target.ts";
import { run, waitUntil } from "../processes.ts";
import { binaryRecords, COMPRESSIONS, FIRST_TIMESTAMP, type TestRecord } from "../records.ts";
import type { Context, Scenario } from "../scenario.ts";
import { JavaTools } from "../tools.ts";

const SEGMENT = { "segment.bytes": "1048576" };
const TOPICS: Readonly<Record<string, Record<string, unknown>>> = {
  codecs: { partitions: COMPRESSIONS.length, config: { ...SEGMENT, "retention.ms": "-1" } },
  transactional: { partitions: 2 },
  compacted: { partitions: 1, config: { ...SEGMENT, "cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0.01" } },
  trimmed: { partitions: 3, config: SEGMENT },
  recreated: { partitions: 1 },
  empty: { partitions: 3 },
};
const GROUPS = ["plain-group", "transactional-group"];
/** Where the partitions of the topic of that name start: within their only segment, at its end, and within their second. */
const TRIMMED = [7, 20, 9];
const ISOLATIONS = ["read_uncommitted", "read_committed"];

export const importedFromKafka: Scenario = {
  name: "what Apache Kafka has written is imported, and reads equal",
  onlyOttla: true,
  async run({ temp }: Context): Promise<void> {
    const kafka = new KafkaTarget(temp, undefined, PROPERTIES);
    await kafka.start();
    const java = await Driver.start("java", kafka.bootstrap);
    await write(java, kafka.dataDir);
    const before = await read(java);
    checkCounts(before);
    await java.close();
    await kafka.stop();
    const files = await digests(kafka.dataDir);
    const ottla = new OttlaTarget(temp);
    const said = await task("import", "--data-dir", ottla.dataDir, kafka.dataDir);
    assert.match(said, /: topics 6, partitions with records 12, offsets \d+, committed offsets 4\n/);
    assert.match(await task("fsck", ottla.dataDir), /nothing was found/);
    assert.deepEqual(await digests(kafka.dataDir), files, "Kafka's files are as they were");
    await assert.rejects(task("import", "--data-dir", ottla.dataDir, kafka.dataDir), /is not imported: .* already/);
    await ottla.start();
    const again = await Driver.start("java", ottla.bootstrap);
    const after = await read(again);
    assertSame(after, before);
    await goesOn(again, before);
    await again.close();
    await ottla.stop();
    await dumpsWell(ottla.dataDir);
  },
};

const PROPERTIES = [
  "log.cleaner.backoff.ms=200",
  "offsets.topic.num.partitions=3",
  "log.cleaner.min.cleanable.ratio=0.01",
  "log.initial.task.delay.ms=100",
  "log.flush.start.offset.checkpoint.interval.ms=100",
];

export const takenOverByKafka: Scenario = {
  name: "Apache Kafka starts on what Ottla has written, and reads equal; what it leaves is imported",
  onlyOttla: true,
  async run({ temp }: Context): Promise<void> {
    const ottla = new OttlaTarget(temp, PROPERTIES.flatMap((property) => ["--set", property]));
    await ottla.start();
    const java = await Driver.start("java", ottla.bootstrap);
    await write(java, ottla.dataDir);
    const before = await read(java);
    checkCounts(before);
    await java.close();
    await ottla.kill9();
    await copyDirectory(ottla.dataDir, `${temp}/killed/kafka-data`);
    await ottla.start();
    await ottla.stop();
    await copyDirectory(ottla.dataDir, `${temp}/stopped/kafka-data`);
    for (const how of ["killed", "stopped"]) await takeOver(`${temp}/${how}`, before);
  },
};

async function copyDirectory(from: string, to: string): Promise<void> {
  await Deno.mkdir(to.slice(0, to.lastIndexOf("/")));
  await run("cp", ["-r", from, to]);
}

/** Starts Kafka on what Ottla has written, which goes on with it; then Ottla imports what that has left. */
async function takeOver(dir: string, before: ReadonlyMap<string, unknown>): Promise<void> {
  const kafka = new KafkaTarget(dir, undefined, PROPERTIES, true, true);
  await kafka.start();
  const java = await Driver.start("java", kafka.bootstrap);
  assertSame(await read(java), before);
  await goesOn(java, before);
  // It knows of the transaction that was open, and so can end it: now all that was committed is seen.
  await java.call("initTransactions", { scope: "s", producer: "open", transactionalId: "open" });
  const committed = await java.call("fetch", { scope: "s", topic: "transactional", from: "earliest", isolation: "read_committed" });
  assert.equal((committed as string[]).length, 24);
  const left = await read(java);
  await java.close();
  await kafka.stop();
  await handBack(dir, kafka.dataDir, left);
}

/** What Kafka has written to is no directory of Ottla's any more: that is said, and what to do. */
async function handBack(dir: string, kafkaDir: string, left: ReadonlyMap<string, unknown>): Promise<void> {
  const files = await digests(kafkaDir);
  for (const args of [["broker", "--port", String(freePort()), "--data-dir", kafkaDir], ["fsck", kafkaDir]]) {
    await assert.rejects(
      task(...args),
      /Apache Kafka has written to .*: `deno task import .*` takes its topics into another data directory\./,
    );
  }
  const ottla = new OttlaTarget(dir);
  await task("import", "--data-dir", ottla.dataDir, kafkaDir);
  assert.match(await task("fsck", ottla.dataDir), /nothing was found/);
  assert.deepEqual(await digests(kafkaDir), files, "Kafka's files are as they were");
  await ottla.start();
  const java = await Driver.start("java", ottla.bootstrap);
  assertSame(await read(java), left);
  await goesOn(java, left);
  await java.close();
  await ottla.stop();
}

function checkCounts(found: ReadonlyMap<string, unknown>): void {
  const counts = (isolation: string) => Object.keys(TOPICS).map((topic) => (found.get(`${topic} ${isolation}`) as string[]).length);
  const [codecs, transactional, compacted, trimmed, recreated, empty] = counts("read_uncommitted");
  assert.deepEqual([codecs, transactional, trimmed, recreated, empty], [COMPRESSIONS.length * 1_500, 50, 16, 5, 0]);
  assert.ok(compacted < 480, `${compacted} of 480 records are left`);
  assert.deepEqual(counts("read_committed"), [codecs, 18, compacted, trimmed, recreated, empty]);
}

function assertSame(after: ReadonlyMap<string, unknown>, before: ReadonlyMap<string, unknown>): void {
  for (const [what, found] of before) {
    const [got, wanted] = [after.get(what), found].map((value) => JSON.stringify(value));
    assert.ok(got === wanted, `${what}: ${got?.slice(0, 500)}, not ${wanted?.slice(0, 500)}`);
  }
}

async function write(java: Driver, dataDir: string): Promise<void> {
  for (const [topic, { partitions, config = {} }] of Object.entries(TOPICS)) {
    await java.call("createTopic", { scope: "s", topic, partitions, config });
  }
  for (const [partition, compression] of COMPRESSIONS.entries()) {
    const records = binaryRecords(1_500, 1, FIRST_TIMESTAMP, partition + 1).map((record) => ({ ...record, partition }));
    for (let from = 0; from < records.length; from += 300) {
      await java.produce("codecs", records.slice(from, from + 300), { scope: "s", compression, idempotent: true, producer: compression });
    }
  }
  await transact(java);
  await compact(java, dataDir);
  await trim(java, dataDir);
  await java.call("join", { scope: "s", member: "m", group: GROUPS[0], topics: ["codecs"] });
  await java.call("poll", { scope: "s", member: "m", count: 10 });
  await java.call("commit", { scope: "s", member: "m", offsets: [["codecs", 0, 100], ["codecs", 3, 7]] });
  await java.call("leave", { scope: "s", member: "m" });
}

/** Three producers: transactions that are committed and aborted in turn, and one that stays open. */
async function transact(java: Driver): Promise<void> {
  for (const producer of ["a", "b", "open"]) {
    await java.call("initTransactions", { scope: "s", producer, transactionalId: producer, transactionTimeoutMs: 600_000 });
  }
  const outcomes = ["commitTransaction", "abortTransaction"];
  for (let i = 0; i < 8; i++) {
    for (const [index, producer] of ["a", "b"].entries()) {
      await java.call("beginTransaction", { scope: "s", producer });
      await java.produce("transactional", values(`${producer} ${i}`, 3, i % 2), { scope: "s", producer });
      if (i > 5) await java.call("sendOffsets", { scope: "s", producer, group: GROUPS[1], offsets: [["codecs", index, 10 + i]] });
      await java.call(outcomes[(i + index) % 2], { scope: "s", producer });
    }
    if (i === 4) {
      await java.call("beginTransaction", { scope: "s", producer: "open" });
      await java.produce("transactional", values("open", 2, 1), { scope: "s", producer: "open" });
    }
  }
}

/** Overwrites the same keys again and again until Kafka has compacted what it may. */
async function compact(java: Driver, dataDir: string): Promise<void> {
  for (let round = 0; round < 12; round++) {
    const records = binaryRecords(40, 1, FIRST_TIMESTAMP + round * 1000, 100 + round).map((record, i) => ({
      ...record,
      key: new TextEncoder().encode(`key ${(i * (round + 1)) % 30}`),
      value: i % 9 === 0 ? null : new Uint8Array(8_000).fill(round),
    }));
    await java.produce("compacted", records, { scope: "s" });
  }
  await waitUntil("Kafka has compacted", 60_000, () => {
    const first = segmentFiles(dataDir, ".log", (partition) => partition === "compacted-0")[0];
    return Deno.statSync(first).size < 500_000;
  }, 200);
}

/** Deletes records, and a topic that begins anew. */
async function trim(java: Driver, dataDir: string): Promise<void> {
  const large = values("trimmed", 12, 2).map((record) => ({ ...record, value: new Uint8Array(200_000) }));
  for (const records of [values("trimmed", 20), values("trimmed", 20, 1), ...large.map((record) => [record])]) {
    await java.produce("trimmed", records, { scope: "s" });
  }
  await java.produce("recreated", values("before", 20), { scope: "s" });
  await java.call("deleteRecords", { scope: "s", topic: "recreated", partition: 0, before: 10 });
  for (const [partition, before] of TRIMMED.entries()) {
    await java.call("deleteRecords", { scope: "s", topic: "trimmed", partition, before });
  }
  const lines = ["recreated 0 10", ...TRIMMED.map((start, partition) => `trimmed ${partition} ${start}`)];
  await waitUntil("where logs start is written", 60_000, () => {
    const written = readIfThere(`${dataDir}/log-start-offset-checkpoint`).split("\n");
    return lines.every((line) => written.includes(line));
  });
  await java.call("deleteTopic", { scope: "s", topic: "recreated" });
  await waitUntil(
    "the topic begins anew",
    60_000,
    () => java.call("createTopic", { scope: "s", topic: "recreated", partitions: 1 }).then(() => true, () => false),
  );
  await java.produce("recreated", values("after", 5), { scope: "s" });
}

function readIfThere(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function values(word: string, count: number, partition = 0): TestRecord[] {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  return Array.from(
    { length: count },
    (_, i) => ({ partition, timestamp: FIRST_TIMESTAMP + i, key: null, value: encode(`${word} ${i}`), headers: [] }),
  );
}

/** All that a Java consumer reads, either way, where logs start and end, what has been configured, and what groups have committed. */
async function read(java: Driver): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  await Promise.all(
    Object.keys(TOPICS).flatMap((topic) =>
      ISOLATIONS.map(async (isolation) => {
        const lines = await java.call("fetch", { scope: "s", topic, from: "earliest", isolation }) as string[];
        found.set(`${topic} ${isolation}`, lines.sort());
      })
    ),
  );
  for (const [topic, { partitions, config = {} }] of Object.entries(TOPICS)) {
    for (let partition = 0; partition < Number(partitions); partition++) {
      for (const at of ["earliest", "latest"]) {
        const { offset } = await java.call("listOffsets", { scope: "s", topic, partition, at }) as { offset: number };
        found.set(`${topic}-${partition} ${at}`, offset);
      }
    }
    const configs = await java.call("describeConfigs", { scope: "s", type: "topic", name: topic }) as Record<string, { value: string }>;
    found.set(`${topic} configs`, Object.keys(config as Record<string, string>).map((name) => `${name}=${configs[name].value}`));
  }
  for (const group of GROUPS) {
    const committed = await java.call("groupOffsets", { scope: "s", group }) as Record<string, unknown>[];
    found.set(group, committed.map(({ topic, partition, offset, leaderEpoch }) => `${topic}-${partition}: ${offset}, ${leaderEpoch}`));
  }
  return found;
}

/** Producers write behind what was imported; transactions that nobody will end keep committed readers where they are. */
async function goesOn(java: Driver, before: ReadonlyMap<string, unknown>): Promise<void> {
  for (const topic of ["codecs", "compacted", "trimmed", "empty"]) {
    const records = values("more", 1).map((record) => ({ ...record, key: new TextEncoder().encode("more") }));
    const [offset] = await java.produce(topic, records, { scope: "s", idempotent: true, producer: "more" });
    const lines = before.get(`${topic} read_uncommitted`) as string[];
    const last = Math.max(-1, ...lines.filter((line) => line.startsWith("0\t")).map((line) => Number(line.split("\t")[1])));
    assert.ok(offset > last, `${topic} goes on at ${offset}, behind ${last}`);
    assert.equal((await java.call("fetch", { scope: "s", topic, partition: 0, from: offset, count: 1 }) as string[]).length, 1);
  }
}

async function dumpsWell(dir: string): Promise<void> {
  const tools = new JavaTools();
  try {
    for (const suffix of [".log", ".index", ".timeindex", ".txnindex", ".snapshot"]) {
      const files = segmentFiles(dir, suffix, (partition) => !partition.startsWith("__"));
      const run = await dump(tools, files, ...(suffix === ".log" ? ["--deep-iteration"] : []));
      // Compaction leaves gaps, which the tool calls by this name.
      const found = complaints(run, files).filter((line) => !/Non-consecutive offsets in .*compacted-0|is followed by/.test(line));
      assert.deepEqual(found, []);
    }
  } finally {
    await tools.close();
  }
}

async function digests(dir: string): Promise<[path: string, digest: string][]> {
  const found: [string, string][] = [];
  for (const entry of Deno.readDirSync(dir)) {
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory) found.push(...await digests(path));
    else found.push([path, new Uint8Array(await crypto.subtle.digest("SHA-256", Deno.readFileSync(path))).toHex()]);
  }
  return found.sort();
}

/** Runs a task of the repository; answers what it says, and rejects with its complaint. */
async function task(...args: readonly string[]): Promise<string> {
  const cwd = new URL("../..", import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: ["task", ...args], cwd }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (code !== 0) throw new Error(`deno task ${args[0]}: exit ${code}\n${out}${err}`);
  return out;
}
