import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node, Value } from "./node.ts";
import { jsonDocument, jsonLines, treeLines } from "./render.ts";

const leaf = (name: string, value: Value, type = "bytes"): Node => ({ name, type, offset: 1, length: 2, value });
const root: Node = { name: "root", type: "frame", offset: 0, length: 9 };
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test("JSON: values that JSON does not know are text, and every node is a line", () => {
  const values: readonly [Value, Record<string, unknown>][] = [
    [2n ** 63n - 1n, { value: "9223372036854775807" }],
    [-7n, { value: -7 }],
    [NaN, { value: "NaN" }],
    [-Infinity, { value: "-Infinity" }],
    [null, { value: null }],
    [[], { value: [] }],
    [[1, -1n], { value: [1, -1] }],
    ["\u001b\u2028\u{e0001}", { value: "\u001b\u2028\u{e0001}" }],
    [text("tea\n"), { value: "7465610a", text: "tea\n" }],
    [Uint8Array.of(0xff), { value: "ff" }],
    [Uint8Array.of(), { value: "" }],
    [new Uint8Array(65), { value: "00".repeat(64), shown: "64 of 65 bytes" }],
    [Array.from({ length: 65 }, () => 1), { value: Array.from({ length: 64 }, () => 1), shown: "64 of 65 elements" }],
  ];
  for (const [value, expected] of values) {
    const lines = [...jsonLines(leaf("x", value))];
    assert.equal(lines.length, 1);
    assert.match(lines[0], /^[\x20-\x7e]*$/);
    assert.deepEqual(JSON.parse(lines[0]), { name: "x", type: "bytes", offset: 1, length: 2, ...expected });
  }
  assert.deepEqual(JSON.parse([...jsonLines(leaf("x", new Uint8Array(65)), { full: true })].join("")).value, "00".repeat(65));
});

test("JSON: a tree, whole or part by part, is the same document", () => {
  const inner: Node = { ...root, name: "inner", children: [leaf("a", 1), { ...root, name: "empty", children: [] }, leaf("b", "x")] };
  const whole = [...jsonLines({ ...root, children: [inner, leaf("c", true)] })].join("\n");
  assert.equal([...jsonDocument(root, [inner, leaf("c", true)])].join("\n"), whole);
  const { children } = JSON.parse(whole);
  assert.deepEqual(children.map(({ name }: Node) => name), ["inner", "c"]);
  assert.deepEqual(children[0].children.map(({ name }: Node) => name), ["a", "empty", "b"]);
  assert.deepEqual(JSON.parse([...jsonDocument(root, [])].join("\n")), { ...root, children: [] });
});

test("text: a line a field, with what is left out and what is wrong below", () => {
  const problem = { offset: 17, message: "2 bytes needed", excerpt: ["00000010  00 01", "             ^^"] };
  const tree: Node = {
    ...root,
    children: [{ ...leaf("key", text("tea")), note: "hot" }, leaf("raw", Uint8Array.of(0xca, 0xfe))],
    omitted: 3,
    problem,
  };
  assert.equal(
    [...treeLines(tree)].join("\n"),
    `       0      9  root: frame
       1      2    key: "tea" (hot)
       1      2    raw: cafe
                 … and 3 more
                 !! byte 17: 2 bytes needed
                    00000010  00 01
                                 ^^`,
  );
});

test("records that nobody looked into are not shown as digits, secrets not at all", () => {
  assert.deepEqual(JSON.parse([...jsonLines(leaf("records", text("tea"), "records"))].join("")).shown, "0 of 3 bytes");
  const secret: Node = { name: "hmac", type: "bytes", offset: 1, length: 2, secret: true };
  assert.deepEqual([...treeLines(secret)], ["       1      2  hmac: (secret)"]);
  assert.equal(JSON.parse([...jsonLines(secret)].join("")).secret, true);
});
