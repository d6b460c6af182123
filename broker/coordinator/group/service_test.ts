import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { ManualClock, recordingLogger, SeededRandom } from "../../../platform/mod.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import { KafkaError } from "../../kafka_error.ts";
import { commitTo, everyTransaction, groupSettings } from "../testing/group_harness.ts";
import { MemoryShardLog } from "../testing/memory_shard_log.ts";
import { partitionFor } from "../shards.ts";
import type { GroupSettings } from "./environment.ts";
import { GroupService } from "./service.ts";

const caller = { apiVersion: 3, clientId: "c", clientHost: "/127.0.0.1" };
const joinRequest = (groupId: string, sessionTimeoutMs = 10_000) => ({
  groupId,
  sessionTimeoutMs,
  rebalanceTimeoutMs: 60_000,
  memberId: "",
  groupInstanceId: null,
  protocolType: "consumer",
  protocols: [{ name: "range", metadata: new Uint8Array(0) }],
  reason: null,
});
const commitRequest = (groupId: string) => ({
  groupId,
  generationIdOrMemberEpoch: -1,
  memberId: "",
  groupInstanceId: null,
  retentionTimeMs: -1,
  topics: [commitTo("t", 0, 5)],
});

function setUp(partitions = 2, logs: MemoryShardLog[] = [], settings: Partial<GroupSettings> = {}) {
  const clock = new ManualClock();
  const logger = recordingLogger();
  let made = 0;
  const provider = {
    leaderOf: () => 1,
    topic: "__consumer_offsets",
    existing: () => logs.length === 0 ? null : logs,
    ensure() {
      made++;
      for (let i = 0; i < partitions; i++) logs.push(new MemoryShardLog());
      return Promise.resolve(logs);
    },
  };
  const service = GroupService.in(provider, {
    settings: { ...groupSettings, ...settings },
    clock,
    timers: clock,
    random: new SeededRandom(1),
    logger,
    transactions: everyTransaction,
  });
  return { service, logs, clock, logger, provider, made: () => made };
}

const failsWith = (code: number) => (error: unknown): boolean => error instanceof KafkaError && error.code === code;

