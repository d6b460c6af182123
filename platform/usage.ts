/** What the process takes of the machine. */
export interface Usage {
  /** Wall-clock time of its start, in milliseconds since the Unix epoch. */
  readonly startTimeMs: number;
  /** Memory that is resident, in bytes. */
  readonly residentBytes: number;
  /** Part of it that JavaScript objects take, in bytes. */
  readonly heapBytes: number;
}
