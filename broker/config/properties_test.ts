import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseProperties } from "./properties.ts";
import { ConfigError } from "./row.ts";

// Expected values as `java.util.Properties.load` of Java 17 gives them.
const cases: readonly [name: string, text: string, values: Record<string, string>][] = [
  ["name and value", "a=1\nb=2", { a: "1", b: "2" }],
  ["line ends of all systems", "a=1\r\nb=2\rc=3\n", { a: "1", b: "2", c: "3" }],
  ["comments and blank lines", "# x=1\n  ! y=2\n\n \t\na=1", { a: "1" }],
  ["other separators", "a:1\nb 2\nc\t=\t3\nd   :  4", { a: "1", b: "2", c: "3", d: "4" }],
  ["only the first separator counts", "a==1\nb=c:d=e", { a: "=1", b: "c:d=e" }],
  ["white space before the name and the value, not after it", "  a =  1  ", { a: "1  " }],
  ["names without values", "a\nb=\nc:", { a: "", b: "", c: "" }],
  ["continued lines", "a=1,\\\n   2,\\\n\t3\nb=4", { a: "1,2,3", b: "4" }],
  ["a comment sign in a continued line", "a=1\\\n#2", { a: "1#2" }],
  ["an escaped backslash ends no line", "a=1\\\\\nb=2", { a: "1\\", b: "2" }],
  ["a continued line at the end", "a=1\\", { a: "1" }],
  ["escapes", "a\\=b=\\t\\n\\r\\f\\\\\\q\\u0041", { "a=b": "\t\n\r\f\\qA" }],
  ["escaped white space in a name", "a\\ b=1", { "a b": "1" }],
  ["the last of two wins", "a=1\na=2", { a: "2" }],
];

describe("parseProperties", () => {
  for (const [name, text, values] of cases) it(name, () => assert.deepEqual(parseProperties(text), values));

  it("refuses a broken \\u", () => {
    assert.throws(() => parseProperties("a=\\u00G1"), ConfigError);
    assert.throws(() => parseProperties("a=\\u00"), ConfigError);
  });
});
