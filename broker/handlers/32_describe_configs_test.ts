import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ErrorCode } from "../../protocol/errors.ts";
import { DescribeConfigs, type DescribeConfigsRequest, type DescribeConfigsResult } from "../../protocol/generated/32_describe_configs.ts";
import { Reader, Writer } from "../../protocol/wire/mod.ts";
import type { RequestContext } from "../handler.ts";
import { DynamicBrokerConfig } from "../config/dynamic_broker_config.ts";
import { KafkaError } from "../kafka_error.ts";
import { describeConfigs } from "./32_describe_configs.ts";

const [TOPIC, BROKER, LOGGER, METRICS, GROUP] = [2, 4, 8, 16, 32];

const handler = describeConfigs({
  logger: { level: "info" },
  broker: () => new DynamicBrokerConfig({ "num.partitions": "4" }),
  topicOverrides: (topic) => topic === "orders" ? new Map([["retention.ms", "5"]]) : null,
  overrides: (type, name) => new Map(type === METRICS && name === "m" ? [["interval.ms", "7"]] : []),
});

function context(denied = ""): RequestContext {
  return {
    apiVersion: 4,
    clientId: null,
    connection: {
      id: "",
      nodeId: 1,
      listener: "PLAINTEXT",
      principal: "User:ANONYMOUS",
      local: { hostname: "127.0.0.1", port: 1 },
      remote: { hostname: "127.0.0.1", port: 2 },
      openedAt: 0,
      software: null,
      whenOver: null,
    },
    authorize: (_operation, resource) => resource !== denied,
  };
}

function request(resourceType: number, resourceName: string, configurationKeys: string[] | null = null): DescribeConfigsRequest {
  return { resources: [{ resourceType, resourceName, configurationKeys }], includeSynonyms: true, includeDocumentation: true };
}

async function ask(asked: DescribeConfigsRequest, denied?: string): Promise<DescribeConfigsResult> {
  const response = await handler.handle(context(denied), asked);
  return response!.results[0];
}

describe("DescribeConfigs", () => {
  it("tells a topic's overrides from its defaults", async () => {
    const { errorCode, errorMessage, configs } = await ask(request(TOPIC, "orders", ["retention.ms", "max.message.bytes", "nonsense"]));
    assert.deepEqual([errorCode, errorMessage], [0, ""]);
    assert.deepEqual(configs.map(({ name, value, configSource, configType }) => [name, value, configSource, configType]), [
      ["max.message.bytes", "1048588", 5, 3],
      ["retention.ms", "5", 1, 5],
    ]);
  });

  it("lists everything for null and for no keys", async () => {
    assert.equal((await ask(request(TOPIC, "orders"))).configs.length, 33);
    assert.equal((await ask(request(TOPIC, "orders", []))).configs.length, 33);
    assert.equal((await ask(request(BROKER, "1"))).configs.length, 340);
    assert.equal((await ask(request(GROUP, "any"))).configs.length, 17);
  });

  it("answers neither synonyms nor sentences that nobody asked for", async () => {
    const [{ synonyms, documentation }] =
      (await ask({ ...request(BROKER, "1", ["num.partitions"]), includeSynonyms: false, includeDocumentation: false })).configs;
    assert.deepEqual([synonyms, documentation], [[], null]);
    const [asked] = (await ask(request(BROKER, "1", ["num.partitions"]))).configs;
    assert.deepEqual([asked.synonyms.length, asked.documentation], [2, "Partitions of a topic created without a number."]);
  });

  it("has nothing set for all brokers at run time", async () => assert.deepEqual((await ask(request(BROKER, ""))).configs, []));

  it("tells a subscription's settings, also of one that nobody made", async () => {
    const [interval, ...others] = (await ask(request(METRICS, "m"))).configs;
    assert.deepEqual([interval.name, interval.value, interval.configSource, others.length], ["interval.ms", "7", 7, 2]);
    assert.deepEqual((await ask(request(METRICS, "none"))).configs.map(({ value }) => value), ["300000", "", ""]);
  });

  it("has one logger", async () => {
    const { configs } = await ask(request(LOGGER, "1"));
    assert.deepEqual(configs.map(({ name, value, configSource }) => [name, value, configSource]), [["root", "INFO", 6]]);
  });

  const refusals: readonly [type: number, name: string, code: number, message: string][] = [
    [TOPIC, "nope", ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ""],
    [TOPIC, "", ErrorCode.INVALID_TOPIC_EXCEPTION, "Topic name is invalid: the empty string is not allowed"],
    [BROKER, "2", ErrorCode.INVALID_REQUEST, "Unexpected broker id, expected 1 or empty string, but received 2"],
    [BROKER, "x", ErrorCode.INVALID_REQUEST, "Broker id must be an integer, but it is: x"],
    [LOGGER, "", ErrorCode.INVALID_REQUEST, "Broker id must not be empty"],
    [LOGGER, "2", ErrorCode.INVALID_REQUEST, "Unexpected broker id, expected 1 but received 2"],
    [GROUP, "", ErrorCode.INVALID_REQUEST, "Group name must not be empty"],
    [METRICS, "", ErrorCode.INVALID_REQUEST, "Client metrics subscription name must not be empty"],
  ];
  for (const [type, name, code, message] of refusals) {
    it(`refuses resource '${name}' of type ${type}`, async () => {
      const { errorCode, errorMessage, configs } = await ask(request(type, name));
      assert.deepEqual([errorCode, errorMessage, configs], [code, message, []]);
    });
  }

  it("asks for each resource whether it may be seen", async () => {
    assert.equal((await ask(request(TOPIC, "orders"), "Topic")).errorCode, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
    assert.equal((await ask(request(BROKER, "1"), "Cluster")).errorCode, ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
    assert.equal((await ask(request(LOGGER, "1"), "Cluster")).errorCode, ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
    assert.equal((await ask(request(GROUP, "g"), "Group")).errorCode, ErrorCode.GROUP_AUTHORIZATION_FAILED);
  });

  it("fails as a whole for a type that Kafka has not", () => {
    assert.throws(() => handler.handle(context(), request(0, "x")), (error) => {
      return error instanceof KafkaError && error.code === ErrorCode.INVALID_REQUEST;
    });
    assert.equal(handler.fail(request(0, "x"), ErrorCode.INVALID_REQUEST, null).results[0].errorCode, ErrorCode.INVALID_REQUEST);
  });

  it("can be written in every version", async () => {
    const response = await handler.handle(context(), request(BROKER, "1"));
    for (let version = DescribeConfigs.minVersion; version <= DescribeConfigs.maxVersion; version++) {
      const writer = new Writer();
      DescribeConfigs.writeResponse(writer, response!, version);
      const reader = new Reader(writer.written(), { api: "DescribeConfigs", version });
      assert.equal(DescribeConfigs.readResponse(reader, version).results[0].configs.length, 340);
    }
  });
});
