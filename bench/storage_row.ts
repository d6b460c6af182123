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
