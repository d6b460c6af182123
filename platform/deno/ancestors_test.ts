import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ProcessEntry, starterLinks } from "./ancestors.ts";

/** From the top of the tree downwards; the last is the process itself. */
function links(...commands: string[]): string[] {
  const table = new Map<number, ProcessEntry>(commands.map((command, index) => [index + 1, { parent: index, command }]));
  return starterLinks(commands.length, (pid) => table.get(pid) ?? null).map(({ pid, parent }) => `${pid}<${parent}`);
}

const launcher = "/home/u/.npm/_npx/deno run -A broker/launcher.ts";

// Commands as /proc shows them; the first two lines were seen on Linux.
describe("starterLinks", () => {
  it("goes up to npx, through its shell and deno task", () => {
    assert.deepEqual(links("bash", "npm exec deno@2.9.6 task broker ", "sh -c 'deno' task broker ", "deno task broker ", launcher), [
      "5<4",
      "4<3",
      "3<2",
    ]);
  });

  it("goes up to deno task, not to the shell in which it was typed", () => {
    assert.deepEqual(links("systemd", "-bash", "bash run.sh ", "/usr/bin/deno task broker ", launcher), ["5<4"]);
  });

  it("goes through a test runner to the npm that started it", () => {
    assert.deepEqual(links("bash", "npm test ", "sh -c vitest ", "node vitest.mjs ", "deno task broker ", launcher), [
      "6<5",
      "5<4",
      "4<3",
      "3<2",
    ]);
  });

  it("finds npm as Windows and macOS show it", () => {
    assert.deepEqual(links("explorer", "C:\\node\\node.exe C:\\npm\\npx-cli.js deno task broker", "deno.exe task broker", launcher), [
      "4<3",
      "3<2",
    ]);
    assert.deepEqual(links("launchd", "/usr/local/bin/node /usr/local/bin/npx deno task broker", launcher), ["3<2"]);
  });

  it("stops at a process of another kind", () => {
    assert.deepEqual(links("npm exec x ", "python3 harness.py ", "deno task broker ", launcher), ["4<3"]);
  });

  it("is nothing where a shell or a service started the launcher itself", () => {
    assert.deepEqual(links("bash", "sh -c deno run launcher.ts ", launcher), []);
    assert.deepEqual(links("systemd", launcher), []);
  });
});
