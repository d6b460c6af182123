import assert from "node:assert/strict";
import { it } from "node:test";
import { simulatedPlatform } from "../../platform/mod.ts";
import { Catalogue, ConfigResourceType } from "../metadata/catalogue.ts";
import { ClientMetrics } from "./service.ts";

// Alone in its file: whatever reads a pattern before would have loaded what reads them.
it("a broker that starts with subscriptions can read their patterns", async () => {
  const catalogue = new Catalogue();
  const resource = { resourceType: ConfigResourceType.CLIENT_METRICS, resourceName: "producers" };
  catalogue.replay({ type: "ConfigRecord", data: { ...resource, name: "match", value: "client_id=orders-.*" } });
  const platform = simulatedPlatform(1);
  await ClientMetrics.of({ catalogue, whenClientMetricsAreConfigured() {} }, () => {}, 1000, platform);
  assert.deepEqual(platform.logger.events, []);
});
