import { type ClientName, Driver, type MemberEvent } from "../drivers/driver.ts";
import { waitUntil, within } from "../processes.ts";
import { contentOfLine, recordLine, type TestRecord } from "../records.ts";
import type { Target } from "../target.ts";
import type { Entry, History } from "./history.ts";
import { MOST_MEMBERS, type Plan, type Step } from "./plan.ts";

/** How long a group may take to be stable, beside the session of whoever died, once nothing disturbs it. */
const STABLE_LIMIT_MS = 30_000;
const END_LIMIT_MS = 40_000;
const ASK_LIMIT_MS = 20_000;
const BATCH = 10;
const BETWEEN_BATCHES_MS = 50;
/** The session ends, and the others take a moment to rejoin. */
const BEYOND_SESSION_MS = 2_000;
const REST_MS = 1_500;

interface Member {
  readonly number: number;
  readonly instanceId: string | undefined;
  readonly driver: Driver;
  readonly owned: Set<number>;
  hasJoined: boolean;
}

/** Omit of a union. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** One plan carried out on a broker, with all that is seen of it. */
export class GroupRun {
  readonly #entries: Entry[] = [];
  readonly counts = { members: 0, killed: 0, returned: 0, slept: 0, brokerKilled: 0, brokerRestarted: 0, records: 0 };
  readonly #alive: Member[] = [];
  readonly #name: string;
  #admin: Driver | undefined;
  #sending = true;
  #disturbed = "";
  #ends: number[] | undefined;

  constructor(readonly target: Target, readonly plan: Plan) {
    this.#name = `group-${plan.seed}`;
  }

  get history(): History {
    return { partitions: this.plan.partitions, entries: this.#entries, ends: this.#ends };
  }

  /** Runs it to its end, where every member has left; fails when the group does not come to rest. */
  async run(): Promise<void> {
    const { plan } = this;
    const admin = await Driver.start("kafkajs", this.target.bootstrap);
    this.#admin = admin;
    await this.#ask("createTopic", { topic: this.#name, partitions: plan.partitions });
    const producer = await Driver.start(plan.producer, this.target.bootstrap);
    const sending = this.#send(producer);
    try {
      await Promise.all(Array.from({ length: plan.members }, () => this.#join()));
      await this.#waitStable();
      for (const step of plan.steps) {
        await pause(step.afterMs);
        await this.#take(step);
      }
      await pause(REST_MS);
      this.#sending = false;
      await sending;
      await this.#finish();
    } finally {
      this.#sending = false;
      await Promise.all([admin, producer, ...this.#alive.map(({ driver }) => driver)].map((driver) => driver.kill()));
    }
  }

  async #take(step: Step): Promise<void> {
    switch (step.do) {
      case "join":
        if (this.#alive.length < MOST_MEMBERS) await this.#join();
        return;
      case "leave":
        return await this.#leave(this.#pick(step.who));
      case "kill":
        return await this.#kill(this.#pick(step.who));
      case "return":
        return await this.#return(step.who);
      case "sleep":
        this.counts.slept++;
        return await this.#pick(step.who).driver.sleep(this.plan.sessionTimeoutMs + BEYOND_SESSION_MS);
      case "wait until stable":
        return await this.#waitStable();
      case "kill broker":
        return await this.#outage(true);
      case "restart broker":
        return await this.#outage(false);
    }
  }

  async #outage(killed: boolean): Promise<void> {
    const from = now();
    if (killed) await this.target.kill9();
    else await this.target.stop();
    await this.target.start();
    this.#note({ kind: "outage", from, killed });
    if (killed) this.counts.brokerKilled++;
    else this.counts.brokerRestarted++;
    await this.#readOffsets(false);
  }

  async #join(instanceId = this.plan.isStatic ? `${this.#name}-${this.counts.members}` : undefined, client?: ClientName): Promise<Member> {
    const number = this.counts.members++;
    const chosen = client ?? this.plan.clients[number % this.plan.clients.length];
    const owned = new Set<number>();
    const driver = await Driver.start(chosen, this.target.bootstrap, (said) => this.#hear(member, said));
    const member: Member = { number, instanceId, driver, owned, hasJoined: false };
    this.#note({ kind: "started", member: number, client: chosen, instanceId });
    this.#alive.push(member);
    const { assignor, sessionTimeoutMs, commitEvery } = this.plan;
    await driver.consume({ group: this.#name, topic: this.#name, assignor, instanceId, sessionTimeoutMs, commitEvery });
    return member;
  }

  #hear(member: Member, said: MemberEvent): void {
    this.#entries.push({ kind: "said", at: said.at, member: member.number, said });
    if (said.event === "assigned") {
      member.hasJoined = true;
      for (const partition of said.partitions) member.owned.add(partition);
    } else if (said.event === "revoked") {
      for (const partition of said.partitions) member.owned.delete(partition);
    }
  }

  async #leave(member: Member): Promise<void> {
    await member.driver.leave();
    this.#end(member, "left");
  }

  async #kill(member: Member): Promise<void> {
    await member.driver.kill();
    this.#end(member, "killed");
    this.counts.killed++;
  }

  /** Only in a group at rest can it be told whether the return disturbed it. */
  async #return(who: number): Promise<void> {
    await this.#waitStable();
    const before = this.#pick(who);
    await this.#kill(before);
    const after = await this.#join(before.instanceId, before.driver.client);
    await waitUntil(`member ${after.number} returns`, STABLE_LIMIT_MS, () => after.hasJoined);
    this.#note({ kind: "returned", before: before.number, after: after.number });
    this.counts.returned++;
  }

  #end(member: Member, how: "left" | "killed"): void {
    this.#alive.splice(this.#alive.indexOf(member), 1);
    this.#note({ kind: "ended", member: member.number, how });
  }

  #pick(who: number): Member {
    return this.#alive[who % this.#alive.length];
  }

