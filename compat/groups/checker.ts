/** What must hold of every history of a group with committing members, whatever happened to them and to the broker. Pure. */
import { contentOfLine, positionOf, type RecordLine } from "../records.ts";
import { CommitLedger } from "./commit_ledger.ts";
import type { Entry, History } from "./history.ts";

/** Answers what does not hold, as sentences; none when all does. */
export function violations(history: History): string[] {
  const entries = history.entries.toSorted((a, b) => a.at - b.at);
  const found = [...checkContents(entries), ...checkDelivered(history), ...new Ownership(entries).check(), ...checkReturns(entries)];
  return [...found, ...checkReads(history, new CommitLedger(entries))];
}

interface Place {
  readonly partition: number;
  readonly offset: number;
  readonly content: string;
}

function placeOf(line: RecordLine): Place {
  const [partition, offset] = line.split("\t", 2).map(Number);
  return { partition, offset, content: contentOfLine(line) };
}

/** No offset holds two contents, nor one that nobody sent. */
function checkContents(entries: readonly Entry[]): string[] {
  const found: string[] = [];
  const sent = new Set(entries.flatMap((entry) => entry.kind === "sending" ? [entry.content] : []));
  const contents = new Map<string, string>();
  const note = ({ partition, offset, content }: Place, how: string): void => {
    const position = `${partition}-${offset}`;
    const known = contents.get(position) ?? content;
    if (known !== content) found.push(`two contents at ${position}: ${known} and, ${how}, ${content}`);
    contents.set(position, content);
  };
  for (const entry of entries) {
    if (entry.kind === "acknowledged") note(entry, "acknowledged");
    if (entry.kind !== "said" || entry.said.event !== "record") continue;
    const place = placeOf(entry.said.line);
    note(place, "delivered");
    if (!sent.has(place.content)) found.push(`delivered and never sent: ${entry.said.line}`);
  }
  return found;
}

/** Every acknowledged record was delivered, at its offset. */
function checkDelivered({ entries, ends }: History): string[] {
  if (ends === undefined) return [];
  const delivered = new Set(entries.flatMap((entry) => {
    return entry.kind === "said" && entry.said.event === "record" ? [positionOf(entry.said.line)] : [];
  }));
  return entries.flatMap((entry) => {
    if (entry.kind !== "acknowledged" || delivered.has(`${entry.partition}-${entry.offset}`)) return [];
    return [`acknowledged and never delivered: ${entry.partition}-${entry.offset} ${entry.content}`];
  });
}

/** Walks through the history and knows who owns what, and how far each member has got. */
class Ownership {
  readonly #found: string[] = [];
  readonly #commits: CommitLedger;
  readonly #names = new Map<number, string>();
  /** By member: partitions, each with the offset it expects next; undefined until the first record since it was assigned. */
  readonly #owned = new Map<number, Map<number, { since: number; next: number | undefined }>>();
  /** By member and partition: behind the last record it was delivered. */
  readonly #positions = new Map<string, number>();
  /** By partition: who was assigned it last. */
  readonly #newest = new Map<number, number>();
  /** By partition and generation. */
  readonly #owners = new Map<string, string>();

  constructor(readonly entries: readonly Entry[]) {
    this.#commits = new CommitLedger(entries);
  }

  check(): string[] {
    for (const entry of this.entries) {
      if (entry.kind === "started") {
        this.#names.set(entry.member, entry.instanceId ?? `member ${entry.member}`);
        this.#owned.set(entry.member, new Map());
      } else if (entry.kind === "said") {
        this.#hear(entry);
      }
    }
    return this.#found;
  }

