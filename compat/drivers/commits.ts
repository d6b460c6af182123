import { tell } from "./lines.ts";

/** A member that has nothing to do commits what it has delivered after so long. */
const IDLE_COMMIT_MS = 300;

/** What a member has delivered and not yet committed. At most one commit is under way. */
export class Commits {
  readonly #next = new Map<number, number>();
  #uncommitted = 0;
  #forgotten = 0;
  #underWay: Promise<void> | undefined;

  /**
   * @param commit resolves when the broker has acknowledged the offsets
   * @param isRefused whether an error is the broker's refusal; any other tells nothing about what happened
   */
  constructor(
    readonly every: number,
    readonly commit: (offsets: [partition: number, offset: number][]) => Promise<void>,
    readonly isRefused: (error: unknown) => boolean,
  ) {
    setInterval(() => void this.flush(), IDLE_COMMIT_MS);
  }

  /** Notes a record, and whether it is time to commit. */
  delivered(partition: number, offset: number): boolean {
    this.#next.set(partition, offset + 1);
    return ++this.#uncommitted >= this.every;
  }

  /** The partitions are somebody else's: what was not committed is theirs to deliver again. */
  forget(): void {
    this.#next.clear();
    this.#uncommitted = 0;
    this.#forgotten++;
  }

  /** Commits all that was delivered; answers with the error when that failed. */
  async flush(): Promise<unknown> {
    while (this.#underWay !== undefined) await this.#underWay;
    if (this.#next.size === 0) return undefined;
    let failure: unknown;
    this.#underWay = this.#commitAll().catch((error) => {
      failure = error;
    });
    await this.#underWay;
    this.#underWay = undefined;
    return failure;
  }

  async #commitAll(): Promise<void> {
    const offsets = [...this.#next];
    const round = this.#forgotten;
    this.#next.clear();
    this.#uncommitted = 0;
    tell("committing", { offsets });
    try {
      await this.commit(offsets);
      tell("committed", { offsets });
    } catch (error) {
      tell(this.isRefused(error) ? "refused" : "failed", { offsets, error: String(error) });
      if (round === this.#forgotten) {
        for (const [partition, offset] of offsets) this.#next.set(partition, Math.max(offset, this.#next.get(partition) ?? 0));
      }
      throw error;
    }
  }
}
