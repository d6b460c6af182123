import assert from "node:assert/strict";
import { it } from "node:test";
import { layerViolations } from "./check_layers.ts";
import { graphOf, type ModuleGraph } from "./module_graph.ts";

/** A graph of the given imports; every file named is in it. */
function graph(...imports: [from: string, to: string][]): ModuleGraph {
  const files = new Map<string, string[]>();
  for (const [from, to] of imports) {
    files.set(from, [...files.get(from) ?? [], to]);
    if (!/^\w+:/.test(to) && !files.has(to)) files.set(to, []);
  }
  return files;
}

const allowed: [string, string][] = [
  ["storage/log.ts", "platform/mod.ts"],
  ["storage/log.ts", "protocol/records/mod.ts"],
  ["storage/log.ts", "protocol/errors.ts"],
  ["broker/handlers/12_heartbeat.ts", "protocol/generated/12_heartbeat.ts"],
  ["broker/handlers/12_heartbeat.ts", "broker/handlers/group_errors.ts"],
  ["broker/handlers/mod.ts", "broker/handlers/12_heartbeat.ts"],
  ["broker/coordinator/group/group.ts", "broker/coordinator/shard.ts"],
  ["broker/launcher.ts", "platform/deno/child.ts"],
  ["broker/start_broker.ts", "platform/deno/mod.ts"],
  ["storage/log_test.ts", "platform/deno/mod.ts"],
  ["storage/log_test.ts", "storage/testing.ts"],
  ["broker/coordinator/group/testing/harness.ts", "node:assert/strict"],
  ["storage/log_test.ts", "node:test"],
  ["protocol/records/batch_test.ts", "platform/deno/mod.ts"],
  ["sim/world.ts", "broker/mod.ts"],
  ["broker/config/settings.ts", "npm:/zod@4.6.7"],
];

it("allows what the table allows", () => {
  assert.deepEqual(layerViolations(graph(...allowed)), []);
});

const planted: [from: string, to: string, why: RegExp][] = [
  ["platform/disk.ts", "protocol/mod.ts", /platform may import nothing of ours/],
  ["protocol/mod.ts", "platform/mod.ts", /protocol may import nothing of ours/],
  ["storage/log.ts", "broker/mod.ts", /storage may import platform, protocol only/],
  ["storage/log.ts", "protocol/generated/00_produce.ts", /not requests/],
  ["storage/log.ts", "protocol/mod.ts", /not requests/],
  ["broker/broker.ts", "storage/log.ts", /not a front door of storage/],
  ["broker/broker.ts", "platform/disk.ts", /not a front door of platform/],
  ["broker/broker.ts", "protocol/records/batch.ts", /not a front door of protocol/],
  ["broker/broker.ts", "platform/deno/mod.ts", /only main files/],
  ["broker/broker.ts", "sim/mod.ts", /not shipped/],
  ["broker/broker_test.ts", "sim/mod.ts", /broker may import/],
  ["broker/broker.ts", "node:fs", /the runtime/],
  ["broker/broker_test.ts", "node:net", /the runtime/],
  ["broker/handlers/01_fetch.ts", "broker/handlers/00_produce.ts", /handlers never import each other/],
  ["broker/handlers/01_fetch.ts", "broker/handlers/mod.ts", /handlers never import each other/],
  ["broker/coordinator/runtime.ts", "broker/coordinator/group/group.ts", /knows no groups/],
  ["broker/coordinator/group/group.ts", "broker/handlers/11_join_group.ts", /neither handlers/],
  ["broker/coordinator/group/group.ts", "broker/network/connection.ts", /neither handlers nor the network/],
  ["broker/broker.ts", "broker/testing/wire_client.ts", /not shipped/],
  ["storage/log.ts", "storage/testing.ts", /not shipped/],
  ["newroom/a.ts", "platform/mod.ts", /newroom has no row/],
];

for (const [from, to, why] of planted) {
  it(`finds that ${from} imports ${to}`, () => {
    const found = layerViolations(graph([from, to]));
    assert.equal(found.length, 1, found.join("\n"));
    assert.match(found[0], why);
  });
}

it("finds files in a cycle", () => {
  const found = layerViolations(graph(["broker/a.ts", "broker/b.ts"], ["broker/b.ts", "broker/c.ts"], ["broker/c.ts", "broker/b.ts"]));
  assert.deepEqual(found, ["files in a cycle: broker/b.ts → broker/c.ts → broker/b.ts"]);
});

it("finds folders in a cycle, but not a folder and one inside it", () => {
  const found = layerViolations(graph(
    ["broker/metadata/a.ts", "broker/network/b.ts"],
    ["broker/network/c.ts", "broker/metadata/d.ts"],
    ["broker/network/c.ts", "broker/limits.ts"],
    ["broker/broker.ts", "broker/network/c.ts"],
  ));
  assert.deepEqual(found, ["folders in a cycle: broker/metadata → broker/network → broker/metadata"]);
});

it("reads the answer of deno info", () => {
  const module = (path: string, ...to: string[]) => ({
    specifier: `file:///repo/${path}`,
    dependencies: to.map((specifier) => ({ specifier, code: { specifier }, type: { specifier } })),
  });
  const info = {
    modules: [module("a.ts", "file:///repo/b.ts", "node:fs"), module("b.ts"), { specifier: "node:fs" }, module(".tmp/all.ts")],
  };
  assert.deepEqual([...graphOf(info, "file:///repo/")], [["a.ts", ["b.ts", "node:fs"]], ["b.ts", []]]);
});
