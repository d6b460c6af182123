/** What `deno task test` knows of Kafka's classes without Java: some of their messages, written down in `protocol/testdata/vectors/`. */
import { codecs } from "../../protocol/testing/codecs.ts";
import type { JavaMessages } from "./java_messages.ts";

/** The same seed gives the same files. */
const SEED = 20261126;

/** Which of the messages that Java makes are written down: the one with all null, empty or absent, and two by chance. */
const NUMBERS = [0, 16, 17];

/** The vectors of every API and record: file names and texts. */
export async function vectorFiles(java: JavaMessages): Promise<Map<string, string>> {
  const { version: kafka } = await java.schemas();
  const files = new Map<string, string>();
  for (const codec of codecs) {
    const { name, type, versions } = codec;
    const head = JSON.stringify({ name, kafka, seed: SEED });
    const lines = await Promise.all(versions.map(async (version) => {
      const messages = await java.make(codec, version, SEED, NUMBERS);
      return messages.map(({ message, bytes }) => JSON.stringify({ type, version, message, bytes: Uint8Array.fromBase64(bytes).toHex() }));
    }));
    const file = `${name}.jsonl`;
    files.set(file, [files.get(file) ?? `${head}\n`, ...lines.flat().map((line) => `${line}\n`)].join(""));
  }
  return files;
}
