/** Stands for an epoch that is not known, which ends nowhere. Lower numbers are epochs below all others to Kafka. */
const UNDEFINED_EPOCH = -1;

/** Where an epoch's records begin. */
export interface EpochEntry {
  readonly epoch: number;
  readonly startOffset: number;
}

/**
 * Which leader epoch wrote which offsets (Kafka's `LeaderEpochFileCache`, KIP-101). Every batch carries its epoch, so all but an epoch
 * that wrote nothing yet can be read again from the log.
 */
export class LeaderEpochs {
  /** Epochs and offsets both grow. */
  readonly #entries: EpochEntry[] = [];

  constructor(entries: Iterable<EpochEntry> = []) {
    for (const entry of entries) this.#entries.push(entry);
  }

  /** Takes over what a checkpoint says. */
  resume(entries: readonly EpochEntry[]): void {
    this.#entries.splice(0, Infinity, ...entries);
  }

  get entries(): readonly EpochEntry[] {
    return this.#entries;
  }

  /** The newest epoch, or -1. */
  get latest(): number {
    return this.#entries.at(-1)?.epoch ?? -1;
  }

  /** Notes that `epoch` writes from `startOffset` on. True if that is news. An epoch below the latest breaks an invariant. */
  assign(epoch: number, startOffset: number): boolean {
    const last = this.#entries.at(-1);
    if (last !== undefined && epoch === last.epoch) return false;
    if (epoch < (last?.epoch ?? 0)) throw new Error(`assertion: leader epoch ${epoch} after ${last?.epoch ?? 0}`);
    // An epoch that wrote nothing is forgotten: its range is empty.
    if (last !== undefined && last.startOffset >= startOffset) this.#entries.pop();
    this.#entries.push({ epoch, startOffset });
    return true;
  }

  /** Forgets the epochs of which nothing is left from `offset` on. True if that is news. Kafka: `truncateFromStartAsyncFlush`. */
  truncateFromStart(offset: number): boolean {
    const first = this.#entries.findLastIndex(({ startOffset }) => startOffset <= offset);
    if (first < 0 || (first === 0 && this.#entries[0].startOffset === offset)) return false;
    this.#entries.splice(0, first + 1, { epoch: this.#entries[first].epoch, startOffset: offset });
    return true;
  }

  /** The epoch that wrote `offset`, or -1. */
  epochAt(offset: number): number {
    return this.#entries.findLast((entry) => entry.startOffset <= offset)?.epoch ?? -1;
  }

  /**
   * The largest known epoch up to `epoch` and the offset at which the one behind it begins, `logEndOffset` for the latest; null if `epoch`
   * is above all that are known. An epoch below them all ends where the first begins (`LeaderEpochFileCache.endOffsetFor`).
   */
  endOffsetFor(epoch: number, logEndOffset: number): { epoch: number; endOffset: number } | null {
    if (epoch === UNDEFINED_EPOCH || this.#entries.length === 0 || epoch > this.latest) return null;
    if (epoch === this.latest) return { epoch, endOffset: logEndOffset };
    const higher = this.#entries.findIndex((entry) => entry.epoch > epoch);
    return { epoch: this.#entries[higher - 1]?.epoch ?? epoch, endOffset: this.#entries[higher].startOffset };
  }
}

export const LEADER_EPOCH_FILE = "leader-epoch-checkpoint";
const VERSION = 0;

/** Kafka's checkpoint format: version, number of entries, then an entry a line. */
export function encodeLeaderEpochs(entries: readonly EpochEntry[]): string {
  return [VERSION, entries.length, ...entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}`)].join("\n") + "\n";
}

/** The entries of a `leader-epoch-checkpoint`, or null if it is damaged. */
export function decodeLeaderEpochs(text: string): EpochEntry[] | null {
  const [version, count, ...lines] = text.trimEnd().split("\n");
  if (version !== String(VERSION) || Number(count) !== lines.length) return null;
  const entries: EpochEntry[] = [];
  for (const line of lines) {
    const match = /^(\d+) (\d+)$/.exec(line);
    if (match === null) return null;
    const entry = { epoch: Number(match[1]), startOffset: Number(match[2]) };
    const last = entries.at(-1);
    if (last !== undefined && (entry.epoch <= last.epoch || entry.startOffset < last.startOffset)) return null;
    entries.push(entry);
  }
  return entries;
}
