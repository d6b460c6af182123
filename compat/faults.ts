/** What a bad network does to a request, chosen by seeded chance. */

import type { Random } from "../platform/mod.ts";

/** One misfortune. Nothing is reordered within a connection, since TCP keeps order: what comes late comes on a connection the client gave up. */
export type Fault =
  | { readonly kind: "delay request"; readonly ms: number }
  | { readonly kind: "delay response"; readonly ms: number }
  /** The broker never sees it. Later requests of the connection arrive; no answer does any more, as none may overtake the missing one. */
  | { readonly kind: "drop request" }
  /** The broker has done it and the client never learns; neither of what it asks later on this connection. */
  | { readonly kind: "drop response" }
  /** The broker sees it twice; the client gets the first or the second answer. */
  | { readonly kind: "duplicate request"; readonly answer: "first" | "second" }
  /** The connection ends within the frame, `at` (from 0 to 1) of the way into it. */
  | { readonly kind: "cut request"; readonly at: number }
  | { readonly kind: "cut response"; readonly at: number }
  /** The whole request arrives, and the client's connection ends before the answer. */
  | { readonly kind: "close after request" }
  /** The client's connection ends, and what it had sent reaches the broker `ms` later: after the client has come back and sent it anew. */
  | { readonly kind: "deliver late"; readonly ms: number };

/** The faults of requests that a key names: out of a thousand requests of the API, how many meet one. */
const PER_MILLE: Readonly<Record<number, number>> = {
  0: 100, // Produce
  3: 50, // Metadata
  22: 300, // InitProducerId: there are few of them
};

/** How often each kind comes, against the others: those that cost the client a whole request timeout come less often. */
const KINDS: readonly (readonly [weight: number, make: (random: Random) => Fault])[] = [
  [3, (random) => ({ kind: "delay request", ms: random.below(150) })],
  [3, (random) => ({ kind: "delay response", ms: random.below(150) })],
  [1, () => ({ kind: "drop request" })],
  [1, () => ({ kind: "drop response" })],
  [4, (random) => ({ kind: "duplicate request", answer: random.below(2) === 0 ? "first" : "second" })],
  [2, (random) => ({ kind: "cut request", at: random.below(1000) / 1000 })],
  [2, (random) => ({ kind: "cut response", at: random.below(1000) / 1000 })],
  [2, () => ({ kind: "close after request" })],
  [4, (random) => ({ kind: "deliver late", ms: random.below(1_000) })],
];

const WEIGHTS = KINDS.reduce((sum, [weight]) => sum + weight, 0);

/** What happens to a request of the API with this key; null: nothing. */
export function chooseFault(random: Random, apiKey: number): Fault | null {
  if (random.below(1000) >= (PER_MILLE[apiKey] ?? 0)) return null;
  let left = random.below(WEIGHTS);
  for (const [weight, make] of KINDS) {
    if (left < weight) return make(random);
    left -= weight;
  }
  throw new Error("the weights do not add up");
}
