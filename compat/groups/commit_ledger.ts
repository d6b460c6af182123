import type { Entry } from "./history.ts";

interface Commit {
  readonly member: number;
  readonly partition: number;
  readonly offset: number;
  readonly begun: number;
  /** Infinity while nobody knows. */
  acknowledged: number;
  /** A client asks again when the broker goes away, and tells of the second answer alone: what is refused after an outage may have been taken before. */
  refused: boolean;
}

interface Span {
  readonly from: number;
  readonly at: number;
}

/**
 * All commits of a history. A partition's committed offset only rises: a member commits no less than it began with, an owner's commits are over when
 * the next one asks where to begin (the coordinator refuses the old generation's), and so every read lies between what was acknowledged before
 * it began and what was attempted before it ended.
 */
export class CommitLedger {
  readonly #commits: Commit[] = [];

  constructor(entries: readonly Entry[]) {
    const open = new Map<number, Commit[]>();
    const outages = entries.filter((entry) => entry.kind === "outage");
    for (const entry of entries) {
      if (entry.kind !== "said") continue;
      const { member, said, at } = entry;
      if (said.event === "committing") {
        const begun = said.offsets.map(([partition, offset]) => (
          { member, partition, offset, begun: at, acknowledged: Infinity, refused: false }
        ));
        this.#commits.push(...begun);
        open.set(member, begun);
      }
      if (said.event === "committed") open.get(member)!.forEach((commit) => commit.acknowledged = at);
      if (said.event === "refused") open.get(member)!.forEach((commit) => commit.refused = !outages.some(touches(commit.begun, at)));
    }
  }

  /** The highest offset that had been acknowledged at a time; 0 when none had. */
  acknowledgedBefore(partition: number, at: number): number {
    return this.#highest((commit) => commit.partition === partition && commit.acknowledged < at);
  }

  /** The highest offset that somebody had tried to commit, and that was not refused. */
  attemptedBefore(partition: number, at: number): number {
    return this.#highest((commit) => commit.partition === partition && commit.begun <= at && !commit.refused);
  }

  /** Whether the commit that the member began at a time was acknowledged. */
  wasAcknowledged(member: number, begun: number): boolean {
    return this.#commits.some((commit) => commit.member === member && commit.begun === begun && commit.acknowledged !== Infinity);
  }

  #highest(counts: (commit: Commit) => boolean): number {
    return this.#commits.reduce((highest, commit) => counts(commit) ? Math.max(highest, commit.offset) : highest, 0);
  }
}

function touches(begun: number, ended: number): (outage: Span) => boolean {
  return ({ from, at }) => begun <= at && ended >= from;
}
