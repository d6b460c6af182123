import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type DiskFault, settleThrough } from "../platform/mod.ts";
import { errorName } from "../protocol/errors.ts";
import { type Api, ZERO_UUID } from "../protocol/mod.ts";
import { Produce } from "../protocol/generated/00_produce.ts";
import { Fetch } from "../protocol/generated/01_fetch.ts";
import { OffsetCommit } from "../protocol/generated/08_offset_commit.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import { FindCoordinator } from "../protocol/generated/10_find_coordinator.ts";
import { CreateTopics } from "../protocol/generated/19_create_topics.ts";
import { DeleteRecords } from "../protocol/generated/21_delete_records.ts";
import { CreatePartitions } from "../protocol/generated/37_create_partitions.ts";
import { IncrementalAlterConfigs } from "../protocol/generated/44_incremental_alter_configs.ts";
import { batches } from "../protocol/records/mod.ts";
import { batchOf, fetchFrom, produceTo } from "./testing/requests.ts";
import type { WireClient } from "./testing/wire_client.ts";
import { BrokerWorld } from "./testing/world.ts";

/** What can be wrong with the disk. */
const faults: Readonly<Record<string, Pick<DiskFault, "code" | "operations">>> = {
  "the disk is full": { code: "ENOSPC", operations: new Set(["append", "makeDirectory"]) },
  "writes fail": { code: "EIO", operations: new Set(["append"]) },
  "no descriptor is left": { code: "EMFILE", operations: new Set(["open"]) },
  "directories are read-only": { code: "EACCES", operations: new Set(["makeDirectory", "open", "rename", "remove"]) },
  "syncs fail": { code: "EIO", operations: new Set(["sync"]) },
};

/** Timestamps of records far enough apart for a segment each. */
const HOUR_MS = 3_600_000;
const BEGINNING = 1_767_225_600_000 - 72 * HOUR_MS;
/** Of IncrementalAlterConfigs. */
const SET = 0;

const decoder = new TextDecoder();

/** A broker with a topic, some records in it and a commit, and what clients ask of it. Each answers the name of the error. */
class Client {
  #world!: BrokerWorld;
  #client!: WireClient;
  #made = 0;
  /** Of the records' timestamps, since the beginning. */
  #hours = 1;
  /** What was acknowledged. */
  readonly #values: string[] = [];
  #start = 0;
  #committed = 0;

  static async start(): Promise<Client> {
    const client = new Client();
    client.#world = await BrokerWorld.start(1, { topics: { t: { partitions: 2, configs: { "segment.ms": String(10 * HOUR_MS) } } } });
    client.#client = await client.#world.connect();
    await client.#call(FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: ["g"] });
    for (let i = 0; i < 3; i++) assert.equal(await client.produce(), "NONE");
    assert.equal(await client.commit(), "NONE");
    return client;
  }

