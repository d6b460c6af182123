import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SeededRandom } from "../../../platform/mod.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import type { JoinGroupResponse } from "../../../protocol/generated/11_join_group.ts";
import { type Call, commitTo, GroupHarness } from "../testing/group_harness.ts";

const SEEDS = 60;
const STEPS = 120;

/** What one client believes. Its beliefs may be out of date, which is the point. */
interface Client {
  readonly instance: string | null;
  readonly version: number;
  memberId: string;
  generation: number;
  joining: Call<JoinGroupResponse> | null;
}

/** Clients that join, sync, beat, commit, leave, die and return, in no order; some requests are nonsense; the broker restarts now and then. */
class Crowd {
  readonly harness: GroupHarness;
  readonly #random: SeededRandom;
  readonly #clients: Client[];
  /** Every generation of which a leader was told, with its members: no generation is begun twice with others while the broker lives. */
  readonly #leaders = new Map<string, string>();
  completed = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    const settings = { groupInitialRebalanceDelayMs: seed % 3 === 0 ? 3_000 : 0, groupMaxSize: seed % 5 === 0 ? 3 : 100 };
    this.harness = new GroupHarness(settings, seed);
    this.#clients = Array.from({ length: 5 }, (_, index) => ({
      instance: index < 2 ? `instance-${index}` : null,
      version: this.#random.below(10),
      memberId: "",
      generation: -1,
      joining: null,
    }));
  }

  async step(): Promise<void> {
    const client = this.#pick(this.#clients);
    this.#hear(client);
    switch (this.#random.below(12)) {
      case 0:
      case 1:
      case 2:
        return await this.#join(client);
      case 3:
      case 4:
      case 5:
        return await this.#sync(client);
      case 6:
        return this.#learn(client, await this.harness.heartbeat(client.memberId, client.generation, client.instance));
      case 7:
        return this.#learn(client, await this.#commit(client));
      case 8:
        return await this.#leave(client);
      case 9:
        return await this.harness.advance(this.#random.below(2) === 0 ? 1_000 : 7_000);
      case 10:
        return await this.#nonsense();
      case 11:
        if (this.#random.below(8) === 0) await this.#restart();
    }
  }

  /** Everybody falls silent: in the end nobody is a member and nothing is scheduled. */
  async end(): Promise<void> {
    for (let i = 0; i < 40; i++) await this.harness.advance(30_000);
    for (const group of this.harness.shard.groups.values()) {
      assert.deepEqual([group.state, group.members.size, group.pendingJoin.size], ["Empty", 0, 0]);
    }
    assert.deepEqual(this.harness.timers, []);
  }

  async #join(client: Client): Promise<void> {
    const static_ = client.version >= 5;
    const protocols = [
      { name: "range", metadata: Uint8Array.of(this.#random.below(3)) },
      { name: "sticky", metadata: new Uint8Array(0) },
    ].slice(this.#random.below(4) === 0 ? 1 : 0);
    client.joining = await this.harness.join({
      memberId: client.memberId,
      groupInstanceId: static_ ? client.instance : null,
      sessionTimeoutMs: 6_000 + 1_000 * this.#random.below(10),
      rebalanceTimeoutMs: 5_000 + 1_000 * this.#random.below(20),
      protocols,
    }, client.version);
    this.#hear(client);
  }

  /** Takes in the answer to a JoinGroup, if it has come. */
  #hear(client: Client): void {
    const response = client.joining?.response;
    if (response === null || response === undefined) return;
    client.joining = null;
    if (response.errorCode === ErrorCode.NONE) {
      this.completed++;
      client.memberId = response.memberId;
      client.generation = response.generationId;
      if (response.members.length > 0) {
        assert.equal(response.leader, response.memberId);
        assert.ok(response.members.some(({ memberId }) => memberId === response.memberId));
      }
      const known = this.#leaders.get(`${response.generationId}`);
      if (known === undefined) this.#leaders.set(`${response.generationId}`, response.protocolName ?? "");
      else assert.equal(response.protocolName, known, "a generation has one protocol");
    } else if (response.errorCode === ErrorCode.MEMBER_ID_REQUIRED) {
      client.memberId = response.memberId;
    } else if (response.errorCode !== ErrorCode.REBALANCE_IN_PROGRESS) {
      client.memberId = "";
    }
  }

  async #sync(client: Client): Promise<void> {
    const members = [...this.harness.shard.groups.get("g")?.members.keys() ?? []];
    const assignments = members.map((memberId, index) => ({ memberId, assignment: Uint8Array.of(index) }));
    const { memberId, generation: generationId, instance } = client;
    const groupInstanceId = client.version >= 5 ? instance : null;
    const call = await this.harness.sync({ memberId, generationId, groupInstanceId, assignments });
    this.#learn(client, call);
    if (call.response?.errorCode === ErrorCode.NONE) assert.equal(generationId, this.harness.group().generation);
  }

  #commit(client: Client): Promise<Call<unknown>> {
    const { memberId, generation, instance } = client;
    const topics = [commitTo("t", this.#random.below(3), this.#random.below(1000))];
    const groupInstanceId = client.version >= 5 ? instance : null;
    return this.harness.commit({ memberId, groupInstanceId, generationIdOrMemberEpoch: generation, topics }, 9);
  }

  async #leave(client: Client): Promise<void> {
    await this.harness.leave([{ memberId: client.memberId, groupInstanceId: client.version >= 5 ? client.instance : null }]);
    client.memberId = "";
    client.generation = -1;
  }

  async #nonsense(): Promise<void> {
    const anybody = this.#pick(this.#clients).memberId;
    const generation = this.#random.below(5) - 1;
    switch (this.#random.below(5)) {
      case 0:
        return void await this.harness.heartbeat(anybody, generation, "instance-0");
      case 1:
        return void await this.harness.join({ memberId: anybody, protocolType: "connect" }, this.#random.below(10));
      case 2:
        return void await this.harness.sync({ memberId: anybody, generationId: generation, protocolName: "none" });
      case 3:
        return void await this.harness.leave([{ memberId: "", groupInstanceId: "instance-1" }, { memberId: anybody }, {
          memberId: anybody,
        }]);
      case 4:
        return void await this.harness.commit({ memberId: "nobody", generationIdOrMemberEpoch: generation }, 8);
    }
  }

  async #restart(): Promise<void> {
    await this.harness.restart();
    this.#leaders.clear();
    for (const client of this.#clients) client.joining = null;
  }

  #learn(client: Client, { error }: { error: number | null }): void {
    if (error === ErrorCode.UNKNOWN_MEMBER_ID || error === ErrorCode.FENCED_INSTANCE_ID) client.memberId = "";
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#random.below(from.length)];
  }
}

describe("classic groups under random requests", () => {
  it(`keep their invariants over ${SEEDS} seeds of ${STEPS} steps`, async () => {
    let completed = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const crowd = new Crowd(seed);
      try {
        for (let i = 0; i < STEPS; i++) await crowd.step();
        await crowd.end();
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
      completed += crowd.completed;
    }
    assert.ok(completed > SEEDS * 5, `only ${completed} joins were completed`);
  });
});
