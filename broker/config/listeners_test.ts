import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clientListener, type ListenOptions } from "./listeners.ts";
import type { ConfigValues } from "./row.ts";

const find = (properties: ConfigValues, options: ListenOptions = {}) => clientListener(properties, options, 9092);
const loopback = (port: number) => ({ hostname: "127.0.0.1", port });

describe("clientListener", () => {
  it("is loopback's, when nobody says otherwise", () => {
    assert.deepEqual(find({}), { name: "PLAINTEXT", listen: loopback(9092), advertised: null, notes: [] });
  });

  it("skips the controller's and takes an empty host for loopback, and says so", () => {
    const { listen, notes } = find({ listeners: "PLAINTEXT://:9092,CONTROLLER://:9093" });
    assert.deepEqual(listen, loopback(9092));
    assert.deepEqual(notes, ["listeners names no host for PLAINTEXT: Ottla listens on 127.0.0.1 only"]);
  });

  it("has any name that is mapped to PLAINTEXT", () => {
    const { name, listen } = find({ listeners: "internal://[::1]:7", "listener.security.protocol.map": "INTERNAL:PLAINTEXT, SSL:SSL" });
    assert.deepEqual([name, listen], ["INTERNAL", { hostname: "::1", port: 7 }]);
  });

  it("is advertised where advertised.listeners says so", () => {
    const { advertised } = find({ "advertised.listeners": "CONTROLLER://c:1,PLAINTEXT://kafka.example:19092" });
    assert.deepEqual(advertised, { hostname: "kafka.example", port: 19092 });
  });

  it("moves to the given host and port; what was advertised then is not true any more", () => {
    const properties = { listeners: "PLAINTEXT://127.0.0.1:9092", "advertised.listeners": "PLAINTEXT://localhost:9092" };
    const moved = find(properties, { port: 0 });
    assert.deepEqual([moved.listen, moved.advertised, moved.notes.length], [loopback(0), null, 1]);
  });

  const refusals: readonly [sentence: RegExp, properties: ConfigValues, options?: ListenOptions][] = [
    [/^0\.0\.0\.0 can be reached from other machines .* say --insecure/, {}, { host: "0.0.0.0" }],
    [/^192\.168\.0\.7 can be reached/, { listeners: "PLAINTEXT://192.168.0.7:9092" }],
    [/^:: can be reached/, { listeners: "PLAINTEXT://[::]:9092" }],
    [/^127\.evil\.example can be reached/, { listeners: "PLAINTEXT://127.evil.example:9092" }],
    [/^The listener SSL wants SSL: .* PLAINTEXT only$/, { listeners: "SSL://127.0.0.1:9092" }],
    [/^The listener CLIENTS wants SASL_PLAINTEXT/, {
      listeners: "CLIENTS://:9092",
      "listener.security.protocol.map": "CLIENTS:SASL_PLAINTEXT",
    }],
    [/^listener\.security\.protocol\.map has no security protocol for the listener OTHER$/, { listeners: "OTHER://:9092" }],
    [/^listeners names 2 client listeners \(PLAINTEXT, SSL\): Ottla serves one$/, { listeners: "PLAINTEXT://:1,SSL://:2" }],
    [/^listeners names no client listener/, { listeners: "CONTROLLER://:9093" }],
    [/^listeners: localhost:9092 is not of the form NAME:\/\/host:port$/, { listeners: "localhost:9092" }],
    [/^listeners: PLAINTEXT:\/\/a:65536 is not of the form/, { listeners: "PLAINTEXT://a:65536" }],
  ];
  for (const [sentence, properties, options] of refusals) {
    it(`refuses: ${sentence.source}`, () => assert.throws(() => find(properties, options), { name: "ConfigError", message: sentence }));
  }

  it("may be open to others when that is said", () => {
    assert.equal(find({}, { host: "0.0.0.0", insecure: true }).listen.hostname, "0.0.0.0");
  });
});
