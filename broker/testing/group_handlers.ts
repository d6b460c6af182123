import { ManualClock, recordingLogger, SeededRandom } from "../../platform/mod.ts";
import { type Api, Reader, Writer } from "../../protocol/mod.ts";
import type { JoinGroupRequest } from "../../protocol/generated/11_join_group.ts";
import { GroupService } from "../coordinator/group/service.ts";
import { everyTransaction, groupSettings } from "../coordinator/testing/group_harness.ts";
import { MemoryShardLog } from "../coordinator/testing/memory_shard_log.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { offsetCommit } from "../handlers/08_offset_commit.ts";
import { offsetFetch } from "../handlers/09_offset_fetch.ts";
import { findCoordinator } from "../handlers/10_find_coordinator.ts";
import { joinGroup } from "../handlers/11_join_group.ts";
import { heartbeat } from "../handlers/12_heartbeat.ts";
import { leaveGroup } from "../handlers/13_leave_group.ts";
import { syncGroup } from "../handlers/14_sync_group.ts";
import { describeGroups } from "../handlers/15_describe_groups.ts";
import { listGroups } from "../handlers/16_list_groups.ts";
import { deleteGroups } from "../handlers/42_delete_groups.ts";
import { offsetDelete } from "../handlers/47_offset_delete.ts";
import { KafkaError } from "../kafka_error.ts";
import type { TopicEntry } from "../metadata/catalogue.ts";

export const ORDERS_ID = "AAAAAAAAAAAAAAAAAAAAAQ";
const partition = {
  partition: 0,
  replicas: [1],
  addingReplicas: [],
  removingReplicas: [],
  isr: [1],
  elr: [],
  lastKnownElr: [],
  leader: 1,
  leaderEpoch: 0,
  partitionEpoch: 0,
};
const orders: TopicEntry = { name: "orders", id: ORDERS_ID, partitions: [partition, { ...partition, partition: 1 }] };
const topics = {
  topic: (name: string) => name === "orders" ? orders : undefined,
  topicById: (id: string) => id === ORDERS_ID ? orders : undefined,
};

/** All handlers of groups, and what they work on. */
export interface GroupHandlers {
  readonly call: <Req, Res>(handler: Handler<Req, Res>, api: Api<Req, Res>, version: number, request: Req) => Promise<Res>;
  readonly groups: GroupService;
  readonly logs: readonly MemoryShardLog[];
  readonly commit: ReturnType<typeof offsetCommit>;
  readonly fetch: ReturnType<typeof offsetFetch>;
  readonly find: ReturnType<typeof findCoordinator>;
  readonly join: ReturnType<typeof joinGroup>;
  readonly heartbeat: ReturnType<typeof heartbeat>;
  readonly leave: ReturnType<typeof leaveGroup>;
  readonly sync: ReturnType<typeof syncGroup>;
  readonly describe: ReturnType<typeof describeGroups>;
  readonly list: ReturnType<typeof listGroups>;
  readonly delete: ReturnType<typeof deleteGroups>;
  readonly deleteOffsets: ReturnType<typeof offsetDelete>;
}

/** The handlers over a service in memory; requests and responses pass through their bytes. `denied` are resources nobody may touch. */
export function groupHandlers(denied: readonly string[] = []): GroupHandlers {
  const clock = new ManualClock();
  const logs: MemoryShardLog[] = [];
  const groups = GroupService.in({
    topic: "__consumer_offsets",
    existing: () => null,
    leaderOf: () => 1,
    ensure() {
      logs.push(new MemoryShardLog());
      return Promise.resolve(logs);
    },
  }, {
    settings: groupSettings,
    clock,
    timers: clock,
    random: new SeededRandom(7),
    logger: recordingLogger(),
    transactions: everyTransaction,
  });

  async function call<Req, Res>(handler: Handler<Req, Res>, api: Api<Req, Res>, version: number, request: Req): Promise<Res> {
    const writer = new Writer();
    api.writeRequest(writer, request, version);
    const bytes = writer.written().slice();
    const received = api.readRequest(new Reader(bytes, { api: api.name, version }), version);
    const address = { hostname: "127.0.0.1", port: 9092 };
    const context: RequestContext = {
      apiVersion: version,
      clientId: "test",
      connection: {
        id: "1",
        nodeId: 1,
        listener: "PLAINTEXT",
        principal: "User:ANONYMOUS",
        local: address,
        remote: address,
        openedAt: 0,
        software: null,
        whenOver: null,
      },
      authorize: (_operation, _resource, name) => !denied.includes(name),
    };
    let outcome: Promise<Res | null>;
    try {
      outcome = Promise.resolve(handler.handle(context, received));
    } finally {
      bytes.fill(0xa5);
    }
    const response = await outcome.catch((error) => {
      if (error instanceof KafkaError) return handler.fail(request, error.code, error.clientMessage);
      throw error;
    });
    const out = new Writer();
    api.writeResponse(out, response!, version);
    return api.readResponse(new Reader(out.written(), { api: api.name, version }), version);
  }

  const node = { id: 1, host: "127.0.0.1", port: 9092, rack: null };
  const handlers = {
    commit: offsetCommit(groups, topics),
    fetch: offsetFetch(groups, topics),
    find: findCoordinator(groups, groups, () => [node]),
    join: joinGroup(groups),
    heartbeat: heartbeat(groups),
    leave: leaveGroup(groups),
    sync: syncGroup(groups),
    describe: describeGroups(groups),
    list: listGroups(groups),
    delete: deleteGroups(groups),
    deleteOffsets: offsetDelete(groups, topics),
  };
  return { call, groups, logs, ...handlers };
}

export const versionsOf = (api: { minVersion: number; maxVersion: number }): number[] =>
  Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, index) => api.minVersion + index);

/** A JoinGroup of a consumer. */
export const joinOf = (groupId: string, memberId = ""): JoinGroupRequest => ({
  groupId,
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 10_000,
  memberId,
  groupInstanceId: null,
  protocolType: "consumer",
  protocols: [{ name: "range", metadata: Uint8Array.of(1) }],
  reason: null,
});
