import { ErrorCode } from "../../protocol/errors.ts";
import type { RequestRow } from "./rows/row.ts";

/** Upper bounds of the buckets in milliseconds: 2.5 to a step where most answers are, and up to what a client waits for. */
const BOUNDS_MS: readonly number[] = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000];

/** How often values fell below which bound. */
export class Histogram {
  readonly bounds = BOUNDS_MS;
  /** By bucket; the last is for what lies above all bounds. */
  readonly counts: number[] = new Array(BOUNDS_MS.length + 1).fill(0);
  sum = 0;

  observe(value: number): void {
    let bucket = 0;
    while (bucket < BOUNDS_MS.length && value > BOUNDS_MS[bucket]) bucket++;
    this.counts[bucket]++;
    this.sum += value;
  }
}

/** What was asked of one API since the broker started. Kafka: `RequestMetrics`. */
export class ApiStats {
  /** Requests by version. */
  readonly requests: number[] = [];
  /** From the moment a request was taken until its response was encoded. */
  readonly totalTimeMs = new Histogram();
  requestBytes = 0;
  responseBytes = 0;
  #successes = 0;
  readonly #failures = new Map<number, number>();

  /** `row` tells of the errors in responses. */
  constructor(readonly name: string, readonly row: RequestRow<unknown, unknown> | undefined) {}

  /** Counts a request that took `ms`. */
  count(version: number, ms: number, requestBytes: number, responseBytes: number): void {
    this.requests[version] = (this.requests[version] ?? 0) + 1;
    this.requestBytes += requestBytes;
    this.responseBytes += responseBytes;
    this.totalTimeMs.observe(ms);
  }

  /** Counts an error code of a response; as in Kafka NONE counts too. Bound: it is handed around. */
  readonly countError = (code: number): void => {
    if (code === ErrorCode.NONE) this.#successes++;
    else this.#failures.set(code, (this.#failures.get(code) ?? 0) + 1);
  };

  /** Error codes and how often they were answered. */
  *errors(): Iterable<[code: number, count: number]> {
    if (this.#successes > 0) yield [ErrorCode.NONE, this.#successes];
    yield* this.#failures;
  }
}
