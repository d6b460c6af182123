/** Randomness. A seeded implementation makes a whole broker repeatable. */
export interface Random {
  /** A new array of `length` random bytes. */
  bytes(length: number): Uint8Array;
  /** A whole number from 0 up to, not including, `limit` (at most 2^32). */
  below(limit: number): number;
}
