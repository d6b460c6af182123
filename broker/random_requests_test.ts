import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { denoCompression } from "../platform/deno/mod.ts";
import { settleThrough } from "../platform/mod.ts";
import type { Api } from "../protocol/mod.ts";
import { arbitraryMessage, seededRandom } from "../protocol/testing/arbitrary.ts";
import { apiSpecs } from "../protocol/schema/mod.ts";
import { served } from "./handlers/mod.ts";
import { BrokerWorld } from "./testing/world.ts";

const REQUESTS_PER_VERSION = 8;
const HOUR = 3_600_000;
/** What the broker does every minute is none of what is tested, and sixty times an hour. */
const properties = { "log.flush.offset.checkpoint.interval.ms": HOUR };

describe("random requests", () => {
  for (const { handler } of served()) {
    const api: Api<object, object> = handler.api;
    const { name, request } = apiSpecs.find(({ key }) => key === api.key)!;
    it(`to ${name} are answered in every version, and never by a defect`, async () => {
      const world = await BrokerWorld.start(1, { topics: { t: {} }, properties, clientTelemetry: () => {} }, denoCompression);
      const random = seededRandom(api.key);
      for (let version = api.minVersion; version <= api.maxVersion; version++) {
        for (let i = 0; i < REQUESTS_PER_VERSION; i++) {
          // A connection each: one that Kafka hangs up on as well (a Produce with acks=0 that fails) concerns no other.
          const client = await world.connect();
          const message = arbitraryMessage(request, version, random);
          const call = client.call(api, version, message).catch((error: Error) => error.message);
          // Long enough for whatever waits, in however many steps.
          await settleThrough(world.platform.clock, HOUR);
          client.close();
          const outcome = await call;
          if (typeof outcome === "string") assert.match(outcome, /the connection ended before Produce/);
        }
      }
      const defects = world.platform.logger.events.filter(({ level }) => level === "error");
      assert.deepEqual(defects.map(({ message, facts }) => `${message}: ${facts?.reason}`), []);
      await world.broker.close();
    });
  }
});
