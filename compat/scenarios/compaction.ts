import assert from "node:assert/strict";
import { compactBeside } from "../compaction/beside.ts";
import { compareCompactions } from "../compaction/compare.ts";
import { complaints, dump, dumpRecords, unlistedEntries, withoutGaps } from "../dump_log.ts";
import { runJava } from "../java.ts";
import { KafkaTarget } from "../kafka.ts";
import { OttlaTarget } from "../ottla.ts";
import type { Context, Scenario } from "../scenario.ts";
import { JavaTools } from "../tools.ts";

const RUNS = 100;
/** So many logs are shown to DumpLogSegments. */
const DUMPED = 20;

/** The same logs compacted by Ottla and by the cleaner in Kafka's jars; no broker takes part. */
export const compactionIsKafkas: Scenario = {
  name: "compaction leaves the records that Kafka's cleaner leaves",
  onlyOttla: true,
  async run({ runs = RUNS, seed, temp }: Context): Promise<void> {
    const { records, kept, differences, ours } = await compareCompactions(seed, runs, temp);
    assert.deepEqual(differences, []);
    assert.ok(kept > 0 && kept < records / 2, `${kept} of ${records} records are left`);
    const tools = new JavaTools();
    try {
      for (const directory of ours.slice(0, DUMPED)) await checkFiles(tools, directory);
    } finally {
      await tools.close();
    }
    console.log(`     seeds from ${seed} on: ${runs} logs, of ${records} records ${kept} are left, the same on both sides`);
  },
};

/** Topics in the suite's run. */
const TOPICS = 8;
const DILIGENT = [
  ...["log.cleaner.backoff.ms=100", "log.retention.check.interval.ms=100", "log.flush.offset.checkpoint.interval.ms=100"],
  "log.cleaner.dedupe.buffer.size=4194304",
];

/** The same topics, written by clients to both brokers and compacted there. */
export const compactedBesideKafka: Scenario = {
  name: "topics compacted by the brokers of Ottla and of Apache Kafka hold the same",
  onlyOttla: true,
  async run({ runs = TOPICS, seed, temp }: Context): Promise<void> {
    const ottla = new OttlaTarget(temp, DILIGENT.flatMap((property) => ["--set", property]));
    // Where it is slow, Kafka must not take itself for dead: leaders would change.
    const kafka = new KafkaTarget(temp, undefined, [...DILIGENT, "broker.session.timeout.ms=120000"]);
    await Promise.all([ottla.start(), kafka.start()]);
    const { differences, written, left, empty, markers, horizons } = await compactBeside(ottla, kafka, seed, runs)
      .finally(() => Promise.all([ottla.stop(), kafka.stop()]));
    assert.deepEqual(differences, []);
    assert.ok(left < written / 2 && empty > 0 && markers > 0 && horizons > 0, `${left} of ${written}, ${empty}, ${markers}, ${horizons}`);
    const what = `${left} records are left, ${empty} batches without one, ${markers} markers, ${horizons} delete horizons`;
    console.log(`     seeds from ${seed} on: ${runs} topics, of ${written} offsets ${what}, the same on both sides`);
  },
};

const TESTER = "org.apache.kafka.tools.LogCompactionTester";
/** Small segments that are compacted soon: the tester changes nothing but `cleanup.policy`. */
const PROPERTIES = ["log.segment.bytes=1048576", "log.cleaner.backoff.ms=100", "log.cleaner.min.cleanable.ratio=0.01"];
const MESSAGES = 100_000;
/** Seconds in which the broker has to have compacted most of it (the help of the tool says milliseconds). */
const PATIENCE_S = 15;

/** What has been produced and what is consumed after compaction have the same newest values. */
export const compactionTesterPasses: Scenario = {
  name: "Kafka's LogCompactionTester finds nothing wrong",
  ownBroker: true,
  // It waits most of its 40 seconds.
  long: true,
  async run({ target: { name }, temp }: Context): Promise<void> {
    const target = name === "kafka"
      ? new KafkaTarget(temp, undefined, PROPERTIES)
      : new OttlaTarget(temp, PROPERTIES.flatMap((property) => ["--set", property]));
    await target.start();
    let output: string;
    try {
      output = await runJava(TESTER, [
        ...["--bootstrap-server", target.bootstrap, "--messages", String(MESSAGES), "--sleep", String(PATIENCE_S)],
        ...["--topics", "3", "--duplicates", "10", "--percent-deletes", "20", "--compression-type", "lz4"],
      ]);
    } finally {
      await target.stop();
    }
    assert.match(output, /Validated (\d+) values, 0 mismatches\.[^]*Data verification is completed/);
    const [, reduction] = /\((-?[\d.]+)% reduction\)/.exec(output) ?? [];
    assert.ok(Number(reduction) > 50, `${reduction}% less than was produced`);
    console.log(`     ${/^\d+ rows of data produced.*$/m.exec(output)?.[0]}`);
    if (name === "kafka") return;
    const tools = new JavaTools();
    try {
      for (const { name: partition } of Deno.readDirSync(target.dataDir)) {
        if (partition.startsWith("log-cleaner-test")) await checkFiles(tools, `${target.dataDir}/${partition}`);
      }
    } finally {
      await tools.close();
    }
  },
};

async function checkFiles(tools: JavaTools, directory: string): Promise<void> {
  const files = [...Deno.readDirSync(directory)].map(({ name }) => `${directory}/${name}`).sort();
  const [logs, indexes, transactions] = [/\.log$/, /\.(time)?index$/, /\.txnindex$/].map((kind) => files.filter((file) => kind.test(file)));
  assert.deepEqual(complaints(withoutGaps(await dumpRecords(tools, logs)), logs), []);
  const listed = await dump(tools, indexes);
  assert.deepEqual([...complaints(listed, indexes), ...unlistedEntries(listed, indexes)], []);
  assert.deepEqual(complaints(await dump(tools, indexes, "--index-sanity-check"), indexes), []);
  if (transactions.length > 0) assert.deepEqual(complaints(await dump(tools, transactions), transactions), []);
}
