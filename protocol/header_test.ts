import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiVersions } from "./generated/18_api_versions.ts";
import { Heartbeat, type HeartbeatRequest } from "./generated/12_heartbeat.ts";
import { correlationIdOf, readRequestHeader, requestBody, responseBody, writeRequestFrame, writeResponseFrame } from "./header.ts";
import { parseHex } from "./testing/fixtures.ts";
import { DecodeError, EncodeError, Writer } from "./wire/mod.ts";

const request: HeartbeatRequest = { groupId: "foo", generationId: 1, memberId: "m", groupInstanceId: null };

test("a request with header v1", () => {
  const writer = new Writer();
  writeRequestFrame(writer, Heartbeat, { apiVersion: 3, correlationId: 7, clientId: "c" }, request);
  const expected = parseHex(`
    00 00 00 19     # length 25
    00 0c 00 03     # key 12, version 3
    00 00 00 07     # correlation id
    00 01 63        # client id "c"
    00 03 66 6f 6f  # groupId
    00 00 00 01     # generationId
    00 01 6d        # memberId
    ff ff           # groupInstanceId null
  `);
  assert.deepEqual(writer.written(), expected);
});

test("a request with header v2: the client id is not compact, tagged fields follow", () => {
  const frame = parseHex(`
    00 0c 00 04     # key 12, version 4
    00 00 00 07     # correlation id
    00 01 63        # client id "c"
    01 63 02 ff ff  # a tagged field that nobody knows
    04 66 6f 6f 00 00 00 01 02 6d 00 00
  `);
  const header = readRequestHeader(frame);
  assert.deepEqual(header, { apiKey: 12, apiVersion: 4, correlationId: 7, clientId: "c", end: 11 });
  const body = requestBody(frame, header, Heartbeat);
  assert.deepEqual(Heartbeat.readRequest(body, 4), request);
  body.expectEnd();
});

test("a client may have no name", () => {
  assert.equal(readRequestHeader(parseHex("00 0c 00 00 00 00 00 07 ff ff")).clientId, null);
});

test("a header that is cut off", () => {
  const frame = parseHex("00 0c 00 04 00 00 00 07 00 01 63");
  for (let length = 0; length < frame.length; length++) assert.throws(() => readRequestHeader(frame.subarray(0, length)), DecodeError);
  assert.throws(() => requestBody(frame, readRequestHeader(frame), Heartbeat), DecodeError);
});

test("a response header has tagged fields in flexible versions, but never that of ApiVersions", () => {
  const heartbeat = (version: number): string => hexOfResponse(Heartbeat, version, { throttleTimeMs: 0, errorCode: 27 });
  assert.equal(heartbeat(3), "0000000a" + "00000007" + "00000000" + "001b");
  assert.equal(heartbeat(4), "0000000c" + "00000007" + "00" + "00000000" + "001b" + "00");
  const apiVersions = hexOfResponse(ApiVersions, 3, { errorCode: 0, apiKeys: [], throttleTimeMs: 0 });
  assert.equal(apiVersions, "0000000c" + "00000007" + "0000" + "01" + "00000000" + "00");
});

test("a response comes back", () => {
  for (const version of [0, 3, 4]) {
    const writer = new Writer();
    writeResponseFrame(writer, Heartbeat, version, 7, { throttleTimeMs: 0, errorCode: 27 });
    const frame = writer.written().subarray(4);
    assert.equal(correlationIdOf(frame), 7);
    const body = responseBody(frame, Heartbeat, version);
    assert.deepEqual(Heartbeat.readResponse(body, version), { throttleTimeMs: 0, errorCode: 27 });
    body.expectEnd();
  }
});

test("a message that cannot be written leaves the frames before it alone", () => {
  const writer = new Writer();
  writeResponseFrame(writer, Heartbeat, 4, 7, { throttleTimeMs: 0, errorCode: 0 });
  const before = writer.written().slice();
  assert.throws(() => writeResponseFrame(writer, Heartbeat, 4, 8, { throttleTimeMs: 0, errorCode: 70000 }), EncodeError);
  const header = { apiVersion: 0, correlationId: 9, clientId: null };
  assert.throws(() => writeRequestFrame(writer, Heartbeat, header, { ...request, groupInstanceId: "static" }), EncodeError);
  assert.deepEqual(writer.written(), before);
});

function hexOfResponse<T>(api: Parameters<typeof writeResponseFrame<T>>[1], version: number, response: T): string {
  const writer = new Writer();
  writeResponseFrame(writer, api, version, 7, response);
  return [...writer.written()].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
