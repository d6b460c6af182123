import assert from "node:assert/strict";
import { ManualClock, recordingLogger, SeededRandom, type Timers } from "../../../platform/mod.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import { ZERO_UUID } from "../../../protocol/mod.ts";
import { NO_PRODUCER_ID } from "../../../protocol/records/mod.ts";
import { KafkaError } from "../../kafka_error.ts";
import type { GroupSettings } from "../group/environment.ts";
import { groupRecordCodec } from "../group/records.ts";
import { GroupService } from "../group/service.ts";
import type { LoggedBatch, LoggedRecord } from "../shard_log.ts";
import { everyTransaction, groupSettings } from "./group_harness.ts";
import { GroupModel, type Observed } from "./group_model.ts";
import { MemoryShardLog } from "./memory_shard_log.ts";
import type { ModelSettings, Ticket } from "./model_parts.ts";
import { metadataOf } from "./model_rules.ts";

export const GROUPS = ["g", "h"];
/** All that there are, in order. */
const PARTITIONS = ["t-0", "t-1", "u-0", "u-1"];
/** What is not there for a test of groups: never fires. */
const noTimers: Timers = { schedule: () => ({ cancel() {} }), turn: () => Promise.resolve() };

/** What became of a request so far. */
export interface Call {
  readonly group: string;
  answer: Record<string, unknown> | null;
}

/** The service of groups over a log in memory, and the model of it. Every step goes to both, then everything that can be seen is compared. */
export class GroupWorld {
  readonly clock: ManualClock = new ManualClock();
  readonly log: MemoryShardLog = new MemoryShardLog();
  readonly model: GroupModel;
  readonly settings: { -readonly [name in keyof GroupSettings]: GroupSettings[name] };
  readonly #limits: ModelSettings;
  readonly #random: SeededRandom;
  readonly #due = new Set<{ readonly at: number }>();
  service: GroupService;
  #open: { readonly call: Call; readonly ticket: Ticket }[] = [];
  /** The request of this step, and all that it answered. */
  #current: Call | null = null;
  #fresh: readonly Call[] = [];
  #seen = new Map<string, readonly { readonly id: string; readonly instance: string | null }[]>();
  #armed: "append" | "durable" | null = null;
  #checked = 0;
  #steps = 0;
  readonly #written = new Map<string, boolean>();
  readonly #generations = new Map<string, number>();

  private constructor(seed: number, settings: Partial<GroupSettings>) {
    this.#random = new SeededRandom(seed);
    this.settings = {
      ...groupSettings,
      offsetsRetentionMs: 124_000,
      offsetsRetentionCheckIntervalMs: 31_000,
      offsetMetadataMaxBytes: 8,
      ...settings,
    };
    this.#limits = {
      minSessionMs: this.settings.groupMinSessionTimeoutMs,
      maxSessionMs: this.settings.groupMaxSessionTimeoutMs,
      initialDelayMs: this.settings.groupInitialRebalanceDelayMs,
      maxSize: this.settings.groupMaxSize,
      metadataMaxBytes: this.settings.offsetMetadataMaxBytes,
      retentionMs: this.settings.offsetsRetentionMs,
      retentionCheckMs: this.settings.offsetsRetentionCheckIntervalMs,
    };
    this.model = new GroupModel(this.#limits, this.#observed(), this.clock.now());
    this.service = this.#serviceOver(this.log, this.#timers());
  }

  static async start(seed: number, settings: Partial<GroupSettings>): Promise<GroupWorld> {
    const world = new GroupWorld(seed, settings);
    await world.service.start();
    return world;
  }

  /** A request to both. `ask` gets an answer as the model words it. */
  async request(group: string, ask: (service: GroupService) => Promise<Record<string, unknown>>, follow: () => Ticket): Promise<Call> {
    const call: Call = { group, answer: null };
    ask(this.service).then((answer) => call.answer = answer, (error) => {
      assert.ok(error instanceof KafkaError, error);
      call.answer = { error: error.code };
    });
    await this.#settle();
    this.#current = call;
    this.#fresh = [...this.#open.map((open) => open.call), call].filter(({ answer }) => answer !== null);
    await this.#follow(() => [() => void this.#open.push({ call, ticket: follow() })]);
    return call;
  }

