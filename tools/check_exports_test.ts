import assert from "node:assert/strict";
import { it } from "node:test";
import { deadExports } from "./check_exports.ts";
import { moduleNames } from "./module_names.ts";

function dead(files: Record<string, string>): string[] {
  return deadExports(new Map(Object.entries(files).map(([path, source]) => [path, moduleNames(source)])));
}

const kinds = `
export const one = 1;
export function two(): void {}
export async function three(): Promise<void> {}
export function* four(): Iterable<number> {}
export class Five {}
export abstract class Six {}
export interface Seven {}
export type Eight = 8;
export enum Nine {}
const ten = 10;
export { ten, ten as eleven };
`;

it("finds every kind of export that nobody imports", () => {
  const names = "one two three four Five Six Seven Eight Nine ten eleven".split(" ");
  assert.deepEqual(dead({ "a/b.ts": kinds }).sort(), names.map((name) => `a/b.ts: ${name}`).sort());
});

it("lets a file export the types of its own signatures", () => {
  assert.deepEqual(dead({ "a.ts": "export interface Options {}\ninterface Other {\n  a: Options;\n}" }), []);
  assert.deepEqual(dead({ "a.ts": "export class Thing {}\nconst a = new Thing();" }), ["a.ts: Thing"]);
});

it("finds none when all are imported, passed on or taken together", () => {
  const user = `import {
  one,
  two as zwei,
  type Seven,
} from "../a/b.ts";
import type { Eight, Nine } from "../a/b.ts";
export { three, four as vier } from "../a/b.ts";
import def, { Five, Six } from "../a/b.ts";
let x: import("../a/b.ts").ten;
import { eleven } from "../a/b.ts";
`;
  assert.deepEqual(dead({ "a/b.ts": kinds, "c/mod.ts": user }), []);
  assert.deepEqual(dead({ "a/b.ts": kinds, "c/d.ts": 'import * as b from "../a/b.ts";' }), []);
});

it("asks the same of names that are only passed on", () => {
  const files = { "a.ts": "export const a = 1;", "b.ts": 'export { a } from "./a.ts";' };
  assert.deepEqual(dead(files), ["b.ts: a"]);
  assert.deepEqual(dead({ ...files, "mod.ts": 'export { a } from "./b.ts";' }), []);
});

it("does not take the name of another file for this one", () => {
  const files = { "a.ts": "export const x = 1;", "b.ts": "export const x = 2;", "c.ts": 'import { x } from "./b.ts";' };
  assert.deepEqual(dead(files), ["a.ts: x"]);
});

it("leaves front doors, generated files and tests alone", () => {
  assert.deepEqual(dead({ "mod.ts": kinds, "a/mod.ts": kinds, "protocol/generated/12_heartbeat.ts": kinds, "a_test.ts": kinds }), []);
});
