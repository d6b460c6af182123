/**
 * Record batches between our code and Kafka's own classes, both ways.
 *
 *     deno run -A compat/java-vectors-records/main.ts           # Java's batches are those checked in; Java reads ours as we do
 *     deno run -A compat/java-vectors-records/main.ts --write   # checks in Java's batches anew
 */
import { denoCompression } from "../../platform/deno/mod.ts";
import { RecordBatch } from "../../protocol/records/mod.ts";
import { describeBatch } from "../../protocol/records/testdata/describe.ts";
import { randomBatches } from "../../protocol/records/testdata/random_batches.ts";
import { prepareJava, runJava } from "../java.ts";

const SEED = 20261124;
const OURS = 350;
const program = new URL("RecordVectors.java", import.meta.url).pathname;
const vectors = new URL("../../protocol/records/testdata/java_vectors.json", import.meta.url);

await prepareJava();
const lines = (await runJava(program, ["write", String(SEED)])).trimEnd().split("\n");
const written = JSON.stringify(lines, null, 2) + "\n";
if (Deno.args.includes("--write")) await Deno.writeTextFile(vectors, written);
const asCheckedIn = await Deno.readTextFile(vectors) === written;
console.log(`Java's batches are ${asCheckedIn ? "" : "not "}those checked in`);

const ours = [...randomBatches(SEED, OURS, denoCompression)];
const answers = await runJava(program, ["read"], ours.map(({ bytes }) => `${bytes.toBase64()}\n`).join(""));
const readByJava = answers.trimEnd().split("\n");
let different = 0;
for (const [index, { bytes, type }] of ours.entries()) {
  if (readByJava[index] === describeBatch(new RecordBatch(bytes), denoCompression)) continue;
  different++;
  console.log(`batch ${index}, ${type}: Java reads ${readByJava[index]?.slice(0, 300)}`);
}
console.log(`${ours.length} batches of ours read by Java, ${different} different`);
Deno.exit(asCheckedIn && different === 0 ? 0 : 1);