  /** Something that has no answer of its own. */
  async tell(tell: (service: GroupService) => Promise<void>, follow: () => void): Promise<void> {
    await tell(this.service);
    await this.#settle();
    await this.#follow(() => [follow]);
  }

  /** Moves the clock, from one due time to the next. */
  async advance(ms: number): Promise<void> {
    const { model } = this;
    const end = this.clock.now() + ms;
    for (;;) {
      const timer = model.timers.next(end);
      const at = timer?.at ?? end;
      model.now = at;
      this.clock.advance(at - this.clock.now());
      await this.#settle();
      this.#fresh = this.#open.map(({ call }) => call).filter(({ answer }) => answer !== null);
      if (timer === null) return await this.#compare();
      // All that are due now have fired.
      await this.#follow(function* () {
        for (let due: typeof timer | null = timer; due !== null; due = model.timers.next(at)) yield due.fire;
      });
    }
  }

  /** The next batch of records is not appended, or not synced: the shard is dropped and read from its log. */
  failNextWrite(how: "append" | "durable"): void {
    if (this.#armed !== null) return;
    this.#armed = how;
    this.log.failNext(how, new Error("simulated"));
  }

  /** The broker ends and starts again, perhaps with another `group.max.size`. */
  async restart(maxSize: number): Promise<void> {
    this.service.close();
    await this.#settle(false);
    assert.equal(this.#due.size, 0, "no timer outlives its shard");
    this.settings.groupMaxSize = this.#limits.maxSize = maxSize;
    this.service = this.#serviceOver(this.log, this.#timers());
    await this.service.start();
    await this.#settle();
    this.model.reload();
    this.#generations.clear();
    await this.#compare(new Set(this.#open.map(({ ticket }) => ticket)));
  }

  /** The model takes decisions that were taken at the same time; the first that could not be written ends the shard. */
  async #follow(decisions: () => Iterable<() => void>): Promise<void> {
    const { model } = this;
    const { writes } = model;
    let lost: ReadonlySet<Ticket> = new Set();
    for (const decide of decisions()) {
      const before = { writes: model.writes, saved: new Map(model.saved), offsets: model.offsets.copy() };
      // What was answered before anything was written has left.
      const waiting = this.#open.map(({ ticket }) => ticket).filter(({ answer }) => answer === null || before.writes > writes);
      const known = this.#open.length;
      decide();
      if (this.#armed === null || model.writes === before.writes) continue;
      lost = new Set([...waiting, ...this.#open.slice(known).map(({ ticket }) => ticket)]);
      if (this.#armed === "append") {
        model.saved = before.saved;
        model.offsets.restore(before.offsets);
      }
      this.#armed = null;
      this.#generations.clear();
      model.reload();
      break;
    }
    await this.#compare(lost);
  }

  async #compare(lost: ReadonlySet<Ticket> = new Set()): Promise<void> {
    for (const { call, ticket } of this.#open) {
      assert.deepEqual(call.answer, lost.has(ticket) ? { error: ErrorCode.NOT_COORDINATOR } : ticket.answer);
    }
    this.#open = this.#open.filter(({ call }) => call.answer === null);
    this.#checkWritten();
    this.#checkModel();
    assert.deepEqual([...this.#due].map(({ at }) => at).sort((a, b) => a - b), this.model.timers.dueTimes, "when the timers are due");
    await compare(this.service, this.model);
    await this.#compareReload(this.log.written, this.model.offsets.committers);
    if (this.#steps++ % 8 === 0) await this.#compareCompacted();
  }

  /**
   * Of each key only the last record is left, and no tombstones: then groups are gone that neither have a record nor offsets. Nothing is left of what was aborted, and
   * everything from the first record of an open transaction on.
   */
  async #compareCompacted(): Promise<void> {
    const written = compacted(this.log.written);
    await this.#compareReload(written, committersOf(written));
  }

  /** A broker that reads the log now knows what the model says that the log holds. */
  async #compareReload(written: readonly LoggedBatch[], committers: ReadonlySet<string>): Promise<void> {
    const log = new MemoryShardLog();
    log.written.push(...written);
    const service = this.#serviceOver(log, noTimers);
    await service.start();
    const twin = new GroupModel(this.#limits, this.#observed(), this.model.now);
    twin.saved = this.model.saved;
    twin.offsets.byGroup = this.model.offsets.byGroup;
    twin.offsets.pending = this.model.offsets.pending;
    twin.offsets.committers = new Set(committers);
    twin.reload();
    await compare(service, twin);
    service.close();
  }

  #checkModel(): void {
    const { groups } = this.model;
    for (const id of this.#generations.keys()) if (!groups.has(id)) this.#generations.delete(id);
    for (const { id, state, generation, members, leaders, pending } of groups.values()) {
      assert.ok(generation >= (this.#generations.get(id) ?? 0), "generations go up");
      this.#generations.set(id, generation);
      const all = [...members.values()];
      assert.ok(all.every(({ joining }) => joining === null) || state === "PreparingRebalance", `a parked JoinGroup in ${state}`);
      assert.ok(all.every(({ syncing }) => syncing === null) || state === "CompletingRebalance", `a parked SyncGroup in ${state}`);
      assert.ok([...leaders].every((leader) => members.has(leader)) && [...pending].every((pending) => !members.has(pending)));
      if (state === "Empty") assert.equal(members.size, 0);
      if (state === "CompletingRebalance" || state === "Stable") assert.equal(leaders.size, 1);
      const dynamic = all.filter(({ instance }) => instance === null).length;
      if (state === "CompletingRebalance") assert.ok(dynamic <= this.#limits.maxSize, `${dynamic} members`);
    }
  }

  /** Tombstones are written only for what is there. */
  #checkWritten(): void {
    const { records } = this.log;
    for (; this.#checked < records.length; this.#checked++) {
      const { key, value } = records[this.#checked];
      const record = groupRecordCodec.decode(key!.slice(), value && value.slice())!;
      const name = JSON.stringify([record.type, record.key]);
      const committed = `commits of ${record.key.group}`;
      if (value === null) assert.ok(this.#written.get(name) || (record.type === "GroupMetadata" && this.#written.get(committed)), name);
      this.#written.set(name, value !== null);
      if (record.type === "OffsetCommit" && value !== null) this.#written.set(committed, true);
      if (record.type === "GroupMetadata" && value === null) this.#written.set(committed, false);
    }
  }

  #observed(): Observed {
    const told = (group: string, name: string): string => {
      const call = this.#fresh.find((call) => call.group === group && call.answer?.error === 0 && "leader" in call.answer);
      return String(call?.answer?.[name]);
    };
    return {
      newMemberId: (group, instance, taken) => {
        const named = this.#current?.answer?.memberId;
        if (typeof named === "string" && named !== "") return named;
        const member = this.#seen.get(group)?.find((seen) => seen.instance === instance && !taken.includes(seen.id));
        return member?.id ?? `${instance ?? "c"}-00000000-0000-0000-0000-000000000000`;
      },
      leader: (group) => told(group, "leader"),
      protocol: (group) => told(group, "protocol"),
      answered: () => this.#current?.answer !== null,
    };
  }

  /** Lets everything run that waits for nothing but the log; a shard that was dropped is read by then. */
  async #settle(isOpen = true): Promise<void> {
    await turns();
    if (!isOpen) return;
    for (const group of GROUPS) {
      let members = await membersOf(this.service, group);
      for (let i = 0; members === null && i < 100_000; i++) members = await turns().then(() => membersOf(this.service, group));
      this.#seen.set(group, members ?? []);
    }
  }

  #timers(): Timers {
    return {
      turn: () => this.clock.turn(),
      schedule: (delayMs, fire) => {
        const due = { at: this.clock.now() + delayMs };
        this.#due.add(due);
        const timer = this.clock.schedule(delayMs, () => {
          this.#due.delete(due);
          fire();
        });
        const cancel = (): void => {
          this.#due.delete(due);
          timer.cancel();
        };
        return { cancel };
      },
    };
  }

  #serviceOver(log: MemoryShardLog, timers: Timers): GroupService {
    const { clock, settings } = this;
    const logs = { topic: "__consumer_offsets", existing: () => [log], ensure: () => Promise.resolve([log]), leaderOf: () => 1 };
    return GroupService.in(logs, {
      settings,
      clock,
      timers,
      random: this.#random,
      logger: recordingLogger(),
      transactions: everyTransaction,
    });
  }
}

/** All that clients can see of all groups. */
async function compare(service: GroupService, model: GroupModel): Promise<void> {
  const listed = (await service.list([], [])).map(({ groupId, groupState, protocolType }) => [groupId, groupState, protocolType].join(" "));
  assert.deepEqual(
    listed.sort(),
    [...model.groups.values()].map(({ id, state, protocolType }) => [id, state, protocolType ?? ""].join(" ")).sort(),
  );
  for (const groupId of GROUPS) {
    const described = await service.describe(groupId, 6);
    assert.deepEqual({
      state: described.groupState,
      protocol: described.protocolData,
      members: described.members.map((member) =>
        [member.memberId, member.groupInstanceId, member.clientId, member.memberMetadata, member.memberAssignment].join(" ")
      ).sort(),
    }, describe(model, groupId));
    assert.deepEqual(await fetched(service, groupId), model.offsets.fetch(groupId));
    assert.deepEqual(await stable(service, groupId), PARTITIONS.map((partition) => model.offsets.fetchStable(groupId, partition)));
  }
}

function describe(model: GroupModel, groupId: string): unknown {
  const group = model.groups.get(groupId);
  if (group === undefined) return { state: "Dead", protocol: "", members: [] };
  const { state, protocol, members } = group;
  const lines = [...members.values()].map((member) => {
    const metadata = state === "Stable" ? metadataOf(member, protocol) : [];
    return [member.id, member.instance, member.clientId, metadata, member.assignment].join(" ");
  });
  return { state, protocol: state === "Stable" ? protocol : "", members: lines.sort() };
}

async function fetched(service: GroupService, group: string): Promise<string[]> {
  const topics = await service.fetchOffsets(group, null);
  return topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, committedOffset, metadata }) => `${name}-${partitionIndex} ${committedOffset} ${metadata}`)
  ).sort();
}

