import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ErrorCode, errorName } from "../../protocol/errors.ts";
import { DynamicBrokerConfig } from "../config/dynamic_broker_config.ts";
import { configRules } from "../config/rules.ts";
import { ConfigOperation, decideAlteration } from "./alter_configs.ts";
import { Catalogue, ConfigResourceType } from "./catalogue.ts";
import { metadataRecordCodec } from "./records.ts";

const { SET, DELETE, APPEND, SUBTRACT } = ConfigOperation;
const { TOPIC } = ConfigResourceType;
const THROTTLED = "leader.replication.throttled.replicas";

type Change = readonly [name: string, configOperation: number, value: string | null];

/** A catalogue with the topic `t`, which has `configs` of its own. */
function catalogue(configs: Readonly<Record<string, string>> = {}): Catalogue {
  const made = new Catalogue();
  made.replay({ type: "TopicRecord", data: { name: "t", topicId: "A".repeat(22) } });
  for (const [name, value] of Object.entries(configs)) {
    made.replay({ type: "ConfigRecord", data: { resourceType: TOPIC, resourceName: "t", name, value } });
  }
  return made;
}

function decide(to: Catalogue, changes: readonly Change[], { topic = "t", replace = false } = {}) {
  const configs = changes.map(([name, configOperation, value]) => ({ name, configOperation, value }));
  const alteration = { resourceType: TOPIC, resourceName: topic, configs, replace };
  return decideAlteration(to, alteration, configRules(new DynamicBrokerConfig({})));
}

/** What `t` has after changes that must be accepted, by way of the records' bytes. */
function after(before: Readonly<Record<string, string>>, changes: readonly Change[], replace = false): Record<string, string> {
  const altered = catalogue(before);
  const { errorCode, errorMessage, records } = decide(altered, changes, { replace });
  assert.deepEqual([errorCode, errorMessage], [ErrorCode.NONE, null]);
  for (const record of records) {
    const { key, value } = metadataRecordCodec.encode(record);
    altered.replay(metadataRecordCodec.decode(key, value)!);
  }
  return Object.fromEntries(altered.configs(TOPIC, "t"));
}

