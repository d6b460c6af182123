import assert from "node:assert/strict";
import { it } from "node:test";
import { consoleLogger, lineOf } from "./logger.ts";

it("writes one line an event, facts as key=value", () => {
  const line = lineOf(0, "warn", "request refused", { api: "Fetch", version: 99, reason: "too new", none: undefined, nothing: null });
  assert.equal(line, '1970-01-01T00:00:00.000Z WARN  request refused api=Fetch version=99 reason="too new" nothing=null\n');
});

it("lets no fact forge a line, move the cursor or look like another fact", () => {
  const line = lineOf(0, "info", "m\n", { a: "x\ny", b: "\u001b[2J", c: "k=v", d: "", e: "\u2028\u202e", f: 'q"' });
  assert.ok(line.endsWith("\n"));
  assert.match(line.slice(0, -1), /^[\x20-\x7e]*$/);
  assert.ok(line.includes('c="k=v" d="" '), line);
  assert.ok(line.includes('f="q\\""'), line);
});

it("writes the lines of a trace below it, in one piece", () => {
  const pieces: string[] = [];
  consoleLogger("trace", { print: (text) => pieces.push(text) }).trace("Fetch v12 request", { bytes: 3 }, ["a", "  b"]);
  assert.equal(pieces.length, 1);
  assert.equal(pieces[0].slice(pieces[0].indexOf(" ")), " TRACE Fetch v12 request bytes=3\n  a\n    b\n");
});

it("drops what is below its level", () => {
  const lines: string[] = [];
  for (const level of ["warn", "trace"] as const) assert.equal(consoleLogger(level, { print: () => {} }).logs("debug"), level === "trace");
  const logger = consoleLogger("warn", { print: (text, to) => lines.push(`${to} ${text}`) });
  logger.trace("t", {}, ["u"]);
  logger.debug("a");
  logger.info("b");
  logger.warn("c");
  logger.error("d");
  assert.equal(lines.length, 2);
  assert.ok(lines.every((line) => line.startsWith("stderr ")));
  consoleLogger("silent", { print: (text) => lines.push(text) }).error("e");
  assert.equal(lines.length, 2);
});

it("goes by the level that it has at the time", () => {
  const lines: string[] = [];
  const logger = consoleLogger("info", { print: (line) => void lines.push(line) });
  logger.debug("unheard");
  logger.level = "debug";
  logger.debug("heard");
  logger.level = "silent";
  logger.error("unheard");
  assert.deepEqual([lines.length, lines[0].includes("heard"), logger.logs("error")], [1, true, false]);
});
