/** The answer to a request in a model: given at once, or later, once. */
export class Ticket {
  answer: Record<string, unknown> | null = null;

  constructor(readonly group: string) {}

  give(answer: Record<string, unknown>): void {
    if (this.answer !== null) throw new Error("the model answers twice");
    this.answer = answer;
  }

  /** `memberId` where the answer names one. */
  fail(error: number, memberId?: string): this {
    this.give(memberId === undefined ? { error } : { error, memberId });
    return this;
  }
}

/** Timers with names; of those that are due at the same time the one that was set first comes first. */
export class ModelTimers {
  readonly #due = new Map<string, { readonly at: number; readonly order: number; readonly fire: () => void }>();
  #order = 0;

  set(name: string, at: number, fire: () => void): void {
    this.#due.set(name, { at, order: this.#order++, fire });
  }

  cancel(name: string): void {
    this.#due.delete(name);
  }

  clear(): void {
    this.#due.clear();
  }

  /** When each is due, in order of time. */
  get dueTimes(): number[] {
    return [...this.#due.values()].map(({ at }) => at).sort((a, b) => a - b);
  }

  /** Takes out the next one that is due at `time` or before. */
  next(time: number): { at: number; name: string; fire: () => void } | null {
    const [first] = [...this.#due].filter(([, { at }]) => at <= time).sort(([, a], [, b]) => a.at - b.at || a.order - b.order);
    if (first === undefined) return null;
    this.#due.delete(first[0]);
    return { name: first[0], at: first[1].at, fire: first[1].fire };
  }
}

/** What the model goes by. */
export interface ModelSettings {
  readonly minSessionMs: number;
  readonly maxSessionMs: number;
  readonly initialDelayMs: number;
  maxSize: number;
  readonly metadataMaxBytes: number;
  readonly retentionMs: number;
  readonly retentionCheckMs: number;
}

export interface ModelProtocol {
  readonly name: string;
  readonly metadata: readonly number[];
  /** What the metadata says that a consumer reads, or null when it says nothing that can be read. */
  readonly topics: readonly string[] | null;
}

export interface ModelJoin {
  readonly group: string;
  readonly version: number;
  readonly clientId: string;
  readonly memberId: string;
  readonly instance: string | null;
  readonly sessionMs: number;
  readonly rebalanceMs: number;
  readonly protocolType: string;
  readonly protocols: readonly ModelProtocol[];
}

export interface ModelMember {
  id: string;
  readonly instance: string | null;
  readonly clientId: string;
  sessionMs: number;
  rebalanceMs: number;
  protocols: readonly ModelProtocol[];
  assignment: readonly number[];
  /** It has not been told that it is a member. */
  isNew: boolean;
  joining: Ticket | null;
  syncing: Ticket | null;
}

export type ModelState = "Empty" | "PreparingRebalance" | "CompletingRebalance" | "Stable";

export interface ModelGroup {
  readonly id: string;
  state: ModelState;
  since: number;
  generation: number;
  protocolType: string | null;
  protocol: string | null;
  /** Who may be the leader: one, once a generation has begun. */
  leaders: Set<string>;
  members: Map<string, ModelMember>;
  pending: Set<string>;
  /** Who has not asked for its assignment. */
  unsynced: Set<string>;
  /** The group was empty before this rebalance: it waits for its delay. */
  initial: boolean;
  newcomer: boolean;
  topics: ReadonlySet<string> | null;
}

export function emptyGroup(id: string, since: number): ModelGroup {
  const none = { protocolType: null, protocol: null, topics: null, initial: false, newcomer: false };
  const nobody = { leaders: new Set<string>(), members: new Map(), pending: new Set<string>(), unsynced: new Set<string>() };
  return { id, state: "Empty", since, generation: 0, ...none, ...nobody };
}
