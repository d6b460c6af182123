import { ErrorCode } from "../../../protocol/errors.ts";
import { emptyGroup, type ModelGroup, type ModelSettings, type ModelTimers, Ticket } from "./model_parts.ts";

/** What offsets need of the groups. */
interface ModelOfGroups {
  readonly now: number;
  readonly groups: Map<string, ModelGroup>;
  readonly timers: ModelTimers;
  writes: number;
  commitError(group: string, version: number, memberId: string, instance: string | null, generation: number): number;
  transactionalCommitError(group: string, memberId: string, instance: string | null, generation: number): number;
  forget(group: ModelGroup): void;
}

export interface ModelCommit {
  readonly group: string;
  readonly version: number;
  readonly memberId: string;
  readonly instance: string | null;
  readonly generation: number;
  /** -1: as long as the broker keeps them. */
  readonly keepMs: number;
  readonly offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: number; readonly metadata: string }[];
}

/** A commit in the transaction of a producer. */
export type ModelTransactionalCommit = Omit<ModelCommit, "version" | "keepMs"> & { readonly producerId: number };

interface Committed {
  readonly topic: string;
  readonly offset: number;
  readonly metadata: string;
  readonly at: number;
  readonly expiresAt: number;
  /** Rises from commit to commit. */
  readonly order: number;
}

/** A commit of a transaction that is open. */
interface Pending {
  readonly producerId: number;
  readonly group: string;
  readonly partition: string;
  readonly committed: Committed;
}

/** What groups have committed, by group and `topic-partition`. All of it is in the log. */
export class ModelOffsets {
  byGroup: Map<string, Map<string, Committed>> = new Map();
  /** The groups that there are because they have committed something. */
  committers: Set<string> = new Set();
  pending: readonly Pending[] = [];
  #order = 0;

  constructor(private readonly model: ModelOfGroups, private readonly settings: ModelSettings) {}

  commit(r: ModelCommit): Ticket {
    const { model } = this;
    const ticket = new Ticket(r.group);
    const error = model.commitError(r.group, r.version, r.memberId, r.instance, r.generation);
    if (error !== ErrorCode.NONE) return ticket.fail(error);
    const expiresAt = r.keepMs === -1 ? -1 : model.now + r.keepMs;
    return this.#commit(ticket, r, expiresAt, (partition, committed) => this.#put(r.group, partition, committed));
  }

