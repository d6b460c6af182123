import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { errorName } from "../../protocol/errors.ts";
import { loadPatterns } from "../pattern.ts";
import { invalidClientMetrics } from "./client_metrics.ts";

const verdicts: readonly [configs: Record<string, string>, verdict: string][] = [
  [{}, "taken"],
  [{ "interval.ms": "100", metrics: "org.apache.kafka,other", match: "client_id=a.*,client_source_port=[0-9]+" }, "taken"],
  [{ metrics: "*" }, "taken"],
  [{ "no.such": "1" }, "INVALID_REQUEST"],
  [{ "interval.ms": "99" }, "INVALID_REQUEST"],
  [{ "interval.ms": "3600001" }, "INVALID_REQUEST"],
  [{ "interval.ms": "soon" }, "INVALID_CONFIG"],
  [{ metrics: "a,a" }, "taken"],
  [{ metrics: "a,,b" }, "INVALID_CONFIG"],
  [{ match: "client_id" }, "INVALID_CONFIG"],
  [{ match: "name=a" }, "INVALID_CONFIG"],
  [{ match: "client_id=[" }, "INVALID_CONFIG"],
  [{ match: "client_id=a=b" }, "INVALID_CONFIG"],
  [{ match: "client_id=a==" }, "taken"],
  [{ match: "client_id=" }, "INVALID_CONFIG"],
  [{ match: "client_id=(?i)a" }, "taken"],
  [{ match: "client_id=a(?=b)" }, "INVALID_CONFIG"],
];

describe("what is set of a client metrics subscription", () => {
  before(loadPatterns);

  for (const [configs, verdict] of verdicts) {
    it(`${JSON.stringify(configs)}: ${verdict}`, () => {
      const problem = invalidClientMetrics("m", new Map(Object.entries(configs)));
      assert.equal(problem === null ? "taken" : errorName(problem.errorCode), verdict);
    });
  }

  it("needs a subscription", () => assert.equal(errorName(invalidClientMetrics("", new Map())!.errorCode), "INVALID_REQUEST"));
});
