import { SeededRandom } from "../../../platform/mod.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import { OffsetCommit } from "../../../protocol/generated/08_offset_commit.ts";
import { JoinGroup, type JoinGroupResponse } from "../../../protocol/generated/11_join_group.ts";
import { SyncGroup, type SyncGroupResponse } from "../../../protocol/generated/14_sync_group.ts";
import { TxnOffsetCommit } from "../../../protocol/generated/28_txn_offset_commit.ts";
import { ZERO_UUID } from "../../../protocol/mod.ts";
import { poisoned, subscriptionTo } from "./group_harness.ts";
import type { ModelProtocol } from "./model_parts.ts";
import type { ModelCommit } from "./offsets_model.ts";
import { type Call, GROUPS, GroupWorld } from "./group_world.ts";

/** What one client believes; it may be out of date, which is the point. */
interface Client {
  readonly clientId: string;
  readonly instance: string | null;
  group: string;
  version: number;
  memberId: string;
  generation: number;
  /** The members it was told of as their leader. */
  members: readonly string[];
  joining: Call | null;
  /** What a sensible client would do next. */
  next: "join" | "sync" | null;
}

const TOPICS = ["t", "u"];

/** Clients that join, sync, beat, commit, leave, fall silent and return, in no order; administrators; nonsense; restarts and failing logs. */
export class GroupCrowd {
  readonly #world: GroupWorld;
  readonly #clients: Client[];
  readonly #maxSize: number;
  /** What was done, for people to read. */
  readonly story: string[] = [];
  #random = new SeededRandom(0);
  /** JoinGroup requests that led to a generation. */
  joined = 0;