  commitTransactional(r: ModelTransactionalCommit): Ticket {
    const { group, producerId } = r;
    const ticket = new Ticket(group);
    const error = this.model.transactionalCommitError(group, r.memberId, r.instance, r.generation);
    if (error !== ErrorCode.NONE) return ticket.fail(error);
    return this.#commit(ticket, r, -1, (partition, committed) => {
      const others = this.pending.filter((one) => one.producerId !== producerId || one.group !== group || one.partition !== partition);
      this.pending = [...others, { producerId, group, partition, committed }];
    });
  }

  /** A producer's transaction ends: the newer of two commits of a partition counts, whenever it was made to. */
  end(producerId: number, committed: boolean): Ticket {
    const ended = this.pending.filter((one) => one.producerId === producerId);
    this.pending = this.pending.filter((one) => one.producerId !== producerId);
    for (const { group, partition, committed: commit } of committed ? ended : []) {
      if ((this.byGroup.get(group)?.get(partition)?.order ?? -1) < commit.order) this.#put(group, partition, commit);
    }
    this.model.writes++;
    const ticket = new Ticket("");
    ticket.give({ error: ErrorCode.NONE });
    return ticket;
  }

  /** What OffsetFetch answers for everything, and what it answers who wants it to be stable. */
  fetch(group: string): string[] {
    return [...this.byGroup.get(group) ?? []].map(([partition, { offset, metadata }]) => `${partition} ${offset} ${metadata}`).sort();
  }

  fetchStable(group: string, partition: string): string {
    if (this.#isPending(group, partition)) return "unstable";
    return String(this.byGroup.get(group)?.get(partition)?.offset ?? -1);
  }

  delete(groupId: string, topic: string, partition: number): Ticket {
    const ticket = new Ticket(groupId);
    const group = this.model.groups.get(groupId);
    if (groupId === "") return ticket.fail(ErrorCode.INVALID_GROUP_ID);
    if (group === undefined) return ticket.fail(ErrorCode.GROUP_ID_NOT_FOUND);
    if (group.state !== "Empty" && group.protocolType !== "consumer") return ticket.fail(ErrorCode.NON_EMPTY_GROUP);
    const subscribed = isSubscribed(group, topic);
    if (!subscribed && this.#drop(groupId, `${topic}-${partition}`)) this.model.writes++;
    ticket.give({ error: ErrorCode.NONE, partition: subscribed ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE });
    return ticket;
  }

  forgetTopic(name: string): void {
    const before = this.model.writes;
    const pending = this.pending.map(({ group, partition, committed }) => ({ group, partition, topic: committed.topic }));
    const committed = [...this.byGroup].flatMap(([group, offsets]) => {
      return [...offsets].map(([partition, { topic }]) => ({ group, partition, topic }));
    });
    for (const { group, partition, topic } of [...committed, ...pending]) {
      if (topic === name && this.#drop(group, partition)) this.model.writes = before + 1;
    }
  }

  forgetGroup(group: string): void {
    this.byGroup.delete(group);
    this.committers.delete(group);
    this.pending = this.pending.filter((one) => one.group !== group);
  }

  /** To be put back by {@link restore}. */
  copy(): Pick<ModelOffsets, "byGroup" | "committers" | "pending"> {
    return {
      pending: this.pending,
      byGroup: new Map([...this.byGroup].map(([group, offsets]) => [group, new Map(offsets)])),
      committers: new Set(this.committers),
    };
  }

  restore({ byGroup, committers, pending }: Pick<ModelOffsets, "byGroup" | "committers" | "pending">): void {
    this.pending = pending;
    this.byGroup = byGroup;
    this.committers = committers;
  }

  schedule(): void {
    const { model, settings } = this;
    model.timers.set("expire", model.now + settings.retentionCheckMs, () => {
      this.schedule();
      this.#expire();
    });
  }

  /** KIP-211. */
  #expire(): void {
    const { model } = this;
    const before = model.writes;
    for (const group of [...model.groups.values()]) {
      const offsets = this.byGroup.get(group.id) ?? new Map<string, Committed>();
      for (const [partition, committed] of [...offsets]) {
        if (!this.#isExpired(group, committed) || this.#isPending(group.id, partition)) continue;
        this.#drop(group.id, partition);
        model.writes = before + 1;
      }
      if (group.state === "Empty" && !this.byGroup.has(group.id) && !this.pending.some((one) => one.group === group.id)) {
        model.forget(group);
        model.writes = before + 1;
      }
    }
  }

  #isExpired(group: ModelGroup, { topic, at, expiresAt }: Committed): boolean {
    const { now } = this.model;
    if (isSubscribed(group, topic)) return false;
    let since = at;
    if (group.protocolType !== null && group.state === "Empty") since = group.since;
    else if (group.protocolType !== null && (group.state !== "Stable" || group.topics === null)) return false;
    return expiresAt === -1 ? now - since >= this.settings.retentionMs : now >= expiresAt;
  }

  #drop(group: string, partition: string): boolean {
    const offsets = this.byGroup.get(group);
    const dropped = offsets?.delete(partition) ?? false;
    if (offsets?.size === 0) this.byGroup.delete(group);
    const wasPending = this.#isPending(group, partition);
    this.pending = this.pending.filter((one) => one.group !== group || one.partition !== partition);
    return dropped || wasPending;
  }

  #commit(
    ticket: Ticket,
    { group, offsets }: Pick<ModelCommit, "group" | "offsets">,
    expiresAt: number,
    put: (partition: string, committed: Committed) => void,
  ): Ticket {
    const { model } = this;
    const partitions = offsets.map(({ topic, partition, offset, metadata }) => {
      if (metadata.length > this.settings.metadataMaxBytes) return ErrorCode.OFFSET_METADATA_TOO_LARGE;
      put(`${topic}-${partition}`, { topic, offset, metadata, at: model.now, expiresAt, order: this.#order++ });
      return ErrorCode.NONE;
    });
    if (partitions.includes(ErrorCode.NONE)) {
      this.committers.add(group);
      if (!model.groups.has(group)) model.groups.set(group, emptyGroup(group, -1));
      model.writes++;
    }
    ticket.give({ error: ErrorCode.NONE, partitions });
    return ticket;
  }

  #put(group: string, partition: string, committed: Committed): void {
    const offsets = this.byGroup.get(group) ?? new Map<string, Committed>();
    this.byGroup.set(group, offsets.set(partition, committed));
  }

  #isPending(group: string, partition: string): boolean {
    return this.pending.some((one) => one.group === group && one.partition === partition);
  }
}

function isSubscribed({ topics, protocolType }: ModelGroup, topic: string): boolean {
  return topics?.has(topic) ?? protocolType === "consumer";
}