  #hear({ member, said, at }: Entry & { kind: "said" }): void {
    const owned = this.#owned.get(member)!;
    if (said.event === "assigned") this.#assign(member, said.partitions, said.generation, at);
    else if (said.event === "revoked") said.partitions.forEach((partition) => owned.delete(partition));
    else if (said.event === "record") this.#deliver(member, placeOf(said.line), at);
    else if (said.event === "committing") this.#commit(member, said.offsets, at);
  }

  #assign(member: number, partitions: readonly number[], generation: number | null, at: number): void {
    const owned = this.#owned.get(member)!;
    for (const partition of partitions) {
      owned.set(partition, { since: at, next: undefined });
      this.#newest.set(partition, member);
    }
    if (generation === null) return;
    // In a cooperative group it goes on owning what is not named again.
    for (const partition of owned.keys()) {
      const name = this.#names.get(member)!;
      const key = `partition ${partition} in generation ${generation}`;
      const other = this.#owners.get(key) ?? name;
      if (other !== name) this.#found.push(`${key} belongs to ${other} and to ${name}`);
      this.#owners.set(key, name);
    }
  }

  #deliver(member: number, { partition, offset }: Place, at: number): void {
    const stretch = this.#owned.get(member)!.get(partition);
    const where = `${this.#names.get(member)} at ${partition}-${offset}`;
    if (stretch === undefined) this.#found.push(`${where}: delivered, and the partition is not its own`);
    else if (stretch.next === undefined) this.#resume(member, partition, offset, stretch.since, at);
    else if (stretch.next !== offset) this.#found.push(`${where}: delivered where ${stretch.next} was due`);
    if (stretch !== undefined) stretch.next = offset + 1;
    this.#positions.set(`${member} ${partition}`, offset + 1);
  }

  /** A new owner begins where the group has committed; one that had the partition before may know better, for it has delivered what lies between. */
  #resume(member: number, partition: number, offset: number, since: number, at: number): void {
    const least = this.#commits.acknowledgedBefore(partition, since);
    const most = Math.max(this.#commits.attemptedBefore(partition, at), this.#positions.get(`${member} ${partition}`) ?? 0);
    if (offset >= least && offset <= most) return;
    const committed = least === most ? `${least}` : `${least} to ${most}`;
    this.#found.push(`${this.#names.get(member)} begins partition ${partition} at ${offset}, committed was ${committed}`);
  }

  /** A member commits no more than it has delivered; and the broker takes nothing from one whose partition has gone to another. */
  #commit(member: number, offsets: readonly (readonly [number, number])[], at: number): void {
    const name = this.#names.get(member);
    for (const [partition, offset] of offsets) {
      const position = this.#positions.get(`${member} ${partition}`) ?? 0;
      if (offset > position) this.#found.push(`${name} commits ${partition}-${offset}, and has delivered up to ${position}`);
      const newest = this.#newest.get(partition);
      if (newest !== member && this.#commits.wasAcknowledged(member, at)) {
        this.#found.push(
          `${name}'s commit of ${partition}-${offset} was taken after the partition had gone to ${this.#names.get(newest ?? -1)}`,
        );
      }
    }
  }
}

/** OffsetFetch never answers less than was acknowledged, nor more than was attempted; at the end, all. */
function checkReads({ partitions, ends, entries }: History, commits: CommitLedger): string[] {
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.kind !== "read") continue;
    const offsets = new Map(entry.offsets);
    for (let partition = 0; partition < partitions; partition++) {
      const offset = offsets.get(partition) ?? 0;
      const least = commits.acknowledgedBefore(partition, entry.from);
      const most = commits.attemptedBefore(partition, entry.at);
      if (offset < least) found.push(`committed offset of partition ${partition} read as ${offset}, acknowledged was ${least}`);
      if (offset > most) found.push(`committed offset of partition ${partition} read as ${offset}, and none has tried more than ${most}`);
      if (entry.last && ends !== undefined && offset !== ends[partition]) {
        found.push(`partition ${partition} ends at ${ends[partition]}, the group at ${offset}`);
      }
    }
  }
  return found;
}

/** A static member that returns within its session has its partitions back, in the same generation (KIP-345). */
function checkReturns(entries: readonly Entry[]): string[] {
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.kind !== "returned") continue;
    const before = lastAssignment(entries, entry.before);
    const after = lastAssignment(entries, entry.after, entry.at);
    const same = before.generation === after.generation && before.partitions.join() === after.partitions.join();
    if (!same) found.push(`member ${entry.before} returned as ${entry.after}: had ${JSON.stringify(before)}, has ${JSON.stringify(after)}`);
  }
  return found;
}

function lastAssignment(entries: readonly Entry[], member: number, until = Infinity): { generation: number | null; partitions: number[] } {
  const owned = new Set<number>();
  let generation: number | null = null;
  for (const entry of entries) {
    if (entry.kind !== "said" || entry.member !== member || entry.at > until) continue;
    if (entry.said.event === "revoked") entry.said.partitions.forEach((partition) => owned.delete(partition));
    if (entry.said.event !== "assigned") continue;
    entry.said.partitions.forEach((partition) => owned.add(partition));
    generation = entry.said.generation;
  }
  return { generation, partitions: [...owned].sort((a, b) => a - b) };
}