  /** Every partition is one member's, and the broker thinks so too. */
  async #waitStable(): Promise<void> {
    await waitUntil("the group is stable", STABLE_LIMIT_MS + this.plan.sessionTimeoutMs, async () => {
      this.#assertAllRun();
      const owned = this.#alive.flatMap((member) => [...member.owned]);
      if (owned.length !== this.plan.partitions || new Set(owned).size !== owned.length) return false;
      if (!this.#alive.every(({ hasJoined }) => hasJoined)) return false;
      return (await this.#ask("describeGroup", { group: this.#name }) as { state: string }).state === "Stable";
    }, 50);
  }

  /** Everything is delivered and committed; then everybody leaves. */
  async #finish(): Promise<void> {
    await this.#waitStable();
    const ends = await this.#logEnds();
    await waitUntil(`all is committed: ${ends}`, END_LIMIT_MS, async () => {
      this.#assertAllRun();
      const committed = new Map(await this.#committed());
      return ends.every((end, partition) => (committed.get(partition) ?? 0) === end);
    }, 100);
    await this.#readOffsets(true);
    await Promise.all([...this.#alive].map((member) => this.#leave(member)));
    await this.#readOffsets(true);
    this.#ends = ends;
  }

  #assertAllRun(): void {
    for (const { driver, number } of this.#alive) {
      if (driver.hasExited) throw new Error(`member ${number} (${driver.client}) ended by itself:\n${driver.tail.join("\n")}`);
    }
    if (this.#disturbed !== "") throw new Error(this.#disturbed);
  }

  async #readOffsets(last: boolean): Promise<void> {
    const from = now();
    const offsets = await this.#committed();
    this.#note({ kind: "read", from, offsets, last });
  }

  async #committed(): Promise<[number, number][]> {
    const [{ partitions }] = await this.#ask("groupOffsets", { group: this.#name, topic: this.#name }) as {
      partitions: { partition: number; offset: string }[];
    }[];
    return partitions.map(({ partition, offset }) => [partition, Math.max(0, Number(offset))]);
  }

  async #logEnds(): Promise<number[]> {
    const offsets = await this.#ask("topicOffsets", { topic: this.#name }) as { partition: number; high: string }[];
    const ends = new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
    return Array.from({ length: this.plan.partitions }, (_, partition) => ends.get(partition) ?? 0);
  }

  /** A coordinator that is still loading, or a topic that is not everywhere yet, is asked again: kafkajs gives up at once. */
  async #ask(op: string, parameters: Record<string, unknown>): Promise<unknown> {
    let failure: unknown;
    const answer = await within(ASK_LIMIT_MS, async () => {
      try {
        return { result: await this.#admin?.call(op, parameters) };
      } catch (error) {
        failure = error;
      }
    }, 100);
    if (answer === undefined) throw failure;
    return answer.result;
  }

  /** Sends until told otherwise. What failed may be in the log all the same. */
  async #send(producer: Driver): Promise<void> {
    for (let first = 0; this.#sending; first += BATCH) {
      const records = Array.from({ length: BATCH }, (_, i) => this.#record(first + i));
      const contents = records.map((record) => contentOfLine(recordLine(record, 0)));
      for (const content of contents) this.#note({ kind: "sending", content });
      try {
        const offsets = await producer.produce(this.#name, records);
        records.forEach(({ partition }, i) => {
          this.#note({ kind: "acknowledged", partition, offset: offsets[i], content: contents[i] });
        });
        this.counts.records += BATCH;
      } catch (error) {
        if (producer.hasExited && this.#sending) this.#disturbed = String(error);
        if (producer.hasExited) return;
      }
      await pause(BETWEEN_BATCHES_MS);
    }
  }

  #record(number: number): TestRecord {
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    return {
      partition: number % this.plan.partitions,
      timestamp: Date.now(),
      key: bytes(`key ${number % 7}`),
      value: bytes(`${this.#name} ${number}`),
      headers: [["number", bytes(String(number))]],
    };
  }

  #note(entry: Without<Entry, "at">): void {
    this.#entries.push({ ...entry, at: now() } as Entry);
  }
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
