import { type ClientName, Driver } from "../drivers/driver.ts";
import { CLIENT_METRICS, incrementally, SET } from "../explorer/cases/configs.ts";
import { prepareSide, sideOf } from "../explorer/explorer.ts";
import type { History } from "../explorer/history.ts";
import { metricNames } from "../otlp.ts";
import { Child, waitUntil } from "../processes.ts";
import type { Scenario } from "../scenario.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const LIMIT_MS = 30_000;
const INTERVAL_MS = 100;

/** A client, what it calls itself, and what is wanted of its producers: beginnings of names of metrics that it has. */
interface Wanted {
  readonly client: ClientName;
  readonly software: string;
  readonly metrics: readonly string[];
}

const wanted: readonly Wanted[] = [
  {
    client: "java",
    software: "apache-kafka-java",
    metrics: ["org.apache.kafka.producer.connection.creation.", "org.apache.kafka.producer.node.request.latency."],
  },
  {
    client: "librdkafka",
    software: "confluent-kafka-python",
    metrics: ["org.apache.kafka.producer.connection.creation.", "org.apache.kafka.producer.record.queue.time."],
  },
];

/** What `telemetry_host.ts` tells of a push. */
interface Push {
  readonly clientInstanceId: string;
  readonly softwareName: string;
  readonly metrics: readonly number[];
}

const subscriptions: History = {
  name: "subscriptions",
  api: "IncrementalAlterConfigs",
  versions: "1",
  steps: [{
    api: "IncrementalAlterConfigs",
    request: {
      resources: wanted.map(({ software, metrics }) => ({
        resourceType: CLIENT_METRICS,
        resourceName: software,
        configs: incrementally([
          ["metrics", SET, metrics.join(",")],
          ["interval.ms", SET, String(INTERVAL_MS)],
          ["match", SET, `client_software_name=${software}`],
        ]),
      })),
    },
  }],
};

/** Clients push by themselves what a broker asks them for (KIP-714), compressed as it likes best. */
export const clientsPushTheirMetrics: Scenario = {
  name: "client metrics: producers of Java and librdkafka push what subscriptions ask them for, again and again",
  onlyOttla: true,
  async run(): Promise<void> {
    const said: string[] = [];
    const host = new Child(Deno.execPath(), ["run", "-A", "--config", `${ROOT}deno.json`, `${ROOT}compat/telemetry_host.ts`], {
      onLine: (line) => said.push(line),
    });
    const bootstrap = await waitUntil("the broker says where it is", LIMIT_MS, () => said[0]);
    await prepareSide(subscriptions, await sideOf([bootstrap]));
    const pushes = (): Push[] => said.slice(1).map((line) => JSON.parse(line));
    await Promise.all(wanted.map((one) => pushesAre(one, bootstrap, pushes)));
    await host.closeInput();
    await host.finished();
  },
};

async function pushesAre({ client, software, metrics }: Wanted, bootstrap: string, pushes: () => readonly Push[]): Promise<void> {
  const driver = await Driver.start(client, bootstrap);
  await driver.produce("orders", [{ partition: 0, timestamp: 0, key: null, value: new Uint8Array(1), headers: [] }]);
  const ofClient = () => pushes().filter(({ softwareName }) => softwareName === software);
  const names = () => [...new Set(ofClient().flatMap((push) => metricNames(Uint8Array.from(push.metrics))))].sort();
  await waitUntil(`${software} pushes ${metrics}, three times`, LIMIT_MS, () => {
    return ofClient().length >= 3 && metrics.every((start) => names().some((name) => name.startsWith(start)));
  });
  await driver.close();
  const unwanted = names().filter((name) => !metrics.some((start) => name.startsWith(start)));
  if (unwanted.length > 0) throw new Error(`${software} pushes what nobody asked it for: ${unwanted}`);
  const ids = new Set(ofClient().map(({ clientInstanceId }) => clientInstanceId));
  if (ids.size !== 1) throw new Error(`${software} pushes as ${[...ids]}`);
  console.log(`     ${software}: ${names().join(", ")}`);
}
