/** Client metrics (KIP-714), of brokers that have a receiver: subscriptions and whom they match, and what becomes of pushes. */
import { denoCompression } from "../../../platform/deno/mod.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import { compress, type CompressionType, compressionTypes } from "../../../protocol/records/mod.ts";
import { boundaries } from "../boundaries.ts";
import { ask, type Await, type Bound, type Fields, type History, type Step } from "../history.ts";
import { at, has } from "../plain.ts";
import { bases } from "./bases.ts";
import { CLIENT_METRICS, DELETE, incrementally, SET } from "./configs.ts";

const { THROTTLING_QUOTA_EXCEEDED, UNKNOWN_SUBSCRIPTION_ID } = ErrorCode;
const [GET, PUSH] = ["GetTelemetrySubscriptions", "PushTelemetry"];

/** `telemetry.max.bytes` of both brokers. */
const MAX_BYTES = 1000;
/** Both brokers have a receiver. */
export const withReceiver: Readonly<Record<string, string>> = {
  "metric.reporters": "compat.TelemetryExporter",
  "telemetry.max.bytes": String(MAX_BYTES),
};

/** Whether an API is asked of such brokers, one history after the other: every change of a subscription concerns all clients. */
export const isTelemetry = ({ api }: { readonly api: string }): boolean => api === GET || api === PUSH;

/** An id of this run, the same on both brokers; the subscription id depends on it. */
const own = (n: number) => ({ run }: Bound): string => `t${n}${run}`.padEnd(21, "x") + "A";
const ID = own(1);

const get = (clientInstanceId: Fields[string] = ID, more: Partial<Step> = {}): Step => ({
  api: GET,
  request: { clientInstanceId },
  ...more,
});
/** Keeps the subscription id of {@link ID}. */
const got = get(ID, { bind: { subscriptionId: "subscriptionId" } });

function pushed(more: Fields = {}, rest: Partial<Step> = {}): Step {
  const request = { clientInstanceId: ID, subscriptionId: "$subscriptionId", compressionType: 0, metrics: Uint8Array.of(1, 2, 3), ...more };
  return { api: PUSH, request, ...rest };
}

type Configs = Readonly<Record<string, string | null>>;

/** Sets subscriptions by name; all of them are for {@link ID} only, unless they say whom else. */
function subscribed(subscriptions: Readonly<Record<string, Configs>>): Step {
  const resources = Object.entries(subscriptions).map(([name, configs]) => ({
    resourceType: CLIENT_METRICS,
    resourceName: `${name}{run}`,
    configs: (bound: Bound) =>
      incrementally(
        Object.entries({ match: "", ...configs }).map(([key, value]) => {
          if (value === null) return [key, DELETE, null];
          return [key, SET, key === "match" ? [`client_instance_id=${ID(bound)}`, value].filter((one) => one !== "").join(",") : value];
        }),
      ),
  }));
  return { api: "IncrementalAlterConfigs", request: { resources } };
}

/** Asked again until the broker has heard of subscriptions; `marker{run}` is a metric of one of them, or of none once they are deleted. */
const heard = (more: Partial<Step> = {}): Step =>
  get(ID, { ...more, until: (answer) => JSON.stringify(at(answer, "requestedMetrics")).includes("marker") });

const marker: Configs = { metrics: "marker{run}" };

/** What {@link ID} is asked for with these subscriptions. Kafka's broker takes one after the other: the marker comes last. */
function told(name: string, subscriptions: Readonly<Record<string, Configs>>, before: readonly (Step | Await)[] = []): History {
  return ask(GET, name, { clientInstanceId: ID }, {
    before: [...before, subscribed(subscriptions), subscribed({ marker })],
    until: (answer) => JSON.stringify(at(answer, "requestedMetrics")).includes("marker"),
  });
}