  /** From now on the disk fails so, or not at all. */
  fail(fault: Pick<DiskFault, "code" | "operations"> | null): void {
    this.#world.platform.disk.fail({
      from: 0,
      until: fault === null ? 0 : Infinity,
      written: 10,
      code: "EIO",
      operations: new Set(),
      ...fault,
    });
  }

  /** Sets the broker's clock, `ms` ahead or back, and lets an hour pass. */
  async setClock(ms: number): Promise<void> {
    this.#world.platform.clock.set(ms);
    await this.#pass(HOUR_MS);
    this.#client = await this.#world.connect();
  }

  async restart(): Promise<void> {
    await this.#world.restart("kill");
    this.#client = await this.#world.connect();
  }

  produce = (): Promise<string> => this.#produce(0, this.#hours);
  produceToNextSegment = (): Promise<string> => this.#produce(0, this.#hours += 11);
  produceFirst = (): Promise<string> => this.#produce(1, 0);
  checkpoint = (): Promise<string> => this.#pass(60_000);

  deleteRecords = async (): Promise<string> => {
    const request = { topics: [{ name: "t", partitions: [{ partitionIndex: 0, offset: 1 }] }], timeoutMs: 1000 };
    const { errorCode } = (await this.#call(DeleteRecords, 2, request)).topics[0].partitions[0];
    if (errorCode === 0) this.#start = 1;
    return errorName(errorCode);
  };

  createTopic = async (): Promise<string> => {
    const topic = { name: `new${this.#made++}`, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
    return errorName((await this.#call(CreateTopics, 7, { topics: [topic], timeoutMs: 1000, validateOnly: false })).topics[0].errorCode);
  };

  createPartitions = async (): Promise<string> => {
    const request = { topics: [{ name: "t", count: 3 + this.#made++, assignments: null }], timeoutMs: 1000, validateOnly: false };
    return errorName((await this.#call(CreatePartitions, 3, request)).results[0].errorCode);
  };

  alterConfigs = async (): Promise<string> => {
    const configs = [{ name: "retention.ms", configOperation: SET, value: String(HOUR_MS * (100 + this.#made++)) }];
    const request = { resources: [{ resourceType: 2, resourceName: "t", configs }], validateOnly: false };
    return errorName((await this.#call(IncrementalAlterConfigs, 1, request)).responses[0].errorCode);
  };

  commit = async (): Promise<string> => {
    const partitions = [{ partitionIndex: 0, committedOffset: this.#committed + 1, committedLeaderEpoch: -1, committedMetadata: null }];
    const topics = [{ name: "t", topicId: ZERO_UUID, partitions }];
    const group = { groupId: "g", generationIdOrMemberEpoch: -1, memberId: "", groupInstanceId: null, retentionTimeMs: -1 };
    const { errorCode } = (await this.#call(OffsetCommit, 9, { ...group, topics })).topics[0].partitions[0];
    if (errorCode === 0) this.#committed++;
    return errorName(errorCode);
  };

  /** All that was acknowledged can be read, and the commit. */
  async checkReads(): Promise<void> {
    const found: string[] = [];
    for (let end = Infinity, next = this.#start; next < end;) {
      const { errorCode, records, highWatermark } = (await this.#call(Fetch, 12, fetchFrom("t", 0, next))).responses[0].partitions[0];
      assert.equal(errorName(errorCode), "NONE");
      for (const batch of batches(records as Uint8Array)) {
        for (const { value } of batch.records()) found.push(decoder.decode(value!));
        next = batch.lastOffset + 1;
      }
      end = highWatermark;
    }
    assert.deepEqual(found.filter((value) => this.#values.includes(value)), this.#values.slice(this.#start));
  }

  async checkCommit(): Promise<void> {
    const request = {
      groupId: "",
      topics: [],
      groups: [{ groupId: "g", memberId: null, memberEpoch: -1, topics: null }],
      requireStable: false,
    };
    const { groups } = await this.#call(OffsetFetch, 9, request);
    assert.ok([this.#committed, this.#committed + 1].includes(groups[0].topics[0].partitions[0].committedOffset));
  }

  /** What is done by the clock. */
  async #pass(ms: number): Promise<string> {
    await settleThrough(this.#world.platform.clock, ms);
    await this.#world.platform.pending.idle();
    return "NONE";
  }

  async #produce(partition: number, hours: number): Promise<string> {
    const value = String(this.#made++);
    const request = produceTo("t", partition, batchOf([value], {}, BEGINNING + hours * HOUR_MS));
    const { errorCode } = (await this.#call(Produce, 9, request)).responses[0].partitionResponses[0];
    if (errorCode === 0 && partition === 0) this.#values.push(value);
    return errorName(errorCode);
  }

  async #call<Req, Res>(api: Api<Req, Res>, version: number, request: Req): Promise<Res> {
    const outcome = this.#client.call(api, version, request);
    await settleThrough(this.#world.platform.clock, 100);
    return await outcome;
  }
}

type Fault = keyof typeof faults;

/** What clients ask for, or the clock (`storage/testing/crash_run.ts` has retention, too): what they hear while the disk fails so, if it matters to them, and whether a failed sync ends it until the next start. */
const rows: readonly {
  readonly what: Exclude<keyof Client, "fail" | "setClock" | "restart" | "checkReads" | "checkCommit">;
  readonly error: string;
  readonly unharmedBy?: readonly Fault[];
  readonly fenced?: boolean;
}[] = [
  { what: "produce", error: "KAFKA_STORAGE_ERROR", unharmedBy: ["no descriptor is left", "directories are read-only"], fenced: true },
  { what: "produceToNextSegment", error: "KAFKA_STORAGE_ERROR", fenced: true },
  { what: "produceFirst", error: "KAFKA_STORAGE_ERROR", fenced: true },
  { what: "deleteRecords", error: "KAFKA_STORAGE_ERROR" },
  { what: "createTopic", error: "KAFKA_STORAGE_ERROR", unharmedBy: ["no descriptor is left", "directories are read-only"], fenced: true },
  {
    what: "createPartitions",
    error: "KAFKA_STORAGE_ERROR",
    unharmedBy: ["no descriptor is left", "directories are read-only"],
    fenced: true,
  },
  { what: "alterConfigs", error: "KAFKA_STORAGE_ERROR", unharmedBy: ["no descriptor is left", "directories are read-only"], fenced: true },
  { what: "commit", error: "NOT_COORDINATOR", unharmedBy: ["no descriptor is left", "directories are read-only"], fenced: true },
  { what: "checkpoint", error: "NONE" },
];

describe("while the disk fails", () => {
  for (const { what, error, unharmedBy = [], fenced = false } of rows) {
    for (const [name, fault] of Object.entries(faults)) {
      it(`${what}: when ${name}, is told, costs nothing that was acknowledged, and works again when the disk does`, async () => {
        const client = await Client.start();
        client.fail(fault);
        assert.equal(await client[what](), unharmedBy.includes(name) ? "NONE" : error);
        client.fail(null);
        await client.checkReads();
        const mayNotGoOn = fenced && name === "syncs fail";
        assert.equal(await client[what](), mayNotGoOn ? error : "NONE");
        if (!mayNotGoOn) assert.equal(await client.produce(), "NONE");
        await client.restart();
        assert.equal(await client[what](), "NONE");
        await client.checkReads();
        await client.checkCommit();
      });
    }
  }
});

describe("a clock that is set", () => {
  for (const ms of [365 * 24 * HOUR_MS, -365 * 24 * HOUR_MS]) {
    it(`${ms > 0 ? "ahead" : "back"} a year makes nothing old, and what comes is served`, async () => {
      const client = await Client.start();
      await client.setClock(ms);
      await client.checkReads();
      await client.checkCommit();
      assert.equal(await client.createTopic(), "NONE");
      // To a clock that was set back the records come from the future, which Kafka refuses too.
      assert.equal(await client.produce(), ms > 0 ? "NONE" : "INVALID_TIMESTAMP");
      await client.setClock(-ms);
      assert.deepEqual([await client.produce(), await client.commit()], ["NONE", "NONE"]);
      await client.checkReads();
      await client.checkCommit();
    });
  }
});
