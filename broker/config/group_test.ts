import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorName } from "../../protocol/errors.ts";
import { invalidGroup } from "./group.ts";

function verdict(configs: Record<string, string>, broker: Record<string, string> = {}, name = "g"): string {
  const problem = invalidGroup(name, new Map(Object.entries(configs)), broker);
  return problem === null ? "taken" : errorName(problem.errorCode);
}

const taken: readonly Record<string, string>[] = [
  {},
  { "consumer.session.timeout.ms": "60000", "consumer.heartbeat.interval.ms": "15000" },
  { "consumer.assignment.interval.ms": "15000" },
  { "share.auto.offset.reset": "by_duration:PT1H30M" },
  { "share.isolation.level": "read_committed" },
  { "share.partition.max.record.locks": "4000" },
  { "streams.num.standby.replicas": "2" },
  { "streams.initial.rebalance.delay.ms": "100000000" },
];
const refused: readonly Record<string, string>[] = [
  { "no.such.config": "1" },
  { "consumer.session.timeout.ms": "x" },
  { "consumer.session.timeout.ms": "44999" },
  { "consumer.session.timeout.ms": "60001" },
  { "consumer.assignment.interval.ms": "15001" },
  { "share.auto.offset.reset": "by_duration:1h" },
  { "share.auto.offset.reset": "none" },
  { "share.isolation.level": "READ_COMMITTED" },
  { "share.delivery.count.limit": "11" },
  { "share.record.lock.duration.ms": "14999" },
  { "streams.num.standby.replicas": "3" },
];

describe("what is set of a group", () => {
  for (const configs of taken) it(`may be ${JSON.stringify(configs)}`, () => assert.equal(verdict(configs), "taken"));
  for (const configs of refused) it(`must not be ${JSON.stringify(configs)}`, () => assert.equal(verdict(configs), "INVALID_CONFIG"));

  it("is held against the broker's bounds and defaults", () => {
    assert.equal(verdict({ "consumer.session.timeout.ms": "70000" }, { "group.consumer.max.session.timeout.ms": "80000" }), "taken");
    const short = { "group.consumer.min.session.timeout.ms": "5000", "consumer.session.timeout.ms": "5000" };
    assert.equal(verdict({ "consumer.session.timeout.ms": "5000" }, short), "INVALID_CONFIG", "not above the heartbeat's default");
  });

  it("needs a group", () => assert.equal(verdict({}, {}, ""), "INVALID_REQUEST"));
});
