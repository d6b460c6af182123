/** What a consumer has read of the output, and whether it is what the input asks for. Record `n` of each partition of the input is the number n. */

import type { RecordLine } from "../records.ts";

/** Stands at the end of each partition of the output, outside of all transactions: who reads it sees that all transactions before it have ended. */
export const MARK = "mark";
/** As in java/StreamsTotals.java. */
const REMAINDERS = 7;

/** By partition, in order. */
export type Output = readonly (readonly { readonly key: string; readonly value: string }[])[];

export function outputOf(lines: readonly RecordLine[], partitions: number): Output {
  const output: { key: string; value: string }[][] = Array.from({ length: partitions }, () => []);
  for (const line of lines) {
    const [partition, , , key, value] = line.split("\t");
    output[Number(partition)].push({ key: textOf(key), value: textOf(value) });
  }
  return output;
}

/** What is wrong with copies of `ends[p]` numbers in each partition p: each must stand there once, in order. */
export function wrongCopies(ends: readonly number[], output: Output): string[] {
  return ends.flatMap((end, partition) => {
    const found = output[partition].map(({ value }) => value);
    const expected = Array.from({ length: end }, (_, n) => String(n));
    return difference(`partition ${partition}`, found, [...expected, MARK]);
  });
}

/** What is wrong with the totals of those numbers by their remainder, "count sum" after each number: no count may be missing, or stand there twice. */
export function wrongTotals(ends: readonly number[], output: Output): string[] {
  const totals = output.flat().filter(({ value }) => value !== MARK);
  return Array.from({ length: REMAINDERS }, (_, remainder) => {
    const found = totals.filter(({ key }) => key === String(remainder)).map(({ value }) => value);
    const numbers = ends.flatMap((end) => Array.from({ length: end }, (_, n) => n)).filter((n) => n % REMAINDERS === remainder);
    const what = `remainder ${remainder}`;
    const counts = difference(what, found.map((total) => total.split(" ")[0]), numbers.map((_, i) => String(i + 1)));
    const sum = numbers.reduce((sum, n) => sum + n, 0);
    return [...counts, ...difference(what, found.slice(-1), [`${numbers.length} ${sum}`])];
  }).flat();
}

function difference(what: string, found: readonly string[], expected: readonly string[]): string[] {
  const at = Array.from({ length: Math.max(found.length, expected.length) }, (_, i) => i).find((i) => found[i] !== expected[i]);
  if (at === undefined) return [];
  const around = found.slice(Math.max(0, at - 3), at + 10).join(", ");
  return [`${what}, ${found.length} of ${expected.length}: at ${at} stands ${found[at]}, not ${expected[at]}: … ${around} …`];
}

function textOf(hex: string): string {
  return hex === "-" ? "" : new TextDecoder().decode(Uint8Array.fromHex(hex));
}
