import { ErrorCode } from "../../../protocol/errors.ts";
import { emptyGroup, type ModelGroup, type ModelSettings, type ModelTimers, Ticket } from "./model_parts.ts";

/** What offsets need of the groups. */
interface ModelOfGroups {
  readonly now: number;
  readonly groups: Map<string, ModelGroup>;
  readonly timers: ModelTimers;
  writes: number;
  commitError(group: string, version: number, memberId: string, instance: string | null, generation: number): number;
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

interface Committed {
  readonly topic: string;
  readonly offset: number;
  readonly metadata: string;
  readonly at: number;
  readonly expiresAt: number;
}

/** What groups have committed, by group and `topic-partition`. All of it is in the log. */
export class ModelOffsets {
  byGroup: Map<string, Map<string, Committed>> = new Map();
  /** The groups that there are because they have committed something. */
  committers: Set<string> = new Set();

  constructor(private readonly model: ModelOfGroups, private readonly settings: ModelSettings) {}

  commit(r: ModelCommit): Ticket {
    const { model } = this;
    const ticket = new Ticket(r.group);
    const error = model.commitError(r.group, r.version, r.memberId, r.instance, r.generation);
    if (error !== ErrorCode.NONE) return ticket.fail(error);
    const offsets = this.byGroup.get(r.group) ?? new Map<string, Committed>();
    const partitions = r.offsets.map(({ topic, partition, offset, metadata }) => {
      if (metadata.length > this.settings.metadataMaxBytes) return ErrorCode.OFFSET_METADATA_TOO_LARGE;
      const expiresAt = r.keepMs === -1 ? -1 : model.now + r.keepMs;
      offsets.set(`${topic}-${partition}`, { topic, offset, metadata, at: model.now, expiresAt });
      return ErrorCode.NONE;
    });
    if (partitions.includes(ErrorCode.NONE)) {
      this.byGroup.set(r.group, offsets);
      this.committers.add(r.group);
      if (!model.groups.has(r.group)) model.groups.set(r.group, emptyGroup(r.group, -1));
      model.writes++;
    }
    ticket.give({ error: ErrorCode.NONE, partitions });
    return ticket;
  }

  /** What OffsetFetch answers for everything. */
  fetch(group: string): string[] {
    return [...this.byGroup.get(group) ?? []].map(([partition, { offset, metadata }]) => `${partition} ${offset} ${metadata}`).sort();
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
    for (const [group, offsets] of this.byGroup) {
      for (const [partition, { topic }] of offsets) if (topic === name && this.#drop(group, partition)) this.model.writes = before + 1;
    }
  }

  forgetGroup(group: string): void {
    this.byGroup.delete(group);
    this.committers.delete(group);
  }

  /** To be put back by {@link restore}. */
  copy(): Pick<ModelOffsets, "byGroup" | "committers"> {
    return {
      byGroup: new Map([...this.byGroup].map(([group, offsets]) => [group, new Map(offsets)])),
      committers: new Set(this.committers),
    };
  }

  restore({ byGroup, committers }: Pick<ModelOffsets, "byGroup" | "committers">): void {
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
        if (!this.#isExpired(group, committed)) continue;
        this.#drop(group.id, partition);
        model.writes = before + 1;
      }
      if (group.state === "Empty" && !this.byGroup.has(group.id)) {
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
    return dropped;
  }
}

function isSubscribed({ topics, protocolType }: ModelGroup, topic: string): boolean {
  return topics?.has(topic) ?? protocolType === "consumer";
}
