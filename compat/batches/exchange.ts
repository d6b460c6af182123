/** Record batches between our code and Kafka's own classes, both ways. */
import { denoCompression } from "../../platform/deno/mod.ts";
import { describeBatches } from "../../protocol/records/testdata/describe.ts";
import { randomBatches } from "../../protocol/records/testdata/random_batches.ts";
import { writtenAgain } from "../../protocol/records/testdata/written_again.ts";
import { runJava } from "../java.ts";

/** What one exchange has shown. */
export interface Exchanged {
  /** Batches and message sets of Java's, and batches of ours, that went over and back. */
  readonly count: number;
  /** A sentence for each that was not the same on both sides. */
  readonly differences: readonly string[];
}

/**
 * Java writes `count` lines of batches of every format, which we read as Java does, and write again; we write as many batches. All that we wrote Java
 * reads as we do, and writes again. What is not compressed comes back as the same bytes, the rest as the same records.
 */
export async function exchangeBatches(seed: number, count: number): Promise<Exchanged> {
  const differences: string[] = [];
  const [, ...written] = (await runJava("compat.BatchExchange", ["write", String(seed), String(count)])).trimEnd().split("\n");
  const ours: Uint8Array[] = [];
  for (const [index, line] of written.entries()) {
    const problem = problemOf(() => {
      const bytes = Uint8Array.fromBase64(line.split(" ", 1)[0]);
      const again = writtenAgain(bytes, denoCompression);
      ours.push(again);
      return describeBatches(bytes, denoCompression) === line ? difference(bytes, again) : "is not read as Java reads it";
    });
    if (problem !== null) differences.push(`seed ${seed}, line ${index} of Java ${problem}`);
  }
  for (const { bytes } of randomBatches(seed, count, denoCompression)) ours.push(bytes);

  const input = ours.map((bytes) => `${bytes.toBase64()}\n`).join("");
  const answers = (await runJava("compat.BatchExchange", ["read"], input)).trimEnd().split("\n");
  for (const [index, bytes] of ours.entries()) {
    const [description, again = ""] = answers[index].split(" = ");
    const problem = problemOf(() =>
      description === describeBatches(bytes, denoCompression)
        ? difference(bytes, Uint8Array.fromBase64(again))
        : `is read by Java as ${description.slice(0, 300)}`
    );
    if (problem !== null) differences.push(`seed ${seed}, batch ${index} of ours ${problem}`);
  }
  return { count: written.length + count, differences };
}

/** What `check` tells; that it failed, if it throws. */
function problemOf(check: () => string | null): string | null {
  try {
    return check();
  } catch (error) {
    return `cannot be read: ${error}`;
  }
}

/** How `bytes` and what the other side wrote of their records differ; null if as they should. */
function difference(bytes: Uint8Array, again: Uint8Array): string | null {
  if (bytes.toBase64() === again.toBase64()) return null;
  const [before, after] = [bytes, again].map((batches) => describeBatches(batches, denoCompression).split(" ").slice(1));
  const compressed = before.some((part) => /^batch,\d,\d+,(?!none)/.test(part));
  if (!compressed) return "does not come back as the same bytes";
  // A compressed batch has another CRC then.
  const withoutCrc = (parts: readonly string[]): string => parts.map((part) => part.replace(/^(batch,\d),\d+/, "$1")).join(" ");
  return withoutCrc(before) === withoutCrc(after) ? null : "does not come back as the same records";
}
