import assert from "node:assert/strict";
import { asDumped, complaints, dump, dumpedRecords, dumpRecords, segmentFiles, unlistedEntries } from "../dump_log.ts";
import { binaryRecords, FIRST_TIMESTAMP, type RecordLine } from "../records.ts";
import type { Context, Scenario } from "../scenario.ts";
import { JavaTools, type ToolRun } from "../tools.ts";

const TOPIC = "log-files";
/** Its log starts at offset 7. */
const TRIMMED = "log-files-trimmed";

const isTopic = (partition: string): boolean => !partition.startsWith("__");

export const logFilesReadByKafka: Scenario = {
  name: "DumpLogSegments finds every file sound and every record as it was written",
  ownBroker: true,
  async run(context: Context): Promise<void> {
    const { target } = context;
    if (target.dataDir === null) throw new Error("no data directory to look into");
    const dir = target.dataDir;
    if (context.written.size === 0) await writeSomething(context);
    await trimSomething(context);
    await target.stop();
    const tools = new JavaTools();
    try {
      const logs = segmentFiles(dir, ".log", isTopic);
      const run = await dumpRecords(tools, logs);
      assertSound(run, logs);
      for (const [topic, lines] of context.written) assertHolds(run, topic, lines);
      await checkIndexes(tools, dir);
      await checkProducers(tools, dir, context.written);
      await checkDirectory(tools, dir);
      await checkInternal(tools, dir, context.written);
    } finally {
      await tools.close();
      await target.start();
    }
  },
};

async function writeSomething({ kafkajs, written }: Context): Promise<void> {
  await kafkajs.createTopic(TOPIC, 1, { "segment.bytes": "1048576", "index.interval.bytes": "512" });
  const records = binaryRecords(3_000, 1, FIRST_TIMESTAMP, 9);
  const lines: RecordLine[] = [];
  for (let from = 0; from < records.length; from += 100) lines.push(...await kafkajs.send(TOPIC, records.slice(from, from + 100), "gzip"));
  written.set(TOPIC, lines);
}

async function trimSomething({ kafkajs }: Context): Promise<void> {
  await kafkajs.createTopic(TRIMMED, 1);
  await kafkajs.send(TRIMMED, binaryRecords(20, 1, FIRST_TIMESTAMP, 10), "none");
  await kafkajs.call("deleteRecords", { scope: "s", topic: TRIMMED, before: 7 });
}

async function checkIndexes(tools: JavaTools, dir: string): Promise<void> {
  const indexes = [...segmentFiles(dir, ".index"), ...segmentFiles(dir, ".timeindex")];
  assert.ok(indexes.length > 0, "there are index files");
  const listed = await dump(tools, indexes);
  assertSound(listed, indexes);
  assert.deepEqual(unlistedEntries(listed, indexes), []);
  assertSound(await dump(tools, indexes, "--verify-index-only"), indexes);
  // An empty time index of a segment that was never rolled or closed is refused by the sanity check of Kafka's own files too.
  assertSound(await dump(tools, indexes, "--index-sanity-check"), indexes);
}

async function checkProducers(tools: JavaTools, dir: string, written: Context["written"]): Promise<void> {
  const snapshots = segmentFiles(dir, ".snapshot");
  assert.ok(snapshots.length > 0, "there are producer snapshots");
  const listed = await dump(tools, snapshots);
  assertSound(listed, snapshots);
  // Where this scenario had to write by itself, nobody was idempotent.
  if (written.has(TOPIC)) return;
  assert.match(
    listed.stdout,
    /^producerId: \d+ producerEpoch: 0 .* lastSequence: \d+ lastOffset: \d+ /m,
    "of some producer",
  );
}