  private constructor(world: GroupWorld, seed: number, maxSize: number) {
    this.#world = world;
    this.#maxSize = maxSize;
    this.#clients = Array.from({ length: 6 }, (_, index) => ({
      clientId: "c",
      instance: index < 2 ? `i${index}` : null,
      group: GROUPS[0],
      version: (seed + index * 3) % 10,
      memberId: "",
      generation: -1,
      members: [],
      joining: null,
      next: "join",
    }));
  }

  static async start(seed: number): Promise<GroupCrowd> {
    const maxSize = seed % 4 === 0 ? 3 : 100;
    const settings = { groupInitialRebalanceDelayMs: seed % 3 === 0 ? 3_000 : 0, groupMaxSize: maxSize, groupMaxSessionTimeoutMs: 400_000 };
    return new GroupCrowd(await GroupWorld.start(seed, settings), seed, maxSize);
  }

  /** One step; `seed` alone says which, so that steps can be left out. */
  async step(seed: number): Promise<void> {
    this.#random = new SeededRandom(seed);
    const below = (count: number): number => this.#random.below(count);
    const client = this.#pick(this.#clients);
    for (const each of this.#clients) this.#hear(each);
    if (client.next !== null && client.joining === null && below(4) > 0) {
      return await (client.next === "join" ? this.#join(client) : this.#sync(client));
    }
    const kind = below(60);
    if (kind >= 53) return await this.#commitTransactional(client);
    if (kind >= 48) return await this.#endTransaction();
    if (kind < 10) return await this.#join(client);
    if (kind < 23) return await this.#sync(client);
    if (kind < 27) return await this.#heartbeat(client);
    if (kind < 31) return await this.#commit(client);
    if (kind < 34) return await this.#leave(client);
    if (kind < 41) return await this.#advance();
    if (kind < 46) return await this.#administrate();
    if (kind === 46) return this.#say("the next write fails", this.#world.failNextWrite(below(2) === 0 ? "append" : "durable"));
    if (below(3) > 0) return;
    const maxSize = below(4) === 0 ? 2 : this.#maxSize;
    this.#say(`restart with at most ${maxSize}`, null);
    await this.#world.restart(maxSize);
  }

  async #join(client: Client): Promise<void> {
    if (this.#rarely()) client.group = this.#pick(GROUPS);
    const group = this.#rarely(40) ? "" : client.group;
    const { version, clientId } = client;
    const memberId = this.#memberId(client);
    const instance = version >= 5 ? this.#instance(client) : null;
    const protocolType = this.#rarely(20) ? this.#pick(["connect", ""]) : "consumer";
    const protocols = this.#protocols();
    const sessionMs = this.#rarely(40)
      ? this.#pick([5_999, 400_001])
      : this.#pick([6_000, 60_000]) + this.#random.below(this.#pick([9_000, 300_000]));
    const rebalanceMs = 2_000 + this.#random.below(20_000);
    this.#say("join", {
      group,
      version,
      memberId,
      instance,
      protocolType,
      protocols: protocols.map(({ name }) => name),
      sessionMs,
      rebalanceMs,
    });
    const { message, poison } = poisoned(JoinGroup, version, {
      groupId: group,
      sessionTimeoutMs: sessionMs,
      rebalanceTimeoutMs: rebalanceMs,
      memberId,
      groupInstanceId: instance,
      protocolType,
      protocols: protocols.map(({ name, metadata }) => ({ name, metadata: Uint8Array.from(metadata) })),
      reason: null,
    });
    client.joining = await this.#world.request(group, async (service) => {
      const answer = service.join({ apiVersion: version, clientId, clientHost: "/127.0.0.1" }, message);
      poison();
      return wordsOfJoin(await answer);
    }, () => this.#world.model.join({ group, version, clientId, memberId, instance, sessionMs, rebalanceMs, protocolType, protocols }));
    this.#hear(client);
  }

  async #sync(client: Client): Promise<void> {
    const group = this.#group(client);
    const memberId = this.#memberId(client);
    const instance = this.#instance(client);
    const generation = this.#generation(client);
    const protocolType = this.#rarely(20) ? "connect" : this.#pick(["consumer", null]);
    const protocol = this.#rarely(20) ? "range" : null;
    const named = [...client.members, "nobody"].filter(() => !this.#rarely());
    const assignments = new Map(named.map((id) => [id, this.#random.below(256)]));
    this.#say("sync", { group, memberId, instance, generation, protocolType, protocol });
    const { message, poison } = poisoned(SyncGroup, 5, {
      groupId: group,
      generationId: generation,
      memberId,
      groupInstanceId: instance,
      protocolType,
      protocolName: protocol,
      assignments: [...assignments].map(([memberId, byte]) => ({ memberId, assignment: Uint8Array.of(byte) })),
    });
    const call = await this.#world.request(group, async (service) => {
      const answer = service.sync(message);
      poison();
      return wordsOfSync(await answer);
    }, () => this.#world.model.sync({ group, memberId, instance, generation, protocolType, protocol, assignments }));
    this.#learn(client, call);
  }

  async #heartbeat(client: Client): Promise<void> {
    const group = this.#group(client);
    const memberId = this.#memberId(client);
    const instance = this.#instance(client);
    const generation = this.#generation(client);
    this.#say("heartbeat", { group, memberId, instance, generation });
    const call = await this.#world.request(
      group,
      async (service) => ({
        error: await service.heartbeat({ groupId: group, generationId: generation, memberId, groupInstanceId: instance }),
      }),
      () => this.#world.model.heartbeat(group, memberId, instance, generation),
    );
    this.#learn(client, call);
  }

  async #commit(client: Client): Promise<void> {
    const group = client.group;
    const version = 2 + this.#random.below(8);
    const simple = this.#rarely(3);
    const memberId = simple ? "" : this.#memberId(client);
    const instance = simple || version < 7 ? null : this.#instance(client);
    const generation = simple ? -1 : this.#generation(client);
    const keepMs = version < 5 && this.#rarely(2) ? this.#random.below(100_000) : -1;
    const offsets = this.#offsets();
    this.#say("commit", { group, version, memberId, instance, generation, keepMs, offsets });
    const { message, poison } = poisoned(OffsetCommit, version, {
      groupId: group,
      generationIdOrMemberEpoch: generation,
      memberId,
      groupInstanceId: instance,
      retentionTimeMs: keepMs,
      topics: offsets.map(({ topic, partition, offset, metadata }) => ({
        name: topic,
        topicId: ZERO_UUID,
        partitions: [{ partitionIndex: partition, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: metadata }],
      })),
    });
    const call = await this.#world.request(group, async (service) => {
      const answer = service.commitOffsets({ apiVersion: version, clientId: "c", clientHost: "/127.0.0.1" }, message);
      poison();
      return { error: 0, partitions: (await answer).map(({ partitions }) => partitions[0].errorCode) };
    }, () => this.#world.model.offsets.commit({ group, version, memberId, instance, generation, keepMs, offsets }));
    this.#learn(client, call);
  }

  async #commitTransactional(client: Client): Promise<void> {
    const group = this.#rarely(40) ? "" : client.group;
    const simple = this.#rarely(2);
    const memberId = simple ? "" : this.#memberId(client);
    const instance = simple ? null : this.#instance(client);
    const generation = simple ? -1 : this.#generation(client);
    const producerId = 1 + this.#random.below(3);
    const offsets = this.#offsets();
    this.#say("commit in a transaction", { group, memberId, instance, generation, producerId, offsets });
    const { message, poison } = poisoned(TxnOffsetCommit, 4, {
      transactionalId: `t${producerId}`,
      groupId: group,
      producerId,
      producerEpoch: 0,
      generationId: generation,
      memberId,
      groupInstanceId: instance,
      topics: offsets.map(({ topic, partition, offset, metadata }) => ({
        name: topic,
        partitions: [{ partitionIndex: partition, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: metadata }],
      })),
    });
    await this.#world.request(group, async (service) => {
      const answer = service.commitTransactionalOffsets({ apiVersion: 4, clientId: "c", clientHost: "/127.0.0.1" }, message);
      poison();
      return { error: 0, partitions: (await answer).map(({ partitions }) => partitions[0].errorCode) };
    }, () => this.#world.model.offsets.commitTransactional({ group, memberId, instance, generation, producerId, offsets }));
  }

  async #endTransaction(): Promise<void> {
    const producerId = 1 + this.#random.below(3);
    const committed = this.#random.below(2) === 0;
    this.#say("end of a transaction", { producerId, committed });
    const marker = { producerId, producerEpoch: 0, committed, coordinatorEpoch: 0, transactionVersion: 1 };
    await this.#world.request(
      "",
      async (service) => ({ error: await service.completeTransaction(0, marker) ?? 0 }),
      () => this.#world.model.offsets.end(producerId, committed),
    );
  }

  async #leave(client: Client): Promise<void> {
    const group = this.#group(client);
    const leaving = [client, ...this.#clients.filter(() => this.#rarely(8))].map((one) => {
      const byInstance = one.instance !== null && this.#rarely(3);
      return { memberId: byInstance ? "" : this.#memberId(one), instance: byInstance ? one.instance : this.#instance(one) };
    });
    this.#say("leave", { group, leaving });
    const members = leaving.map(({ memberId, instance }) => ({
      memberId,
      groupInstanceId: instance,
      reason: this.#pick([null, "because"]),
    }));
    await this.#world.request(group, async (service) => {
      const answers = await service.leave(group, members);
      return { error: 0, members: answers.map(({ errorCode }) => errorCode) };
    }, () => this.#world.model.leave(group, leaving));
    if (!this.#rarely(3)) Object.assign(client, { memberId: "", generation: -1 });
  }

  async #advance(): Promise<void> {
    const kind = this.#random.below(60);
    const [next] = this.#world.model.timers.dueTimes;
    const ms = kind < 10
      ? next - this.#world.model.now
      : this.#random.below(kind < 30 ? 100 : kind < 50 ? 5_000 : kind < 59 ? 40_000 : 400_000);
    this.#say(`${ms} ms pass`, null);
    await this.#world.advance(ms);
  }

  async #administrate(): Promise<void> {
    const { model } = this.#world;
    const group = this.#rarely(20) ? "" : this.#pick(GROUPS);
    const topic = this.#pick(TOPICS);
    const partition = this.#random.below(2);
    switch (this.#random.below(4)) {
      case 0:
        this.#say("delete group", group);
        await this.#world.request(group, async (service) => ({ error: await service.deleteGroup(group) ?? 0 }), () => model.delete(group));
        return;
      case 1:
        this.#say("delete offset", { group, topic, partition });
        await this.#world.request(group, async (service) => {
          const [{ partitions }] = await service.deleteOffsets(group, [{ name: topic, partitions: [{ partitionIndex: partition }] }]);
          return { error: 0, partition: partitions[0].errorCode };
        }, () => model.offsets.delete(group, topic, partition));
        return;
      case 2:
        this.#say("topic is deleted", topic);
        if (this.#rarely(2)) {
          await this.#world.tell((service) => service.forgetTopics([topic, "v"]), () => model.offsets.forgetTopic(topic));
        }
        return;
      case 3:
        return await this.#look(group);
    }
  }

  /** Lists by state, and describes a group for clients of long ago. */
  async #look(group: string): Promise<void> {
    const { model } = this.#world;
    const states = ["Stable", "preparingrebalance", "Empty "].filter(() => this.#rarely(2));
    const type = this.#pick(["classic", "Classic", "consumer"]);
    this.#say("look", { group, states, type });
    await this.#world.request(group, async (service) => ({
      error: (await service.describe(group, 5)).errorCode,
      listed: (await service.list(states, [type])).map(({ groupId }) => groupId).sort(),
    }), () => model.look(states, type));
  }

  /** Takes in the answer to a JoinGroup, if it has come. */
  #hear(client: Client): void {
    const answer = client.joining?.answer;
    if (answer === null || answer === undefined) return;
    client.joining = null;
    client.next = "join";
    if (answer.error === 0) {
      this.joined++;
      client.next = "sync";
      client.generation = Number(answer.generation);
      client.members = (answer.members as string[]).map((line) => line.split(" ")[0]);
    }
    if (typeof answer.memberId === "string") client.memberId = answer.memberId;
  }

  #learn(client: Client, { answer }: Call): void {
    const error = answer?.error;
    if (error === ErrorCode.UNKNOWN_MEMBER_ID || error === ErrorCode.FENCED_INSTANCE_ID) client.memberId = "";
    client.next = answer === null || error === ErrorCode.NONE ? null : "join";
  }

  #group({ group }: Client): string {
    return this.#rarely(40) ? "" : this.#rarely() ? this.#pick(GROUPS) : group;
  }

  #memberId(client: Client): string {
    return this.#rarely() ? this.#pick([...this.#clients.map(({ memberId }) => memberId), "nobody", ""]) : client.memberId;
  }

  #instance({ instance }: Client): string | null {
    return this.#rarely(15) ? this.#pick(["i0", "i1", "i2", null]) : instance;
  }

  #generation({ generation }: Client): number {
    return this.#rarely() ? generation + this.#random.below(5) - 2 : generation;
  }

  #offsets(): ModelCommit["offsets"] {
    return TOPICS.filter(() => this.#random.below(3) > 0).map((topic) => {
      const metadata = this.#rarely() ? "far too much" : this.#pick(["", "x"]);
      return { topic, partition: this.#random.below(2), offset: this.#random.below(1000), metadata };
    });
  }

  #protocols(): ModelProtocol[] {
    if (this.#rarely(60)) return [];
    const names = ["range", "sticky", "odd"].filter((name) => name === "range" ? !this.#rarely(12) : this.#rarely(2));
    if (this.#rarely(3)) names.reverse();
    return names.map((name) => {
      const topics = this.#rarely(3) ? null : this.#pick([["t"], ["t"], ["t", "u"], []]);
      return { name, topics, metadata: topics === null ? [1] : [...subscriptionTo(...topics)] };
    });
  }

  #rarely(oneIn = 12): boolean {
    return this.#random.below(oneIn) === 0;
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#random.below(from.length)];
  }

  #say(what: string, detail: unknown): void {
    this.story.push(detail === null || detail === undefined ? what : `${what} ${JSON.stringify(detail)}`);
  }
}

function wordsOfJoin(response: JoinGroupResponse): Record<string, unknown> {
  const { errorCode: error, memberId, generationId: generation, protocolType, protocolName: protocol, leader, skipAssignment } = response;
  if (error !== 0) return { error, memberId };
  const members = response.members.map((member) => [member.memberId, member.groupInstanceId, member.metadata].join(" ")).sort();
  return { error, memberId, generation, protocolType, protocol, leader, members, skipAssignment };
}

function wordsOfSync({ errorCode: error, assignment, protocolType, protocolName: protocol }: SyncGroupResponse): Record<string, unknown> {
  return error === 0 ? { error, protocolType, protocol, assignment: [...assignment] } : { error };
}
