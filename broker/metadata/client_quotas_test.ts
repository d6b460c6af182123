import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ErrorCode, errorName } from "../../protocol/errors.ts";
import type { DescribeClientQuotasComponentData } from "../../protocol/generated/48_describe_client_quotas.ts";
import { AlterClientQuotas, type AlterClientQuotasRequestEntryData } from "../../protocol/generated/49_alter_client_quotas.ts";
import { DescribeClientQuotas } from "../../protocol/generated/48_describe_client_quotas.ts";
import { KafkaError } from "../kafka_error.ts";
import type { WireClient } from "../testing/wire_client.ts";
import { BrokerWorld } from "../testing/world.ts";
import { ClientQuotas, decideQuotas } from "./client_quotas.ts";
import { metadataRecordCodec } from "./records.ts";

type Entity = Record<string, string | null>;

/** An entry that sets quotas, and removes those that are null. */
function entry(entity: Entity, ops: Record<string, number | null>): AlterClientQuotasRequestEntryData {
  return {
    entity: Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName })),
    ops: Object.entries(ops).map(([key, value]) => ({ key, value: value ?? 0, remove: value === null })),
  };
}

/** Decides and, by way of the records' bytes, replays; the outcomes in words. */
function alter(quotas: ClientQuotas, ...entries: AlterClientQuotasRequestEntryData[]): string[] {
  const { outcomes, records } = decideQuotas(quotas, entries);
  for (const record of records) {
    const { key, value } = metadataRecordCodec.encode(record);
    const decoded = metadataRecordCodec.decode(key, value)!;
    assert.ok(decoded.type === "ClientQuotaRecord");
    quotas.replay(decoded.data);
  }
  return outcomes.map(({ errorCode }) => errorName(errorCode));
}

function find(quotas: ClientQuotas, components: DescribeClientQuotasComponentData[], strict = false): string[] {
  return quotas.find({ components, strict }).map(({ entity }) => Array.from(entity, ([type, name]) => `${type}=${name}`).join(" "));
}

const component = (entityType: string, matchType: number, match: string | null = null) => ({ entityType, matchType, match });
const [EXACT, DEFAULT, SPECIFIED] = [0, 1, 2];

