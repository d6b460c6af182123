/**
 * Batches that Kafka's own classes wrote, for tests without Java.
 *
 *     deno run -A --config compat/deno.json compat/batches/vectors.ts     # checks them in anew
 */
import { prepareJava, runJava } from "../java.ts";

const SEED = 10;
const LINES = 60;

/** Where they are checked in. */
export const vectors: URL = new URL("../../protocol/records/testdata/java_vectors.json", import.meta.url);

/** The file as it must be. */
export async function javaVectors(): Promise<string> {
  const lines = await runJava("compat.BatchExchange", ["write", String(SEED), String(LINES)]);
  return JSON.stringify(lines.trimEnd().split("\n"), null, 2) + "\n";
}

if (import.meta.main) {
  await prepareJava();
  await Deno.writeTextFile(vectors, await javaVectors());
}
