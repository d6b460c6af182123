/** Randomness. A seeded implementation makes a whole broker repeatable. */
export interface Random {
  /** A new array of `length` random bytes. */
  bytes(length: number): Uint8Array;
  /** A whole number from 0 up to, not including, `limit` (at most 2^32). */
  below(limit: number): number;
}

/** For implementations of {@link Random.below}: beyond what it promises one would answer too little, another never. */
export function checkLimit(limit: number): void {
  if (!(limit >= 1 && limit <= 2 ** 32)) throw new RangeError(`assertion: a random number below ${limit}`);
}
