import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom, settleThrough } from "../platform/mod.ts";
import { ErrorCode, ZERO_UUID } from "../protocol/mod.ts";
import { Produce } from "../protocol/generated/00_produce.ts";
import { Fetch } from "../protocol/generated/01_fetch.ts";
import { Metadata } from "../protocol/generated/03_metadata.ts";
import { OffsetCommit } from "../protocol/generated/08_offset_commit.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import { JoinGroup } from "../protocol/generated/11_join_group.ts";
import { CreateTopics } from "../protocol/generated/19_create_topics.ts";
import { batches } from "../protocol/records/mod.ts";
import { batchOf, fetchFrom, produceTo } from "../broker/testing/requests.ts";
import type { WireClient } from "../broker/testing/wire_client.ts";
import { BrokerWorld } from "../broker/testing/world.ts";

const STEPS = 60;
const PARTITIONS = 3;
const decoder = new TextDecoder();

/** What a script knows to be acknowledged: values by partition, and what the group has committed. */
interface Acknowledged {
  readonly values: string[][];
  committed: number;
}

/** One script: clients that produce, fetch, join and commit over a slow network, while the broker is killed and the power is cut now and then. */
class Script {
  readonly #random: SeededRandom;
  readonly #world: BrokerWorld;
  readonly #acknowledged: Acknowledged = { values: Array.from({ length: PARTITIONS }, () => []), committed: -1 };
  #client!: WireClient;
  #sent = 0;

  private constructor(seed: number, world: BrokerWorld) {
    this.#random = new SeededRandom(seed);
    this.#world = world;
  }

  /** Runs the script of `seed`; answers the fingerprint of all frames and disk operations. Throws when something acknowledged is lost. */
  static async run(seed: number): Promise<string> {
    const properties = { "log.segment.bytes": 1 << 20, "log.index.interval.bytes": 200 };
    const script = new Script(seed, await BrokerWorld.start(seed, { topics: { t: { partitions: PARTITIONS } }, properties }));
    await script.#connect();
    for (let step = 0; step < STEPS; step++) await script.#step();
    await script.#check();
    await script.#within(script.#world.broker.close());
    return script.#world.platform.digest.value;
  }

  async #step(): Promise<void> {
    const { network } = this.#world.platform;
    switch (this.#random.below(12)) {
      case 0:
        network.delayMs = this.#random.below(3);
        return;
      case 1:
        await this.#world.restart(this.#random.below(2) === 0 ? "kill" : "power cut");
        return await this.#connect();
      case 2:
        await this.#within(this.#world.reopen());
        return await this.#connect();
      case 3:
        network.cut();
        return await this.#connect();
      case 4:
        return await this.#commit();
      case 5:
        return await this.#join();
      case 6:
        return await this.#createTopic();
      case 7:
      case 8:
        return await this.#fetch(this.#random.below(PARTITIONS));
      default:
        return await this.#produce(this.#random.below(PARTITIONS));
    }
  }

  async #connect(): Promise<void> {
    this.#client = await this.#world.connect();
    await this.#within(this.#client.call(Metadata, 12, {
      topics: null,
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    }));
  }

  async #produce(partition: number): Promise<void> {
    // Some are large, so that segments roll.
    const longest = this.#random.below(4) === 0 ? 150_000 : 300;
    const values = Array.from({ length: 1 + this.#random.below(5) }, () => `${this.#sent++}`.padEnd(10 + this.#random.below(longest), "."));
    const { responses } = await this.#within(this.#client.call(Produce, 9, produceTo("t", partition, batchOf(values))));
    const [{ errorCode, baseOffset }] = responses[0].partitionResponses;
    assert.equal(errorCode, ErrorCode.NONE);
    assert.equal(baseOffset, this.#acknowledged.values[partition].length);
    this.#acknowledged.values[partition].push(...values);
  }

  async #fetch(partition: number): Promise<void> {
    const acknowledged = this.#acknowledged.values[partition];
    for (let offset = 0; offset < acknowledged.length;) {
      const { responses } = await this.#within(this.#client.call(Fetch, 12, fetchFrom("t", partition, offset, { maxBytes: 100_000 })));
      const [{ errorCode, records }] = responses[0].partitions;
      assert.equal(errorCode, ErrorCode.NONE);
      const read = [...batches(records as Uint8Array)].flatMap((batch) => [...batch.records()]).filter((record) => record.offset >= offset);
      assert.ok(read.length > 0, `nothing at offset ${offset} of partition ${partition}`);
      assert.deepEqual(read.map(({ value }) => decoder.decode(value!)), acknowledged.slice(offset, offset + read.length));
      offset += read.length;
    }
  }

  async #commit(): Promise<void> {
    const committedOffset = this.#random.below(1000);
    const partitions = [{ partitionIndex: 0, committedOffset, committedLeaderEpoch: -1, committedMetadata: null }];
    const request = {
      groupId: "g",
      generationIdOrMemberEpoch: -1,
      memberId: "",
      groupInstanceId: null,
      retentionTimeMs: -1,
      topics: [{ name: "t", topicId: ZERO_UUID, partitions }],
    };
    const { topics } = await this.#within(this.#client.call(OffsetCommit, 9, request));
    if (topics[0].partitions[0].errorCode === ErrorCode.NONE) this.#acknowledged.committed = committedOffset;
  }

  async #join(): Promise<void> {
    const request = {
      groupId: `members-${this.#random.below(3)}`,
      sessionTimeoutMs: 6000,
      rebalanceTimeoutMs: 6000,
      memberId: "",
      groupInstanceId: null,
      protocolType: "consumer",
      protocols: [{ name: "range", metadata: new Uint8Array(3) }],
      reason: null,
    };
    await this.#within(this.#client.call(JoinGroup, 9, request));
  }

  async #createTopic(): Promise<void> {
    const topic = { name: `more-${this.#random.below(5)}`, numPartitions: 2, replicationFactor: -1, assignments: [], configs: [] };
    await this.#within(this.#client.call(CreateTopics, 7, { topics: [topic], timeoutMs: 1000, validateOnly: false }));
  }

  async #check(): Promise<void> {
    for (let partition = 0; partition < PARTITIONS; partition++) await this.#fetch(partition);
    if (this.#acknowledged.committed === -1) return;
    const group = { groupId: "g", memberId: null, memberEpoch: -1, topics: null };
    const { groups } = await this.#within(
      this.#client.call(OffsetFetch, 9, { groupId: "", topics: [], groups: [group], requireStable: false }),
    );
    assert.equal(groups[0].topics[0].partitions[0].committedOffset, this.#acknowledged.committed);
  }

  /** Lets time pass until `outcome` is there. */
  async #within<T>(outcome: Promise<T>): Promise<T> {
    let settled = false;
    const marked = outcome.finally(() => settled = true);
    for (let second = 0; second < 60 && !settled; second++) await settleThrough(this.#world.platform.clock, second === 0 ? 10 : 1000);
    assert.ok(settled, "no answer within a minute");
    return await marked;
  }
}

describe("a simulated broker", () => {
  it("does the same for the same seed, down to every frame and disk operation, and something else for another", async () => {
    const fingerprints = [await Script.run(1), await Script.run(1), await Script.run(2)];
    assert.equal(fingerprints[0], fingerprints[1]);
    assert.notEqual(fingerprints[0], fingerprints[2]);
  });

  for (let seed = 100; seed < 120; seed++) {
    it(`loses nothing it acknowledged, whoever kills it or cuts the power (seed ${seed})`, async () => {
      await Script.run(seed);
    });
  }
});
