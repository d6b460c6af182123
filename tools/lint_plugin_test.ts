import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ambientMembers, ambientNames } from "./ambient.ts";
import plugin from "./lint_plugin.ts";

/** The rules that `source` breaks when it stands at `path`. */
function broken(source: string, path = "broker/x.ts"): string[] {
  return Deno.lint.runPlugin(plugin, path, source).map((diagnostic) => diagnostic.id);
}

const AMBIENT = "ottla/no-ambient";

/** A forbidden thing, and a twin that is allowed. */
const planted: readonly [forbidden: string, twin: string][] = [
  ...Object.keys(ambientNames).map((name): [string, string] => [`f(${name});`, `f(a.${name}, { ${name}: 1 });`]),
  ...Object.entries(ambientMembers).flatMap(([name, members]) =>
    Object.keys(members).map((member): [string, string] => [`f(${name}.${member}());`, `f(${name}.${member}s());`])
  ),
  ["f(new Date());", "f(new Date(0));"],
  ["f(Date());", "f(x instanceof Date);"],
  ["const { now } = Date;", "const { now } = clock;"],
  ["const { random } = Math;", "const { floor } = maths;"],
  ['f(Math["random"]());', "f(Math.floor(1));"],
  ["const later = AbortSignal;", "const signal: AbortSignal = f();"],
  ['f(new Function("return 1"));', "const g: Function = f;"],
  ["setTimeout(f, 1);", "function g(setTimeout: () => void): void { setTimeout(); }"],
  ["const now = Deno.env;", "const { Deno } = f(); Deno.env;"],
  ["let c: Deno.Conn;", "let c: Mine.Deno;"],
  ["type C = typeof Deno;", "type C = typeof f;"],
  ["f({ process });", "const process = denoProcess(); f({ process });"],
  ["for (const a of b) console.log(a);", "for (const console of b) console.log(1);"],
  ["f(process!.exit());", "interface P { process: number; exit(process: number): void }"],
  ["(crypto as Mine).f();", "class C { crypto = 1; performance(): void {} }"],
  ['import fs from "node:fs";', 'import fs from "./fs.ts";'],
  ['export { open } from "node:fs";', 'export { open } from "./fs.ts";'],
  ['import type { Stats } from "node:fs";', 'import { z } from "zod";'],
  ['import x from "npm:left-pad";', 'import x from "left-pad";'],
  ['import x from "https://example.org/x.ts";', 'import x from "../x.ts";'],
  ['f(await import("./x.ts"));', "f(import.meta.main);"],
];

describe("no-ambient", () => {
  for (const [forbidden, twin] of planted) {
    it(`finds ${forbidden} and not ${twin}`, () => {
      assert.deepEqual(new Set(broken(forbidden)), new Set([AMBIENT]));
      assert.deepEqual(broken(twin), []);
    });
  }

  it("leaves the door, the tools and the foreign suites alone", () => {
    for (const path of ["platform/deno/x.ts", "tools/x.ts", "compat/x.ts", "bench/x.ts", "protocol/generate/main.ts"]) {
      assert.deepEqual(broken('import "node:fs"; Deno.exit(1);', path), []);
    }
    assert.deepEqual(broken("Deno.exit(1);", "protocol/platform/x.ts"), [AMBIENT]);
  });

  it("lets tests import what they test with, and nothing else", () => {
    const source = 'import { it } from "node:test"; import assert from "node:assert/strict"; import fs from "node:fs";';
    assert.deepEqual(broken(source, "broker/x_test.ts"), []);
    assert.deepEqual(broken(source), [AMBIENT, AMBIENT, AMBIENT]);
    assert.deepEqual(broken('import net from "node:net"; Deno.exit(1);', "broker/x_test.ts"), [AMBIENT, AMBIENT]);
  });

  it("finds a global used where only another scope declares its name", () => {
    assert.deepEqual(broken("function f(): void { const Deno = 1; g(Deno); } f(Deno.pid);"), [AMBIENT]);
  });
});

it("finds export *", () => {
  assert.deepEqual(broken('export * from "./a.ts";'), ["ottla/no-export-star"]);
  assert.deepEqual(broken('export * as a from "./a.ts";'), ["ottla/no-export-star"]);
  assert.deepEqual(broken('export { a } from "./a.ts";'), []);
});

it("finds a catch that does nothing", () => {
  assert.deepEqual(broken("try { f(); } catch { /* never mind */ }"), ["ottla/no-empty-catch"]);
  assert.deepEqual(broken("try { f(); } catch (error) { g(error); }"), []);
});

it("finds functions of more than 70 lines, but in tests and generated code", () => {
  const functions = (lines: number): string => `function f(): void {${"\n".repeat(lines - 1)}}`;
  assert.deepEqual(broken(functions(71)), ["ottla/max-function-lines"]);
  assert.deepEqual(broken(`const f = ${functions(71)};`), ["ottla/max-function-lines"]);
  assert.deepEqual(broken(functions(70)), []);
  assert.deepEqual(broken(functions(71), "broker/x_test.ts"), []);
  assert.deepEqual(broken(functions(71), "protocol/generated/00_produce.ts"), []);
});