const asks = (clientSoftwareName: string, version: number): Step => ({
  api: "ApiVersions",
  version,
  request: version < 3 ? {} : { clientSoftwareName, clientSoftwareVersion: "1.0" },
  see: (answer) => at(answer, "errorCode") ?? null,
});

const matching: readonly History[] = [
  ...[
    "client_id=compat",
    "client_id=comp",
    "client_id=(?i)COMPAT",
    "client_id=c[a-z]+t",
    "client_software_name=unknown",
    "client_software_version=unknown",
    "client_source_address=127\\.0\\.0\\.1",
    "client_source_address=10\\..*",
    "client_source_port=[0-9]+",
    "client_source_port=1",
    "client_id=compat,client_source_port=1",
    "client_id=nobody,client_id=compat",
    "client_id=compat,client_id=nobody",
  ].map((match) => told(`clients with ${match}`, { s: { metrics: "wanted{run}", match } })),
  told("clients of a software", { s: { metrics: "wanted{run}", match: "client_software_name=telling,client_software_version=1\\.0" } }, [
    asks("telling", 3),
  ]),
  told("clients of a software that is not told", { s: { metrics: "wanted{run}", match: "client_software_name=unknown" } }, [asks("", 0)]),
  told("clients of another software", { s: { metrics: "wanted{run}", match: "client_software_name=tell" } }, [asks("telling", 3)]),
];

const MANY = Array.from({ length: 14 }, (_, i) => `metric.${i}.`).join(",");

const wanted: readonly History[] = [
  told("metrics by the beginnings of their names", { s: { metrics: "org.apache.kafka.producer.,org.apache.kafka.consumer.,a,q" } }),
  told("more metrics than a small table holds", { s: { metrics: MANY } }),
  told("no metrics", { s: { metrics: "" } }),
  told("an interval alone", { s: { "interval.ms": "1000" } }),
  told("the shortest interval", { s: { metrics: "a", "interval.ms": "100" } }),
  told("an interval that is longer than that of nobody", { s: { metrics: "a", "interval.ms": "3600000" } }),
  told("two subscriptions to the same", { s: { metrics: "a,b", "interval.ms": "5000" }, r: { metrics: "b,c", "interval.ms": "2000" } }),
  told("three subscriptions", { s: { metrics: "x" }, r: { metrics: "y" }, q: { metrics: "z" } }),
  ...["*", "a,*"].map((metrics) =>
    ask(GET, `all metrics, by ${metrics}`, { clientInstanceId: ID }, {
      before: [subscribed({ s: { metrics }, marker })],
      until: has("requestedMetrics", ["*"]),
    })
  ),
];

const asking: readonly History[] = [
  ask(GET, "a client that brings its id", { clientInstanceId: ID }),
  ask(GET, "the reserved id", { clientInstanceId: "AAAAAAAAAAAAAAAAAAAAAQ" }),
  ask(GET, "twice at once", { clientInstanceId: ID }, { before: [get()] }),
  ask(GET, "by another connection", { clientInstanceId: ID }, { before: [get(ID, { on: "another" })] }),
  ask(GET, "after its connection has gone", { clientInstanceId: ID }, {
    before: [get(ID, { on: "another" }), { api: "Metadata", version: 99, request: {}, on: "another" }],
    whileError: [THROTTLING_QUOTA_EXCEEDED],
  }),
  ask(GET, "after the connection of two has gone, of which it knows the later one", { clientInstanceId: ID }, {
    before: [
      get(ID, { on: "another" }),
      get(own(2), { on: "another" }),
      { api: "Metadata", version: 99, request: {}, on: "another" },
      get(own(2), { whileError: [THROTTLING_QUOTA_EXCEEDED] }),
    ],
  }),
  ask(GET, "after a subscription has changed", { clientInstanceId: ID }, {
    before: [subscribed({ marker }), heard(), subscribed({ marker: { "interval.ms": "1000" } })],
    until: has("pushIntervalMs", 1000),
  }),
  ask(GET, "after a subscription was deleted", { clientInstanceId: ID }, {
    before: [subscribed({ marker }), heard(), subscribed({ marker: { metrics: null, match: null } })],
    until: has("requestedMetrics", []),
  }),
  ask(GET, "before the interval is over, and after it", { clientInstanceId: ID }, {
    before: [subscribed({ marker: { ...marker, "interval.ms": "1000" } }), heard(), get()],
    whileError: [THROTTLING_QUOTA_EXCEEDED],
  }),
];

