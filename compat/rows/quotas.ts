/** Quotas of users, client ids and addresses (KIP-546, KIP-612). */
import type { ClientName } from "../drivers/driver.ts";
import type { RowScenario, Step } from "../steps/step.ts";

const area = "administration";
/** Defaults are everybody's: one client alone, on a broker of its own. */
const alone: readonly ClientName[] = ["java"];
const broker = { "background.threads": "10" };

const quotas: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a user's quota is set and told",
    features: ["KIP-546"],
    steps: [
      { op: "alterQuotas", user: "u", set: { producer_byte_rate: 1_000_000 } },
      { op: "describeQuotas", user: "u", expect: { producer_byte_rate: 1_000_000 }, within: 5_000 },
    ],
  },
  {
    name: "a user's client has quotas of its own",
    features: ["KIP-546"],
    steps: [
      { op: "alterQuotas", user: "u", client: "c", set: { consumer_byte_rate: 1_000_000, request_percentage: 12.5 } },
      { op: "describeQuotas", user: "u", client: "c", expect: { consumer_byte_rate: 1_000_000, request_percentage: 12.5 }, within: 5_000 },
      { op: "describeQuotas", user: "u", expect: {} },
    ],
  },
  {
    name: "a user has a quota for every client that has none",
    features: ["KIP-546"],
    steps: [
      { op: "alterQuotas", user: "u", client: "", set: { producer_byte_rate: 1_000_000 } },
      { op: "describeQuotas", user: "u", client: "", expect: { producer_byte_rate: 1_000_000 }, within: 5_000 },
    ],
  },
  {
    name: "a quota is removed, another stays",
    features: ["KIP-546"],
    steps: [
      { op: "alterQuotas", user: "u", set: { producer_byte_rate: 1_000_000, controller_mutation_rate: 5 } },
      { op: "alterQuotas", user: "u", remove: ["producer_byte_rate"] },
      {
        op: "describeQuotas",
        user: "u",
        expect: { controller_mutation_rate: 5, producer_byte_rate: { $not: { $any: true } } },
        within: 5_000,
      },
    ],
  },
  {
    name: "quotas that are only to be validated are not set",
    features: ["KIP-546"],
    steps: [
      { op: "alterQuotas", user: "u", set: { producer_byte_rate: 1_000_000 }, validateOnly: true },
      { op: "describeQuotas", user: "u", expect: { producer_byte_rate: { $not: { $any: true } } } },
    ],
  },
  {
    name: "an address has a quota of connections",
    features: ["KIP-612"],
    steps: [
      { op: "alterQuotas", ip: "192.0.2.1", set: { connection_creation_rate: 5 } },
      { op: "describeQuotas", ip: "192.0.2.1", expect: { connection_creation_rate: 5 }, within: 5_000 },
    ],
  },
  ...([
    ["of nothing", { producer_byte_rate: 0 }],
    ["of half a byte", { producer_byte_rate: 1.5 }],
    ["that is not there", { speed: 1 }],
    ["of connections", { connection_creation_rate: 5 }],
  ] as const).map(([what, set]): Omit<RowScenario, "area"> => ({
    name: `a user cannot have a quota ${what}`,
    features: ["KIP-546"],
    steps: [{ op: "alterQuotas", user: "u", set, error: "INVALID_REQUEST" }],
  })),
  {
    name: "a user's address can have no quota",
    features: ["KIP-612"],
    steps: [{ op: "alterQuotas", user: "u", ip: "192.0.2.1", set: { connection_creation_rate: 5 }, error: "INVALID_REQUEST" }],
  },
  {
    name: "quotas are there after a restart",
    features: ["KIP-546"],
    clients: ["java", "franz-go"],
    steps: [
      { op: "alterQuotas", user: "u", set: { producer_byte_rate: 1_000_000 } },
      { op: "restartBroker" },
      { op: "describeQuotas", user: "u", expect: { producer_byte_rate: 1_000_000 }, within: 15_000 },
    ],
  },
];

type Find = Extract<Step, { op: "findQuotas" }>;
const finds = (what: Omit<Find, "op">): Step => ({ op: "findQuotas", within: 5_000, ...what } as Step);
const rate = { producer_byte_rate: 1_000_000 };

/** A user's quota, one of a client of this user, and one of a client. */
const threeEntities: readonly Step[] = [
  { op: "alterQuotas", user: "u", set: { producer_byte_rate: 1 } },
  { op: "alterQuotas", user: "u", client: "c", set: { producer_byte_rate: 2 } },
  { op: "alterQuotas", client: "c", set: { producer_byte_rate: 3 } },
];

