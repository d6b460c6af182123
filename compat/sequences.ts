/** What producers of numbered records were told, and whether a log holds just that. */

import type { RecordLine } from "./records.ts";
import { unhex } from "./records.ts";

const SHOWN = 5;

/** The numbers 0, 1, 2 … that each producer sends to each partition, and the offsets that were acknowledged for them. */
export class Sequences {
  /** By producer and partition; the offsets by number. Negative: acknowledged, but the client did not learn where. */
  readonly #acknowledged = new Map<string, number[]>();
  readonly #problems: string[] = [];
  #count = 0;

  /** How many records have been acknowledged. */
  get count(): number {
    return this.#count;
  }

  /** Takes a line that a producer's program printed: "ack producer partition number offset" or what went wrong. */
  hear(line: string): void {
    const [word, producer, partition, number, offset] = line.split(" ");
    if (word !== "ack") return void this.#problems.push(line);
    const stream = `${producer} in ${partition}`;
    const offsets = this.#acknowledged.get(stream) ?? [];
    this.#acknowledged.set(stream, offsets);
    if (offsets[Number(number)] !== undefined) this.#problems.push(`acknowledged twice: ${line}`);
    offsets[Number(number)] = Number(offset);
    this.#count++;
  }

  /**
   * What is wrong with `lines`, the whole topic in the order of each partition: empty when each of `streams` (a producer in a partition) stands
   * there with all its numbers up to `records`, each once, in order, acknowledged and where it was acknowledged.
   */
  problems(lines: readonly RecordLine[], streams: number, records: number): string[] {
    const problems = [...this.#problems];
    const next = new Map<string, number>();
    for (const line of lines) {
      const [partition, offset, , , value] = line.split("\t");
      const [producer, text] = new TextDecoder().decode(unhex(value) ?? undefined).split(" ");
      const stream = `${producer} in ${partition}`;
      const number = Number(text);
      const expected = next.get(stream) ?? 0;
      if (number !== expected) problems.push(`${stream}: ${number} at offset ${offset} where ${expected} comes next`);
      const acknowledged = this.#acknowledged.get(stream)?.[number];
      if (acknowledged === undefined) problems.push(`${stream}: ${number} was never acknowledged`);
      else if (acknowledged >= 0 && acknowledged !== Number(offset)) {
        problems.push(`${stream}: ${number} is at offset ${offset} and was acknowledged for ${acknowledged}`);
      }
      next.set(stream, number + 1);
    }
    if (next.size !== streams) problems.push(`${next.size} of ${streams} producers and partitions in the log`);
    for (const [stream, end] of next) if (end !== records) problems.push(`${stream}: ends before ${end} instead of ${records}`);
    return problems.length <= SHOWN ? problems : [...problems.slice(0, SHOWN), `and ${problems.length - SHOWN} more`];
  }
}