describe("GroupService", () => {
  it("finds partitions as Kafka does", () => {
    // Java: Math.abs("my-group".hashCode()) % 50, and Integer.MIN_VALUE, whose absolute value is 0 to Kafka.
    assert.equal(partitionFor("", 50), 0);
    assert.equal(partitionFor("a", 50), 97 % 50);
    assert.equal(partitionFor("test", 50), 3556498 % 50);
    assert.equal(partitionFor("polygenelubricants", 50), 0);
    assert.equal(partitionFor("zzzzzz", 50), 685785664 % 50);
  });

  it("is no coordinator before the topic is there, and makes it once", async () => {
    const { service, made } = setUp();
    await service.start();
    await assert.rejects(service.join(caller, joinRequest("g")), failsWith(ErrorCode.NOT_COORDINATOR));
    await assert.rejects(service.join(caller, joinRequest("g", 1)), failsWith(ErrorCode.INVALID_SESSION_TIMEOUT));
    await Promise.all([service.ensureStarted(), service.ensureStarted()]);
    await service.ensureStarted();
    assert.equal(made(), 1);
    assert.equal((await service.join(caller, joinRequest("g"))).errorCode, ErrorCode.NONE);
  });

  it("is not available when the topic cannot be made, and tries again", async () => {
    const { service, provider } = setUp();
    const { ensure } = provider;
    provider.ensure = () => Promise.reject(new Error("no disk"));
    await assert.rejects(service.ensureStarted(), failsWith(ErrorCode.COORDINATOR_NOT_AVAILABLE));
    provider.ensure = ensure;
    await service.ensureStarted();
  });

  it("checks group ids and session timeouts", async () => {
    const { service } = setUp();
    await service.ensureStarted();
    const { INVALID_GROUP_ID, INVALID_SESSION_TIMEOUT } = ErrorCode;
    await assert.rejects(service.join(caller, joinRequest("")), failsWith(INVALID_GROUP_ID));
    await assert.rejects(service.join(caller, joinRequest("g", 5_999)), failsWith(INVALID_SESSION_TIMEOUT));
    await assert.rejects(service.join(caller, joinRequest("g", 1_800_001)), failsWith(INVALID_SESSION_TIMEOUT));
    await assert.rejects(service.leave("", []), failsWith(INVALID_GROUP_ID));
    const empty = await service.commitOffsets(caller, commitRequest(""));
    assert.equal(empty[0].partitions[0].errorCode, ErrorCode.NONE, "the empty group id may commit");
  });

  it("keeps groups apart by partition and finds them again after a restart", async () => {
    const first = setUp(2);
    await first.service.ensureStarted();
    for (const groupId of ["a", "b"]) await first.service.commitOffsets(caller, commitRequest(groupId));
    assert.deepEqual(first.logs.map(({ records }) => records.length), [1, 1]);
    first.service.close();
    await assert.rejects(first.service.fetchOffsets("a", null), failsWith(ErrorCode.NOT_COORDINATOR));
    const second = setUp(2, first.logs);
    await second.service.start();
    assert.equal((await second.service.fetchOffsets("a", null))[0].partitions[0].committedOffset, 5);
    await second.service.forgetTopics(["t"]);
    assert.deepEqual(await second.service.fetchOffsets("a", null), []);
  });

  it("answers parked requests with NOT_COORDINATOR when the log fails, and goes on with what it holds", async () => {
    const { service, logs } = setUp(1);
    await service.ensureStarted();
    const { memberId } = await service.join(caller, joinRequest("g"));
    const sync = { groupId: "g", generationId: 1, memberId, groupInstanceId: null, protocolType: null, protocolName: null };
    await service.sync({ ...sync, assignments: [{ memberId, assignment: Uint8Array.of(1) }] });
    const waiting = assert.rejects(service.join(caller, joinRequest("g")), failsWith(ErrorCode.NOT_COORDINATOR));
    logs[0].failNext("append", new Error("disk full"));
    await assert.rejects(service.commitOffsets(caller, commitRequest("other")), failsWith(ErrorCode.NOT_COORDINATOR));
    await waiting;
    for (let i = 0; i < 20; i++) await Promise.resolve();
    assert.equal(await service.heartbeat({ groupId: "g", generationId: 1, memberId, groupInstanceId: null }), ErrorCode.NONE);
    assert.deepEqual((await service.sync({ ...sync, assignments: [] })).assignment, Uint8Array.of(1));
  });

  it("leaves out a partition that does not load, and serves the others", async () => {
    const { logs, service: before } = setUp(2);
    await before.ensureStarted();
    logs[1].append([{ key: Uint8Array.of(0, 1), value: null }]);
    const { service, logger } = setUp(2, logs);
    await service.start();
    const groupOf = (partition: number) => ["a", "b"].find((groupId) => partitionFor(groupId, 2) === partition)!;
    await assert.rejects(service.fetchOffsets(groupOf(1), null), failsWith(ErrorCode.NOT_COORDINATOR));
    assert.deepEqual(await service.fetchOffsets(groupOf(0), null), []);
    assert.equal(logger.events.filter(({ level }) => level === "error").length, 1);
    await service.forgetTopics(["t"]);
    assert.match(logger.events.at(-1)!.message, /remain/);
  });

  it("leaves out a partition whose log cannot be used", async () => {
    const parts = setUp(2);
    const service = GroupService.in({
      topic: "__consumer_offsets",
      existing: () => [null],
      ensure: () => Promise.resolve([null]),
      leaderOf: () => 1,
    }, {
      settings: groupSettings,
      clock: parts.clock,
      timers: parts.clock,
      random: new SeededRandom(1),
      logger: parts.logger,
      transactions: everyTransaction,
    });
    await service.start();
    await assert.rejects(service.fetchOffsets("g", null), failsWith(ErrorCode.NOT_COORDINATOR));
    await service.forgetTopics(["t"]);
    service.close();
  });
});

