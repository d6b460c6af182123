import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseExposition } from "../testing/prometheus.ts";
import { exposition } from "./exposition.ts";
import type { Metric } from "./metric.ts";
import { Histogram } from "./request_stats.ts";

function numbers(name: string, samples: Iterable<readonly [number, ...string[]]>): Metric<null> {
  return { name, type: "gauge", labels: ["topic", "group"], from: null, help: "A \\ and a\nline", samples: () => samples };
}

const textOf = (...metrics: Metric<null>[]) => [...exposition(metrics, null)].join("");

describe("exposition", () => {
  it("escapes what labels and help may hold, and leaves out labels that are not given", () => {
    assert.equal(
      textOf(numbers("a", [[1], [2.5, 'x"y\\z\n'], [-1, "t", "g"]])),
      '# HELP a A \\\\ and a\\nline.\n# TYPE a gauge\na 1\na{topic="x\\"y\\\\z\\n"} 2.5\na{topic="t",group="g"} -1\n',
    );
  });

  it("leaves out a metric that nothing is known of", () => assert.equal(textOf(numbers("a", []), numbers("b", [])), ""));

  it("sums a histogram's buckets up to infinity", () => {
    const histogram = new Histogram();
    for (const ms of [0.1, 0.11, 7, 1e6]) histogram.observe(ms);
    const text = textOf({
      name: "h",
      type: "histogram",
      labels: ["request"],
      from: null,
      help: "H",
      samples: () => [[histogram, "Fetch"]],
    });
    const { samples } = parseExposition(text).get("h")!;
    const below = (bound: string) => samples.get(`h_bucket{request="Fetch",le="${bound}"}`);
    assert.deepEqual(["0.1", "0.25", "5", "10", "30000", "+Inf"].map(below), [1, 2, 2, 3, 3, 4]);
    assert.equal(samples.get('h_count{request="Fetch"}'), 4);
    assert.equal(samples.get('h_sum{request="Fetch"}'), 1_000_007.21);
  });

  it("reads no more than it is asked for, piece by piece", () => {
    let read = 0;
    function* many(): Iterable<readonly [number, ...string[]]> {
      for (; read < 100_000; read++) yield [read, "topic"];
    }
    const pieces = exposition([numbers("a", many())], null)[Symbol.iterator]();
    const first: string = pieces.next().value;
    assert.ok(first.length >= 64 * 1024 && first.length < 65 * 1024, `${first.length}`);
    assert.ok(read < 6000, `${read}`);
  });
});