describe("decideAlteration", () => {
  const had = { "retention.ms": "1000", "cleanup.policy": "compact" };
  const cases: readonly [what: string, before: Record<string, string>, change: Change, after: Record<string, string>][] = [
    ["sets a value", had, ["retention.ms", SET, "5000"], { ...had, "retention.ms": "5000" }],
    ["keeps a value as it was written", had, ["retention.ms", SET, " 5 "], { ...had, "retention.ms": " 5 " }],
    ["deletes a value", had, ["retention.ms", DELETE, null], { "cleanup.policy": "compact" }],
    ["deletes whatever value is told", had, ["retention.ms", DELETE, "7"], { "cleanup.policy": "compact" }],
    ["deletes what nobody knows", had, ["no.such.config", DELETE, null], had],
    ["appends", had, ["cleanup.policy", APPEND, "delete"], { ...had, "cleanup.policy": "compact,delete" }],
    ["appends once what is there", had, ["cleanup.policy", APPEND, "compact,delete"], { ...had, "cleanup.policy": "compact,delete" }],
    ["appends no commas", had, ["cleanup.policy", APPEND, ",,"], had],
    ["appends to the default", {}, ["cleanup.policy", APPEND, "compact"], { "cleanup.policy": "delete,compact" }],
    ["appends to an empty default", {}, [THROTTLED, APPEND, "0:1"], { [THROTTLED]: "0:1" }],
    ["subtracts to nothing", had, ["cleanup.policy", SUBTRACT, "compact"], { ...had, "cleanup.policy": "" }],
    ["subtracts from the default", {}, ["cleanup.policy", SUBTRACT, "delete"], { "cleanup.policy": "" }],
    ["subtracts what is not there", had, ["cleanup.policy", SUBTRACT, "delete"], had],
    ["subtracts once what is there twice", { [THROTTLED]: "0:1,0:2,0:1" }, [THROTTLED, SUBTRACT, "0:1"], { [THROTTLED]: "0:2,0:1" }],
    ["subtracts twice what is told twice", { [THROTTLED]: "0:1,0:2,0:1,0:1" }, [THROTTLED, SUBTRACT, "0:1,0:3,0:1"], {
      [THROTTLED]: "0:2,0:1",
    }],
    ["keeps what was there twice when it appends", { [THROTTLED]: "0:1,0:1" }, [THROTTLED, APPEND, "0:2,0:1,0:2"], {
      [THROTTLED]: "0:1,0:1,0:2",
    }],
    ["takes what has spaces for another element", { [THROTTLED]: "0:1, 0:2" }, [THROTTLED, SUBTRACT, "0:2"], { [THROTTLED]: "0:1, 0:2" }],
  ];
  for (const [what, before, change, expected] of cases) {
    it(what, () => assert.deepEqual(after(before, [change]), expected));
  }

  it("replaces everything", () => {
    assert.deepEqual(after(had, [["max.message.bytes", SET, "20"], ["cleanup.policy", SET, "compact"]], true), {
      "cleanup.policy": "compact",
      "max.message.bytes": "20",
    });
    assert.deepEqual(after(had, [], true), {});
  });

  it("writes no record for what stays as it is", () => {
    assert.deepEqual(decide(catalogue(had), [["retention.ms", SET, "1000"], ["segment.ms", DELETE, null]]).records, []);
    assert.deepEqual(decide(catalogue(had), [["retention.ms", SET, "1000"]], { replace: true }).records.length, 1);
  });

  const refusals: readonly [what: string, change: Change, topic: string, code: number][] = [
    ["an unknown name", ["no.such.config", SET, "1"], "t", ErrorCode.INVALID_CONFIG],
    ["a wrong value", ["segment.bytes", SET, "1"], "t", ErrorCode.INVALID_CONFIG],
    ["a wrong element", ["cleanup.policy", APPEND, "keep"], "t", ErrorCode.INVALID_CONFIG],
    ["an empty element", ["cleanup.policy", APPEND, ""], "t", ErrorCode.INVALID_CONFIG],
    ["to append to a number", ["retention.ms", APPEND, "1"], "t", ErrorCode.INVALID_CONFIG],
    ["to subtract from what nobody knows", ["no.such.config", SUBTRACT, "1"], "t", ErrorCode.INVALID_CONFIG],
    ["a contradiction to what is there", ["max.compaction.lag.ms", SET, "5"], "t", ErrorCode.INVALID_CONFIG],
    ["no topic", ["retention.ms", SET, "1"], "", ErrorCode.INVALID_REQUEST],
    ["a name that no topic can have", ["segment.bytes", SET, "1"], "a b", ErrorCode.INVALID_TOPIC_EXCEPTION],
    ["a topic that is not there", ["retention.ms", SET, "1"], "u", ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
    ["a wrong value before a topic that is not there", ["segment.bytes", SET, "1"], "u", ErrorCode.INVALID_CONFIG],
    ["the metadata log", ["retention.ms", SET, "1"], "__cluster_metadata", ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
  ];
  for (const [what, change, topic, code] of refusals) {
    it(`refuses ${what}, and whatever is asked beside it`, () => {
      const { errorCode, errorMessage, records } = decide(
        catalogue({ "min.compaction.lag.ms": "10" }),
        [["segment.ms", SET, "100"], change],
        { topic },
      );
      assert.equal(errorName(errorCode), errorName(code));
      assert.ok(errorMessage);
      assert.deepEqual(records, []);
    });
  }

  it("refuses a list that has become too long to be a value", () => {
    const replicas = (from: number) => Array.from({ length: 2_250 }, (_, i) => `${from + i}:1`).join(",");
    const { errorCode } = decide(catalogue({ [THROTTLED]: replicas(10_000) }), [[THROTTLED, APPEND, replicas(20_000)]]);
    assert.equal(errorName(errorCode), "INVALID_CONFIG");
  });
});