/** The classes that Kafka's broker reads what stands beside logs with find in it what its text says, and nothing wrong. */
async function checkDirectory(tools: JavaTools, dir: string): Promise<void> {
  const text = (path: string): string => Deno.readTextFileSync(`${dir}/${path}`);
  const expected = [`meta.properties ${/^cluster\.id=(.+)$/m.exec(text("meta.properties"))![1]} 1`];
  for (const name of ["recovery-point-offset-checkpoint", "cleaner-offset-checkpoint", "log-start-offset-checkpoint"]) {
    const names = [...Deno.readDirSync(dir)].map((entry) => entry.name);
    const lines = names.includes(name) ? [...text(name).matchAll(/^(\S+) (\d+) (\d+)$/gm)] : [];
    expected.push(...lines.map(([, topic, partition, offset]) => `${name} ${topic}-${partition} ${offset}`));
  }
  const epochs = segmentFiles(dir, "leader-epoch-checkpoint");
  for (const path of segmentFiles(dir, "partition.metadata")) {
    const [partition] = path.split("/").slice(-2);
    expected.push(`${partition} ${/^topic_id: (\S+)$/m.exec(Deno.readTextFileSync(path))![1]}`);
    const file = `${dir}/${partition}/leader-epoch-checkpoint`;
    const entries = epochs.includes(file) ? [...Deno.readTextFileSync(file).matchAll(/^(\d+) (\d+)$/gm)] : [];
    expected.push(...entries.map(([, epoch, startOffset]) => `${partition} epoch ${epoch} ${startOffset}`));
  }
  assert.ok(epochs.length > 0 && expected.some((line) => line.startsWith("recovery-point-")), "there are such files");
  assert.ok(expected.includes(`log-start-offset-checkpoint ${TRIMMED}-0 7`), "where logs start is told");
  const run = await tools.run("compat.DirectoryFiles", [dir]);
  assert.deepEqual([run.exit, run.stderr.replaceAll(/^SLF4J:.*\n/gm, "")], [0, ""]);
  assert.deepEqual(run.stdout.trimEnd().split("\n").sort(), expected.sort());
}

async function checkInternal(tools: JavaTools, dir: string, written: Context["written"]): Promise<void> {
  const metadata = segmentFiles(dir, ".log", (partition) => partition === "__cluster_metadata-0");
  const metadataRun = await dump(tools, metadata, "--deep-iteration", "--cluster-metadata-decoder");
  assertSound(metadataRun, metadata);
  for (const topic of written.keys()) {
    assert.ok(
      metadataRun.stdout.includes(`{"type":"TOPIC_RECORD","version":0,"data":{"name":"${topic}"`),
      `the metadata log knows ${topic}`,
    );
  }
  const transactions = segmentFiles(dir, ".log", (partition) => partition.startsWith("__transaction_state-"));
  if (transactions.length > 0) {
    const run = await dump(tools, transactions, "--deep-iteration", "--transaction-log-decoder");
    assertSound(run, transactions);
    assert.match(run.stdout, /key: \{"type":"0","data":\{"transactionalId":"[^"]*"\}\} payload: \{"version":"1","data":\{"producerId":\d/);
  }
  const offsets = segmentFiles(dir, ".log", (partition) => partition.startsWith("__consumer_offsets-"));
  if (offsets.length === 0) return;
  const offsetsRun = await dump(tools, offsets, "--deep-iteration", "--offsets-decoder");
  assertSound(offsetsRun, offsets);
  if (written.has("survives-kill")) {
    assert.match(
      offsetsRun.stdout,
      /key: \{"type":"1","data":\{"group":"goes-on","topic":"survives-kill","partition":0\}\} payload: \{"version":"\d"/,
    );
    assert.match(
      offsetsRun.stdout,
      /key: \{"type":"2","data":\{"group":"goes-on"\}\} payload: \{"version":"\d","data":\{"protocolType":"consumer"/,
    );
  }
}

function assertSound(run: ToolRun, files: readonly string[]): void {
  assert.deepEqual(complaints(run, files).slice(0, 10), []);
}

function assertHolds(run: ToolRun, topic: string, lines: readonly RecordLine[]): void {
  const perPartition = Map.groupBy(lines, (line) => line.split("\t", 1)[0]);
  const files = [...dumpedRecords(run)];
  for (const [partition, expected] of perPartition) {
    const dumped = files.filter(([file]) => file.split("/").at(-2) === `${topic}-${partition}`).flatMap(([, records]) => records);
    const ordered = expected.map(asDumped).sort((a, b) => a.offset - b.offset);
    assert.equal(dumped.length, ordered.length, `records in the files of ${topic}-${partition}`);
    for (const [i, record] of ordered.entries()) assert.deepEqual(dumped[i], record, `${topic}-${partition}`);
  }
}