const found: readonly Omit<RowScenario, "area">[] = [
  {
    name: "quotas of a user are found with those of the user's clients, unless they are asked for strictly",
    features: ["KIP-546"],
    steps: [
      ...threeEntities,
      finds({
        user: "u",
        expect: {
          $unordered: [{ user: "u", quotas: { producer_byte_rate: 1 } }, { user: "u", client: "c", quotas: { producer_byte_rate: 2 } }],
        },
      }),
      finds({ user: "u", strict: true, expect: [{ user: "u", client: { $not: { $any: true } }, quotas: { producer_byte_rate: 1 } }] }),
    ],
  },
  {
    name: "quotas of a client are found whoever the user is",
    features: ["KIP-546"],
    steps: [
      ...threeEntities,
      finds({ client: "c", expect: { $unordered: [{ user: "u", client: "c" }, { client: "c", user: { $not: { $any: true } } }] } }),
      finds({ client: "c", user: true, expect: [{ user: "u", client: "c", quotas: { producer_byte_rate: 2 } }] }),
    ],
  },
  {
    name: "all users that have quotas are found, and clients alone are not",
    features: ["KIP-546"],
    steps: [
      ...threeEntities,
      { op: "alterQuotas", user: "v", set: { producer_byte_rate: 4 } },
      finds({ user: true, strict: true, expect: { $unordered: [{ user: "u" }, { user: "v" }] } }),
      finds({ user: true, expect: { $count: 3 } }),
    ],
  },
  {
    name: "whom nobody gave a quota is not found",
    features: ["KIP-546"],
    steps: [finds({ user: "nobody", expect: [] }), finds({ user: "nobody", strict: true, expect: [] })],
  },
  {
    name: "without its last quota an entity is not found any more",
    features: ["KIP-546"],
    steps: [
      { op: "alterQuotas", user: "u", set: rate },
      finds({ user: "u", expect: { $count: 1 } }),
      { op: "alterQuotas", user: "u", remove: ["producer_byte_rate"] },
      finds({ user: "u", expect: [] }),
    ],
  },
  {
    name: "a quota that is not there can be removed, also one that cannot be",
    features: ["KIP-546"],
    steps: [{ op: "alterQuotas", user: "u", remove: ["producer_byte_rate", "speed"] }, finds({ user: "u", expect: [] })],
  },
  {
    name: "a user's name may have any letters",
    features: ["KIP-546"],
    steps: [
      { op: "alterQuotas", user: "CN=ü ö,O=a/b;%", set: rate },
      { op: "describeQuotas", user: "CN=ü ö,O=a/b;%", expect: rate, within: 5_000 },
    ],
  },
  {
    name: "a quota is set again, and the last one counts",
    features: ["KIP-546"],
    steps: [
      { op: "alterQuotas", client: "c", set: rate },
      { op: "alterQuotas", client: "c", set: { producer_byte_rate: 2_000_000 } },
      { op: "describeQuotas", client: "c", expect: { producer_byte_rate: 2_000_000 }, within: 5_000 },
    ],
  },
];

const defaults: readonly Omit<RowScenario, "area">[] = [
  {
    name: "users, clients and addresses that have no quota have default ones",
    features: ["KIP-546", "KIP-612"],
    broker,
    clients: alone,
    steps: [
      { op: "alterQuotas", user: "", set: rate },
      { op: "alterQuotas", client: "", set: { consumer_byte_rate: 7 } },
      { op: "alterQuotas", ip: "", set: { connection_creation_rate: 8 } },
      { op: "describeQuotas", user: "", expect: rate, within: 5_000 },
      { op: "describeQuotas", client: "", expect: { consumer_byte_rate: 7 }, within: 5_000 },
      { op: "describeQuotas", ip: "", expect: { connection_creation_rate: 8 }, within: 5_000 },
      { op: "alterQuotas", user: "", remove: ["producer_byte_rate"] },
      { op: "alterQuotas", client: "", remove: ["consumer_byte_rate"] },
      { op: "alterQuotas", ip: "", remove: ["connection_creation_rate"] },
    ],
  },
  {
    name: "the default of users is no user of that name",
    features: ["KIP-546"],
    broker,
    clients: alone,
    steps: [
      { op: "alterQuotas", user: "", client: "c", set: rate },
      finds({ client: "c", user: "", expect: [{ user: "", client: "c" }] }),
      finds({ client: "c", user: "<default>", expect: [] }),
      { op: "alterQuotas", user: "", client: "c", remove: ["producer_byte_rate"] },
    ],
  },
];

const refused: readonly Omit<RowScenario, "area">[] = [
  ...([
    ["a user cannot have a share of less than nothing", { user: "u", set: { request_percentage: -1 } }],
    ["an address can have no quota of bytes", { ip: "192.0.2.1", set: rate }],
    ["a client's address can have no quota", { client: "c", ip: "192.0.2.1", set: { connection_creation_rate: 5 } }],
    ["half a connection is no quota", { ip: "192.0.2.1", set: { connection_creation_rate: 0.5 } }],
    ["a wrong quota is not valid either", { user: "u", set: { speed: 1 }, validateOnly: true }],
    ["nobody can have no quota", { set: rate }],
  ] as const).map(([name, what]): Omit<RowScenario, "area"> => ({
    name,
    features: ["KIP-546"],
    steps: [{ op: "alterQuotas", ...what, error: "INVALID_REQUEST" } as Step],
  })),
  {
    name: "quotas of a user's address cannot be asked for",
    features: ["KIP-612"],
    steps: [finds({ user: "u", ip: "192.0.2.1", error: "INVALID_REQUEST" })],
  },
];

export const quotasRows: readonly RowScenario[] = [...quotas, ...found, ...defaults, ...refused].map((each) => ({ ...each, area }));
