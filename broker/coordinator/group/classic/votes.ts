import type { Protocol } from "./member.ts";

/** How many members know each protocol. Kafka: `ClassicGroup.supportedProtocols`. */
export class Votes {
  readonly #supporters = new Map<string, number>();

  add(protocols: readonly Protocol[]): void {
    for (const { name } of protocols) this.#supporters.set(name, (this.#supporters.get(name) ?? 0) + 1);
  }

  remove(protocols: readonly Protocol[]): void {
    for (const { name } of protocols) {
      const left = (this.#supporters.get(name) ?? 0) - 1;
      if (left > 0) this.#supporters.set(name, left);
      else this.#supporters.delete(name);
    }
  }

  /** Whether all of `members` members know `name`. */
  isShared(name: string, members: number): boolean {
    return (this.#supporters.get(name) ?? 0) === members;
  }

  /**
   * The protocol that a group uses: each member votes for the first in its list that all members know; most votes win. Between equals, the
   * one voted for first (in Kafka: whichever its hash map holds first). Null when they share none.
   */
  select(members: readonly { readonly protocols: readonly Protocol[] }[]): string | null {
    const votes = new Map<string, number>();
    for (const { protocols } of members) {
      const vote = protocols.find(({ name }) => this.isShared(name, members.length));
      if (vote !== undefined) votes.set(vote.name, (votes.get(vote.name) ?? 0) + 1);
    }
    let winner: string | null = null;
    for (const [name, count] of votes) {
      if (winner === null || count > votes.get(winner)!) winner = name;
    }
    return winner;
  }
}
