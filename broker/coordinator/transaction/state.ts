/** The states of a transactional id, by their numbers in the log. Kafka: `TransactionState`. */
export const TransactionState = {
  /** Has no transaction. */
  EMPTY: 0,
  /** Has one that partitions were added to. */
  ONGOING: 1,
  /** It is decided how the transaction ends; markers are being written. */
  PREPARE_COMMIT: 2,
  PREPARE_ABORT: 3,
  /** All markers are written. */
  COMPLETE_COMMIT: 4,
  COMPLETE_ABORT: 5,
  /** Being forgotten, because nobody used it. Never stored. */
  DEAD: 6,
  /** Being taken from a producer whose transaction must be aborted first. Never stored. */
  PREPARE_EPOCH_FENCE: 7,
} as const;

export type TransactionState = typeof TransactionState[keyof typeof TransactionState];

const { EMPTY, ONGOING, PREPARE_COMMIT, PREPARE_ABORT, COMPLETE_COMMIT, COMPLETE_ABORT, DEAD, PREPARE_EPOCH_FENCE } = TransactionState;

/** Names as DescribeTransactions and ListTransactions have them, by number. */
const names: readonly string[] = [
  "Empty",
  "Ongoing",
  "PrepareCommit",
  "PrepareAbort",
  "CompleteCommit",
  "CompleteAbort",
  "Dead",
  "PrepareEpochFence",
];

/** From which states each may follow; null stands for a transactional id that is new. */
const before: Readonly<Record<TransactionState, readonly (TransactionState | null)[]>> = {
  [EMPTY]: [null, EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT],
  [ONGOING]: [ONGOING, EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT],
  [PREPARE_COMMIT]: [ONGOING],
  // Transaction version 2 aborts what was never begun: the producer does not know whether its first batch has arrived.
  [PREPARE_ABORT]: [ONGOING, EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT],
  [COMPLETE_COMMIT]: [PREPARE_COMMIT],
  [COMPLETE_ABORT]: [PREPARE_ABORT],
  [DEAD]: [EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT],
  [PREPARE_EPOCH_FENCE]: [ONGOING],
};

export function stateName(state: number): string {
  return names[state];
}

/** The state of this name, or undefined where there is none. */
export function stateNamed(name: string): TransactionState | undefined {
  const state = names.indexOf(name);
  return state < 0 ? undefined : state as TransactionState;
}

export function mayFollow(state: TransactionState, previous: TransactionState | null): boolean {
  return before[state].includes(previous);
}

/** Whether markers are still to be written. */
export function isPrepared(state: number): boolean {
  return state === PREPARE_COMMIT || state === PREPARE_ABORT;
}