const push = (name: string, more: Fields, before: readonly (Step | Await)[] = [got], after: readonly (Step | Await)[] = []): History => {
  const { api, request, ...rest } = pushed(more);
  return ask(api, name, request, { ...rest, before, after });
};
/** Asks at a short interval. */
const often: readonly Step[] = [
  subscribed({ marker: { ...marker, "interval.ms": "400" } }),
  heard({ bind: { subscriptionId: "subscriptionId" } }),
];

const pushing: readonly History[] = [
  push("what was asked for", {}, [got], [get(), pushed()]),
  push("twice at once", {}, [got, pushed()]),
  push("the last", { terminating: true }, [got, pushed()]),
  push("after the last", {}, [got, pushed({ terminating: true })], [pushed(), get()]),
  push("the last after the last", { terminating: true }, [got, pushed({ terminating: true })], [pushed({ terminating: true })]),
  push("the last, refused, and one more", {}, [got, pushed({ terminating: true, subscriptionId: 7 })]),
  push("after the last, once a subscription has changed", {}, [
    got,
    pushed({ terminating: true }),
    subscribed({ marker }),
    heard({ bind: { subscriptionId: "subscriptionId" } }),
  ]),
  push("without having asked", { subscriptionId: 7 }, [], [get(), get(), pushed({ subscriptionId: 7 })]),
  push("of a subscription that is no more", {}, [got], [
    subscribed({ marker }),
    pushed({}, { untilError: UNKNOWN_SUBSCRIPTION_ID }),
    heard({ bind: { subscriptionId: "subscriptionId" } }),
    pushed(),
  ]),
  push("before the interval is over, and after it", {}, [...often, pushed()], [
    pushed({}, { whileError: [THROTTLING_QUOTA_EXCEEDED] }),
    pushed(),
    get(),
    get(ID, { whileError: [THROTTLING_QUOTA_EXCEEDED] }),
    pushed(),
  ]),
  push("nothing", { metrics: new Uint8Array(0) }),
  push("as much as may be", { metrics: new Uint8Array(MAX_BYTES) }),
  push("more than may be", { metrics: new Uint8Array(MAX_BYTES + 1) }, [got], [get(), pushed({ terminating: true })]),
  push("a compression that is none", { compressionType: 5 }, [got], [get(), get(), pushed()]),
  ...compressionTypes.flatMap((type) => compressed(type)),
];

function compressed(type: CompressionType): History[] {
  const compressionType = compressionTypes.indexOf(type);
  const as = (bytes: Uint8Array): Uint8Array => compress(type, bytes, denoCompression);
  const some = new Uint8Array(600).map((_, i) => i * i);
  const cases: Readonly<Record<string, Uint8Array>> = {
    "": as(some),
    ", as much as may be": as(new Uint8Array(MAX_BYTES)),
    ", more than may be": as(new Uint8Array(MAX_BYTES + 1)),
    ", nothing": as(new Uint8Array(0)),
    ", cut off": as(some).subarray(0, 300),
    ", broken": as(some).map((byte, i) => i === 2 ? byte ^ 0xff : byte),
    ", which it is not": some,
  };
  return Object.entries(cases).map(([name, metrics]) => push(`${type}${name}`, { compressionType, metrics }, [got], [get()]));
}

/** Played one after the other. */
export const telemetryHistories: readonly History[] = [
  ...bases.filter(isTelemetry).flatMap(boundaries),
  ...matching,
  ...wanted,
  ...asking,
  ...pushing,
];