/** What is known of {@link PARTITIONS} to who wants it to be stable. */
async function stable(service: GroupService, group: string): Promise<string[]> {
  const asked = ["t", "u"].map((name) => ({ name, topicId: ZERO_UUID, partitionIndexes: [0, 1] }));
  const topics = await service.fetchOffsets(group, asked, true);
  return topics.flatMap(({ partitions }) =>
    partitions.map(({ committedOffset, errorCode }) =>
      errorCode === ErrorCode.UNSTABLE_OFFSET_COMMIT ? "unstable" : String(committedOffset)
    )
  );
}

/** What the cleaner leaves of a log. */
function compacted(written: readonly LoggedBatch[]): LoggedBatch[] {
  const fates = fatesOf(written);
  const firstOpen = fates.indexOf("open");
  const clean = firstOpen === -1 ? written.length : firstOpen;
  const last = new Map(
    written.slice(0, clean).filter((_, index) => fates[index] !== "abort").flatMap(({ records }) =>
      records.map((record) => [String(record.key), record])
    ),
  );
  return written.map((batch, index) => {
    if (index >= clean) return batch;
    const isKept = (record: LoggedRecord): boolean => record.value !== null && last.get(String(record.key)) === record;
    return { ...batch, records: fates[index] === "abort" ? [] : batch.records.filter(isKept) };
  });
}

