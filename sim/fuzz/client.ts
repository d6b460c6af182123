import assert from "node:assert/strict";
import { batchOf, fetchFrom, offsetOf, produceTo } from "../../broker/testing/requests.ts";
import type { WireClient } from "../../broker/testing/wire_client.ts";
import type { BrokerWorld } from "../../broker/testing/world.ts";
import { settleThrough } from "../../platform/mod.ts";
import { type Api, ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import {
  CreateTopics,
  DescribeGroups,
  Fetch,
  FindCoordinator,
  Heartbeat,
  JoinGroup,
  type JoinGroupResponse,
  ListGroups,
  ListOffsets,
  Metadata,
  OffsetCommit,
  OffsetFetch,
  Produce,
  SyncGroup,
} from "../../protocol/generated/mod.ts";
import { batches } from "../../protocol/records/mod.ts";

class Unanswered extends Error {}

/** A client that does nothing wrong. */
export class GoodClient {
  private constructor(private readonly world: BrokerWorld, private readonly client: WireClient) {}

  static async connect(world: BrokerWorld): Promise<GoodClient> {
    return new GoodClient(world, await world.connect("good"));
  }

  close(): void {
    this.client.close();
  }

  /** Creates the topic unless it exists, with three partitions. */
  async ensureTopic(name: string): Promise<void> {
    const topic = { name, numPartitions: 3, replicationFactor: 1, assignments: [], configs: [] };
    const { topics: [{ errorCode }] } = await this.#call(CreateTopics, 7, { topics: [topic], timeoutMs: 1000, validateOnly: false });
    assert.ok(errorCode === ErrorCode.NONE || errorCode === ErrorCode.TOPIC_ALREADY_EXISTS, `CreateTopics of ${name}: ${errorCode}`);
  }

  /** Makes the broker a coordinator. */
  async findCoordinator(groupId: string): Promise<void> {
    const { coordinators: [{ errorCode }] } = await this.#call(FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: [groupId] });
    assert.equal(errorCode, ErrorCode.NONE, "FindCoordinator");
  }

  /**
   * Joins and syncs a group as a new member; null where others keep it from that, as they may for the times that they asked for.
   * This client is of no more use then.
   */
  async join(groupId: string): Promise<JoinGroupResponse | null> {
    try {
      return await this.#join(groupId);
    } catch (error) {
      if (error instanceof Unanswered) return null;
      throw error;
    }
  }

  async #join(groupId: string): Promise<JoinGroupResponse | null> {
    const times = { sessionTimeoutMs: 600_000, rebalanceTimeoutMs: 6_000 };
    const protocols = [{ name: "range", metadata: new Uint8Array(4) }];
    const request = { groupId, ...times, memberId: "", groupInstanceId: null, protocolType: "consumer", protocols, reason: null };
    const joined = await this.#call(JoinGroup, 3, request);
    if (joined.errorCode !== ErrorCode.NONE) return null;
    const { memberId, generationId } = joined;
    const assignments = joined.members.map((member) => ({ memberId: member.memberId, assignment: Uint8Array.of(1) }));
    const named = { protocolType: "consumer", protocolName: "range", groupInstanceId: null };
    const { errorCode } = await this.#call(SyncGroup, 5, { groupId, generationId, memberId, ...named, assignments });
    return errorCode === ErrorCode.NONE ? joined : null;
  }

  /** All that a client can see of topics, their ends, groups and what these have committed. */
  async look(): Promise<string> {
    const { topics } = await this.#call(Metadata, 12, {
      topics: null,
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    });
    const ends = await this.#call(ListOffsets, 7, {
      replicaId: -1,
      isolationLevel: 0,
      timeoutMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name: name!,
        partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp: -1n })),
      })),
    });
    const listed = await this.#call(ListGroups, 5, { statesFilter: [], typesFilter: [] });
    const names = listed.groups.map(({ groupId }) => groupId);
    const described = await this.#call(DescribeGroups, 5, { groups: names, includeAuthorizedOperations: false });
    const groups = names.map((groupId) => ({ groupId, memberId: null, memberEpoch: -1, topics: null }));
    const committed = await this.#call(OffsetFetch, 9, { groupId: "", topics: [], groups, requireStable: false });
    return JSON.stringify([topics, ends, listed, described, committed], (_, value) => typeof value === "bigint" ? `${value}` : value);
  }

  /** A day's work on a topic and a group that nobody else has. Throws when anything goes wrong. */
  async work(name: string): Promise<void> {
    await this.ensureTopic(name);
    const produced = await this.#call(Produce, 9, produceTo(name, 0, batchOf(["a", "b"])));
    assert.equal(produced.responses[0].partitionResponses[0].errorCode, ErrorCode.NONE, "Produce");
    const fetched = await this.#call(Fetch, 12, fetchFrom(name, 0, 0));
    const [{ records }] = fetched.responses[0].partitions;
    const values = [...batches(records as Uint8Array)].flatMap((batch) =>
      [...batch.records()].map(({ value }) => new TextDecoder().decode(value!))
    );
    assert.deepEqual(values, ["a", "b"], "Fetch");
    const { topics } = await this.#call(ListOffsets, 7, offsetOf(name, 0, -1n));
    assert.equal(topics[0].partitions[0].offset, 2, "ListOffsets");
    await this.findCoordinator(name);
    const joined = await this.join(name);
    assert.ok(joined, "JoinGroup and SyncGroup");
    const member = { groupId: name, memberId: joined.memberId, groupInstanceId: null };
    const { errorCode } = await this.#call(Heartbeat, 4, { ...member, generationId: joined.generationId });
    assert.equal(errorCode, ErrorCode.NONE, "Heartbeat");
    const partitions = [{ partitionIndex: 0, committedOffset: 2, committedLeaderEpoch: -1, committedMetadata: null }];
    const commit = { ...member, generationIdOrMemberEpoch: joined.generationId, retentionTimeMs: -1 };
    const committed = await this.#call(OffsetCommit, 9, { ...commit, topics: [{ name, topicId: ZERO_UUID, partitions }] });
    assert.equal(committed.topics[0].partitions[0].errorCode, ErrorCode.NONE, "OffsetCommit");
    const group = { groupId: name, memberId: null, memberEpoch: -1, topics: null };
    const { groups } = await this.#call(OffsetFetch, 9, { groupId: "", topics: [], groups: [group], requireStable: false });
    assert.equal(groups[0].topics[0].partitions[0].committedOffset, 2, "OffsetFetch");
  }

  /** Lets time pass until there is an answer. */
  async #call<Req, Res>(api: Api<Req, Res>, version: number, request: Req): Promise<Res> {
    let settled = false;
    const answer = this.client.call(api, version, request).finally(() => settled = true);
    answer.catch(() => undefined);
    for (let second = 0; second < 40 && !settled; second++) await settleThrough(this.world.platform.clock, second === 0 ? 0 : 1000);
    if (!settled) throw new Unanswered(`${api.name} is not answered within 40 s`);
    return await answer;
  }
}