describe("groups of which too few replicas are in sync", () => {
  const member = (memberId: string, generationId: number) => ({
    ...{ groupId: "g", generationId, memberId, groupInstanceId: null, protocolType: null, protocolName: null },
    assignments: [{ memberId, assignment: Uint8Array.of(1) }],
  });
  const { COORDINATOR_NOT_AVAILABLE, UNKNOWN_MEMBER_ID, GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP, MEMBER_ID_REQUIRED } = ErrorCode;

  /** A stable group `g` of one member, and `s`, which only commits; then nothing can be written. */
  async function unwritable(groupInstanceId: string | null = null, settings: Partial<GroupSettings> = {}) {
    const parts = setUp(1, [], settings);
    const { service } = parts;
    await service.ensureStarted();
    const [log] = parts.logs;
    const { memberId } = await service.join(caller, { ...joinRequest("g"), groupInstanceId });
    await service.sync({ ...member(memberId, 1), groupInstanceId });
    await service.commitOffsets(caller, commitRequest("s"));
    log.hasEnoughReplicas = false;
    return { ...parts, log, memberId, written: log.written.length };
  }

  it("refuse what they would have to write, and nothing else", async () => {
    const { service, log, memberId, written } = await unwritable();
    await assert.rejects(service.commitOffsets(caller, commitRequest("s")), failsWith(COORDINATOR_NOT_AVAILABLE));
    await assert.rejects(
      service.deleteOffsets("s", [{ name: "t", partitions: [{ partitionIndex: 0 }] }]),
      failsWith(COORDINATOR_NOT_AVAILABLE),
    );
    await assert.rejects(service.deleteGroup("s"), failsWith(COORDINATOR_NOT_AVAILABLE));
    await assert.rejects(service.deleteGroup("g"), failsWith(NON_EMPTY_GROUP));
    await assert.rejects(service.deleteGroup("none"), failsWith(GROUP_ID_NOT_FOUND));
    await assert.rejects(service.sync(member("nobody", 1)), failsWith(UNKNOWN_MEMBER_ID));
    assert.equal(await service.heartbeat(member(memberId, 1)), ErrorCode.NONE);
    await service.forgetTopics(["t"]);
    assert.equal((await service.fetchOffsets("s", null))[0].partitions[0].committedOffset, 5);
    assert.equal(log.written.length, written);
  });

  it("rebalance again when an assignment cannot be written, until it can", async () => {
    const { service, log, memberId } = await unwritable();
    const join = () => service.join(caller, { ...joinRequest("g"), memberId });
    assert.equal((await join()).generationId, 2);
    assert.equal((await service.sync(member(memberId, 2))).errorCode, COORDINATOR_NOT_AVAILABLE);
    assert.equal((await service.describe("g", 6)).groupState, "PreparingRebalance");
    log.hasEnoughReplicas = true;
    assert.equal((await join()).generationId, 3);
    assert.equal((await service.sync(member(memberId, 3))).errorCode, ErrorCode.NONE);
  });

  it("are empty when the last member leaves, which is not in the log", async () => {
    const { service, logs, memberId } = await unwritable();
    await assert.rejects(service.leave("g", [{ memberId, groupInstanceId: null, reason: null }]), failsWith(COORDINATOR_NOT_AVAILABLE));
    assert.equal((await service.describe("g", 6)).groupState, "Empty");
    const next = setUp(1, logs);
    await next.service.start();
    assert.equal((await next.service.describe("g", 6)).groupState, "Stable");
  });

  it("keep a static member's predecessor", async () => {
    const { service, memberId } = await unwritable("i");
    const back = await service.join({ ...caller, apiVersion: 9 }, { ...joinRequest("g"), groupInstanceId: "i" });
    assert.deepEqual([back.errorCode, back.memberId, back.leader, back.generationId], [COORDINATOR_NOT_AVAILABLE, "", memberId, 1]);
    assert.equal(await service.heartbeat({ ...member(memberId, 1), groupInstanceId: "i" }), ErrorCode.NONE);
  });

  it("begin, though nobody who looks at them sees it", async () => {
    const { service } = await unwritable();
    const given = await service.join({ ...caller, apiVersion: 9 }, joinRequest("new"));
    assert.equal(given.errorCode, MEMBER_ID_REQUIRED);
    assert.equal((await service.describe("new", 6)).errorCode, GROUP_ID_NOT_FOUND);
    assert.deepEqual((await service.list([], [])).map(({ groupId }) => groupId).sort(), ["g", "s"]);
    const joined = await service.join({ ...caller, apiVersion: 9 }, { ...joinRequest("new"), memberId: given.memberId });
    assert.equal(joined.errorCode, ErrorCode.NONE);
  });

  it("answer a first member that waits for others", async () => {
    const { service, logs } = setUp(1, [], { groupInitialRebalanceDelayMs: 3_000 });
    await service.ensureStarted();
    logs[0].hasEnoughReplicas = false;
    const { errorCode, memberId } = await service.join(caller, joinRequest("g"));
    assert.deepEqual([errorCode, memberId], [COORDINATOR_NOT_AVAILABLE, ""]);
  });

  it("look for expired offsets again after the interval, not at once", async () => {
    // A batch for each tombstone: there is always a next one.
    const { service, log, clock, written } = await unwritable(null, { maxBatchBytes: 150 });
    await clock.advance(groupSettings.offsetsRetentionMs + 2 * groupSettings.offsetsRetentionCheckIntervalMs);
    assert.equal(log.written.length, written);
    assert.equal((await service.fetchOffsets("s", null)).length, 1);
    log.hasEnoughReplicas = true;
    await clock.advance(groupSettings.offsetsRetentionCheckIntervalMs);
    assert.deepEqual(await service.fetchOffsets("s", null), []);
  });
});
