/** Every kind of damage turns the check red; the untouched files, written by Apache Kafka, stay green. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { KafkajsClient } from "./clients/kafkajs_client.ts";
import { asDumped, complaints, dump, dumpedRecords, dumpRecords, segmentFiles, unlistedEntries, withoutCompactedGaps } from "./dump_log.ts";
import { prepareJava } from "./java.ts";
import { KafkaTarget } from "./kafka.ts";
import { binaryRecords, FIRST_TIMESTAMP, type RecordLine } from "./records.ts";
import { JavaTools } from "./tools.ts";

const TOPIC = "dumped-0";
let dir: string;
let dataDir: string;
let tools: JavaTools;
let written: RecordLine[];

before(async () => {
  await prepareJava();
  dir = Deno.makeTempDirSync({ prefix: "ottla-dump-" });
  const kafka = new KafkaTarget(dir);
  await kafka.start();
  const kafkajs = await KafkajsClient.start(kafka.bootstrap);
  await kafkajs.createTopic("dumped", 1, { "index.interval.bytes": "200" });
  const records = binaryRecords(60, 1, FIRST_TIMESTAMP, 5);
  written = [];
  for (let from = 0; from < 60; from += 10) {
    written.push(...await kafkajs.send("dumped", records.slice(from, from + 10), from < 30 ? "none" : "gzip"));
  }
  await kafkajs.close();
  await kafka.stop();
  dataDir = kafka.dataDir;
  tools = new JavaTools();
});

after(async () => {
  await tools.close();
  await Deno.remove(dir, { recursive: true });
});

/** A copy of the topic's files with `damage` done to the one that ends in `suffix`; answers the complaints about the three files. */
async function complaintsAfter(
  suffix: string,
  damage: (bytes: Uint8Array, view: DataView) => Uint8Array | void,
  ...flags: string[]
): Promise<string[]> {
  const copy = Deno.makeTempDirSync({ dir });
  Deno.mkdirSync(`${copy}/${TOPIC}`);
  for (const kind of [".log", ".index", ".timeindex"]) {
    const [path] = segmentFiles(dataDir, kind, (partition) => partition === TOPIC);
    let bytes = Deno.readFileSync(path);
    if (kind === suffix) bytes = (damage(bytes, new DataView(bytes.buffer)) as Uint8Array<ArrayBuffer> | undefined) ?? bytes;
    Deno.writeFileSync(`${copy}/${TOPIC}/${path.split("/").at(-1)}`, bytes);
  }
  const files = [".log", ".index", ".timeindex"].filter((kind) => flags.length === 0 || kind !== ".log").flatMap((kind) =>
    segmentFiles(copy, kind)
  );
  if (flags.length > 0) return complaints(await dump(tools, files, ...flags), files);
  const run = await dumpRecords(tools, files);
  return [...complaints(run, files), ...unlistedEntries(run, files.filter((file) => file.endsWith("index")))];
}

const TIME_ENTRY = 12;
const INDEX_ENTRY = 8;

describe("DumpLogSegments as a judge", () => {
  it("finds nothing in sound files", async () => {
    assert.deepEqual(await complaintsAfter(".log", () => {}), []);
    assert.deepEqual(await complaintsAfter(".log", () => {}, "--index-sanity-check"), []);
    assert.deepEqual(await complaintsAfter(".log", () => {}, "--verify-index-only"), []);
  });

  it("reads back what was written", async () => {
    const files = segmentFiles(dataDir, ".log", (partition) => partition === TOPIC);
    assert.deepEqual(dumpedRecords(await dumpRecords(tools, files)).get(files[0]), written.map(asDumped));
  });

  const faults: [string, string, (bytes: Uint8Array, view: DataView) => Uint8Array | void, ...string[]][] = [
    ["a flipped payload byte", ".log", (bytes) => void (bytes[100] ^= 1)],
    ["a flipped byte in a compressed batch", ".log", (bytes) => void (bytes[bytes.length - 20] ^= 1)],
    ["a flipped crc byte", ".log", (bytes) => void (bytes[17] ^= 1)],
    ["a wrong record count", ".log", (_, view) => view.setInt32(57, 9)],
    ["a torn tail", ".log", (bytes) => bytes.subarray(0, bytes.length - 7)],
    ["a header torn off", ".log", (bytes) => Uint8Array.from([...bytes, 0, 0, 0, 0, 0, 0])],
    ["rubbish after the last batch", ".log", (bytes) => Uint8Array.from([...bytes, ...new Uint8Array(100)])],
    ["an index entry with a wrong position", ".index", (_, view) => view.setInt32(4, view.getInt32(4) + 1)],
    ["an index entry with a wrong offset", ".index", (_, view) => view.setInt32(INDEX_ENTRY, view.getInt32(INDEX_ENTRY) + 100)],
    ["an index entry that points behind the end", ".index", (_, view) => view.setInt32(4, 1 << 28)],
    ["an index of a broken length", ".index", (bytes) => bytes.subarray(0, bytes.length - 3), "--index-sanity-check"],
    ["an emptied index entry", ".index", (bytes) => void bytes.fill(0, bytes.length - INDEX_ENTRY)],
    ["an emptied time index entry", ".timeindex", (bytes) => void bytes.fill(0, bytes.length - TIME_ENTRY)],
    ["an index that ends before its base", ".index", (_, view) => view.setInt32(view.byteLength - INDEX_ENTRY, -1), "--index-sanity-check"],
    ["a time index entry with a wrong timestamp", ".timeindex", (_, view) => view.setBigInt64(0, view.getBigInt64(0) + 1n)],
    ["a time index entry with a wrong offset", ".timeindex", (_, view) => view.setInt32(8, view.getInt32(8) - 5)],
    ["time index entries out of order", ".timeindex", (_, view) => view.setBigInt64(TIME_ENTRY, 1n)],
    ["a time index of a broken length", ".timeindex", (bytes) => bytes.subarray(0, bytes.length - 5), "--index-sanity-check"],
  ];
  for (const [name, suffix, damage, ...flags] of faults) {
    it(`complains about ${name}`, async () => {
      const found = await complaintsAfter(suffix, damage, ...flags);
      assert.notDeepEqual(found, []);
    });
  }

  it("takes a segment's first offset for no gap, and every other gap for one", () => {
    const gap = (text: string): string[] =>
      complaints({ exit: 0, stdout: "", stderr: `Non-consecutive offsets in d/t-0/00000000000000001250.log\n${text}` }, []);
    assert.deepEqual(gap("  -1 is followed by 1250\n"), []);
    assert.notDeepEqual(gap("  -1 is followed by 1251\n"), []);
    assert.notDeepEqual(gap("  -1 is followed by 1250\n  1260 is followed by 1262\n"), []);
  });

  it("lets compaction leave gaps, and nobody else", () => {
    const gaps = "  -1 is followed by 700\n  703 is followed by 712\n";
    const others = `Non-consecutive offsets in d/t-0/00000000000000000000.log\n${gaps}`;
    const ours = `Non-consecutive offsets in d/__consumer_offsets-0/00000000000000000000.log\n${gaps}`;
    const transactions = ours.replace("__consumer_offsets", "__transaction_state");
    assert.equal(withoutCompactedGaps(`${ours}${others}${transactions}`), others);
  });

  it("complains about a file it was not shown and about an exit code", () => {
    assert.deepEqual(complaints({ exit: 0, stdout: "", stderr: "" }, ["a.log"]), ["not looked at: a.log"]);
    assert.deepEqual(complaints({ exit: 1, stdout: "", stderr: "" }, []), ["exit 1 at the start"]);
  });
});
