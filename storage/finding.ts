/** Something in a data directory that is not as it should be. */
export interface Finding {
  readonly path: string;
  /** The byte that it is about, where it is about one. */
  readonly position: number | null;
  /** One sentence. */
  readonly problem: string;
  /** What a repair does about it. */
  readonly repair: string;
}