/** How each batch's transaction has ended; null where it is part of none. */
function fatesOf(written: readonly LoggedBatch[]): (LoggedBatch["end"] | "open")[] {
  return written.map(({ producerId, end }, index) => {
    if (producerId === NO_PRODUCER_ID || end !== null) return null;
    return written.slice(index).find((later) => later.producerId === producerId && later.end !== null)?.end ?? "open";
  });
}

/** The groups that there are because they have committed something. */
function committersOf(written: readonly LoggedBatch[]): Set<string> {
  const groups = new Set<string>();
  for (const { key, value } of written.flatMap(({ records }) => records)) {
    const record = groupRecordCodec.decode(key!.slice(), value && value.slice())!;
    if (record.type === "OffsetCommit" && value !== null) groups.add(record.key.group);
    if (record.type === "GroupMetadata" && value === null) groups.delete(record.key.group);
  }
  return groups;
}

/** The members of a group, or null while it is being read. */
async function membersOf(service: GroupService, group: string): Promise<{ id: string; instance: string | null }[] | null> {
  try {
    const { members } = await service.describe(group, 0);
    return members.map(({ memberId: id, groupInstanceId: instance }) => ({ id, instance }));
  } catch (error) {
    if (error instanceof KafkaError && error.code === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS) return null;
    if (error instanceof KafkaError && error.code === ErrorCode.NOT_COORDINATOR) return null;
    throw error;
  }
}

async function turns(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve();
}