describe("client quotas", () => {
  const quotas = new ClientQuotas();
  const entities: readonly Entity[] = [
    { user: "ann" },
    { user: null },
    { user: "ann", "client-id": "app" },
    { user: null, "client-id": "app" },
    { "client-id": null },
  ];
  alter(quotas, ...entities.map((entity) => entry(entity, { producer_byte_rate: 1000 })));
  alter(quotas, entry({ ip: "127.0.0.1" }, { connection_creation_rate: 5 }));

  const filters: readonly [what: string, DescribeClientQuotasComponentData[], strict: boolean, string[]][] = [
    ["everything", [], false, [
      "user=ann",
      "user=null",
      "user=ann client-id=app",
      "user=null client-id=app",
      "client-id=null",
      "ip=127.0.0.1",
    ]],
    ["strictly nothing", [], true, []],
    ["a user", [component("user", EXACT, "ann")], false, ["user=ann", "user=ann client-id=app"]],
    ["strictly a user", [component("user", EXACT, "ann")], true, ["user=ann"]],
    ["the default user", [component("user", DEFAULT)], false, ["user=null", "user=null client-id=app"]],
    ["any user, strictly", [component("user", SPECIFIED)], true, ["user=ann", "user=null"]],
    ["any user's client", [component("user", SPECIFIED), component("client-id", EXACT, "app")], true, [
      "user=ann client-id=app",
      "user=null client-id=app",
    ]],
    ["addresses", [component("ip", SPECIFIED)], false, ["ip=127.0.0.1"]],
    ["nobody", [component("user", EXACT, "bob")], false, []],
  ];
  for (const [what, components, strict, expected] of filters) {
    it(`are found: ${what}`, () => assert.deepEqual(find(quotas, components, strict).sort(), [...expected].sort()));
  }

  const wrong: readonly [what: string, DescribeClientQuotasComponentData[], code: ErrorCode][] = [
    ["no type", [component("", SPECIFIED)], ErrorCode.INVALID_REQUEST],
    ["a type twice", [component("user", SPECIFIED), component("user", DEFAULT)], ErrorCode.INVALID_REQUEST],
    ["an unknown type", [component("group", SPECIFIED)], ErrorCode.UNSUPPORTED_VERSION],
    ["no name", [component("user", EXACT)], ErrorCode.INVALID_REQUEST],
    ["the default with a name", [component("user", DEFAULT, "ann")], ErrorCode.INVALID_REQUEST],
    ["any with a name", [component("user", SPECIFIED, "ann")], ErrorCode.INVALID_REQUEST],
    ["an unknown match", [component("user", 3)], ErrorCode.INVALID_REQUEST],
    ["a user's address", [component("user", SPECIFIED), component("ip", SPECIFIED)], ErrorCode.INVALID_REQUEST],
  ];
  for (const [what, components, code] of wrong) {
    it(`cannot be asked for by ${what}`, () => {
      assert.throws(() => find(quotas, components), (error) => error instanceof KafkaError && error.code === code);
    });
  }

  const refused: readonly [what: string, AlterClientQuotasRequestEntryData][] = [
    ["nobody", entry({}, { producer_byte_rate: 1 })],
    ["an unknown type", entry({ group: "g" }, { producer_byte_rate: 1 })],
    ["an empty name", entry({ user: "" }, { producer_byte_rate: 1 })],
    ["a user's address", entry({ user: "ann", ip: "127.0.0.1" }, { producer_byte_rate: 1 })],
    ["no address", entry({ ip: "1.2.3.400" }, { connection_creation_rate: 1 })],
    ["an unknown quota", entry({ user: "ann" }, { speed: 1 })],
    ["an address's quota of a user", entry({ user: "ann" }, { connection_creation_rate: 1 })],
    ["a user's quota of an address", entry({ ip: null }, { producer_byte_rate: 1 })],
    ["nothing", entry({ user: "ann" }, { producer_byte_rate: 0 })],
    ["less than nothing", entry({ user: "ann" }, { request_percentage: -1 })],
    ["half a byte", entry({ user: "ann" }, { producer_byte_rate: 1.5 })],
    ["too many connections", entry({ ip: "::1" }, { connection_creation_rate: 2 ** 31 })],
    ["too many bytes", entry({ user: "ann" }, { consumer_byte_rate: 2 ** 64 })],
  ];
  for (const [what, one] of refused) {
    it(`cannot be given to, or be, ${what}`, () => assert.deepEqual(alter(new ClientQuotas(), one), ["INVALID_REQUEST"]));
  }

  it("are changed and removed; an entity without any is gone", () => {
    const own = new ClientQuotas();
    alter(own, entry({ user: "ann" }, { producer_byte_rate: 1, request_percentage: 12.5 }));
    assert.deepEqual(alter(own, entry({ user: "ann" }, { producer_byte_rate: 2, never_was: null })), ["NONE"]);
    assert.deepEqual([...own.of(new Map([["user", "ann"]]))], [["producer_byte_rate", 2], ["request_percentage", 12.5]]);
    assert.deepEqual(decideQuotas(own, [entry({ user: "ann" }, { producer_byte_rate: 2 })]).records, []);
    alter(own, entry({ user: "ann" }, { producer_byte_rate: null, request_percentage: null }));
    assert.deepEqual(find(own, []), []);
  });

  it("are the same whichever part of an entity comes first", () => {
    const own = new ClientQuotas();
    alter(own, entry({ user: "ann", "client-id": "app" }, { producer_byte_rate: 1 }));
    alter(own, entry({ "client-id": "app", user: "ann" }, { producer_byte_rate: null }));
    assert.deepEqual(find(own, []), []);
  });

  it("of an entity that is named twice are refused in one answer, and the first counts", () => {
    const own = new ClientQuotas();
    const twice = [entry({ user: "ann" }, { producer_byte_rate: 1 }), entry({ user: "ann" }, { producer_byte_rate: 2 })];
    assert.deepEqual(alter(own, ...twice), ["INVALID_REQUEST"]);
    assert.deepEqual([...own.of(new Map([["user", "ann"]])).values()], [1]);
    const [one] = twice;
    assert.deepEqual(alter(new ClientQuotas(), { ...one, ops: [...one.ops, ...one.ops] }), ["INVALID_REQUEST"]);
  });
});

describe("AlterClientQuotas and DescribeClientQuotas", () => {
  async function told(client: WireClient): Promise<number[]> {
    const { entries } = await client.call(DescribeClientQuotas, 1, { components: [], strict: false });
    return entries!.flatMap(({ values }) => values.map(({ value }) => value));
  }

  it("keep what was set over a stop, a kill and a power cut, and nothing that was only to be validated", async () => {
    const world = await BrokerWorld.start(1, {});
    for (const [at, restart] of [() => world.reopen(), () => world.restart("kill"), () => world.restart("power cut")].entries()) {
      const client = await world.connect();
      const request = (rate: number) => ({ entries: [entry({ user: "ann" }, { producer_byte_rate: rate })] });
      await client.call(AlterClientQuotas, 1, { ...request(99), validateOnly: true });
      assert.deepEqual(await told(client), at === 0 ? [] : [at]);
      const { entries } = await client.call(AlterClientQuotas, 0, { ...request(at + 1), validateOnly: false });
      assert.deepEqual(entries, [{ errorCode: 0, errorMessage: null, entity: [{ entityType: "user", entityName: "ann" }] }]);
      await restart();
      assert.deepEqual(await told(await world.connect()), [at + 1]);
    }
  });

  it("fail as a whole with null in place of quotas", async () => {
    const client = await (await BrokerWorld.start(1, {})).connect();
    const { errorCode, entries } = await client.call(DescribeClientQuotas, 1, { components: [component("x", EXACT, "y")], strict: false });
    assert.deepEqual([errorName(errorCode), entries], ["UNSUPPORTED_VERSION", null]);
  });
});
