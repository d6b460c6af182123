import { processorSeconds } from "../compat/procfs.ts";
import { buildBatch } from "../protocol/records/mod.ts";

/** A line of what `bench/storage.ts` prints. */
export interface Row {
  readonly what: string;
  /** Empty where the figure only stands beside others. */
  readonly goal: string;
  readonly figure: string;
  /** Null without a goal. */
  readonly reached: boolean | null;
}

/** A row whose figure must not exceed `goal`. */
export function atMost(what: string, goal: number, figure: number, unit: string, digits = 0): Row {
  return { what, goal: `at most ${goal} ${unit}`, figure: `${figure.toFixed(digits)} ${unit}`, reached: figure <= goal };
}

/** A row that others are compared with. */
export function beside(what: string, figure: string): Row {
  return { what, goal: "", figure, reached: null };
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** A batch of one record without a key whose value has so many bytes. */
export function batchOf(bytes: number): Uint8Array {
  return buildBatch([{ timestamp: Date.now(), key: null, value: new Uint8Array(bytes) }]);
}

const ROUNDS = 5;
const OPERATIONS = 20_000;
/** Ticks of the processor clock are 10 ms long. */
const LEAST_SECONDS = 0.2;

/** Microseconds of processor time that one turn of each kind of work takes: medians of some rounds, in which each has its turn after the other. */
export function costs(works: readonly ((turn: number) => unknown)[]): number[] {
  const found: number[][] = works.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, work] of works.entries()) {
      const before = processorSeconds(Deno.pid);
      let turns = 0;
      do for (let i = 0; i < OPERATIONS; i++) work(turns++); while (processorSeconds(Deno.pid) - before < LEAST_SECONDS);
      found[index].push((processorSeconds(Deno.pid) - before) / turns * 1e6);
    }
  }
  return found.map(median);
}
