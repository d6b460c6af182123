/** The table of rooms (DESIGN §3): which folder may import from which others, and through which doors. */

/** Top-level folders and what each may import from, beside itself. */
export const layers: Readonly<Record<string, readonly string[]>> = {
  platform: [],
  protocol: [],
  storage: ["platform", "protocol"],
  broker: ["platform", "protocol", "storage"],
  inspect: ["platform", "protocol"],
  sim: ["platform", "protocol", "storage", "broker", "inspect"],
  // For the tables that documents are written from.
  tools: ["broker", "protocol"],
};

/** What tests may import from beside that: codecs and disks to test with. */
export const testLayers: readonly string[] = ["platform", "protocol"];

/** The files of a folder that other folders may import, beside its `mod.ts`. */
export const doors: Readonly<Record<string, readonly RegExp[]>> = {
  platform: [/^deno\/(mod|child)\.ts$/],
  protocol: [/^(records|inspect)\/mod\.ts$/, /^wire\/mod\.ts$/, /^errors\.ts$/, /^generated\/(records\/)?\w+\.ts$/],
};

/** Files of a folder that only tools may import: the tables that documents are written from. */
export const toolDoors: Readonly<Record<string, readonly RegExp[]>> = {
  protocol: [/^schema\/(mod|spec)\.ts$/],
  broker: [/^handlers\/mod\.ts$/, /^config\/(broker|dynamic_rows|topic)\.ts$/, /^observability\/metrics\.ts$/],
};

/** Files of a folder that only the tests of others may import. */
export const testDoors: Readonly<Record<string, readonly RegExp[]>> = {
  inspect: [/^command\.ts$/],
  protocol: [/^testing\/\w+\.ts$/, /^schema\/mod\.ts$/],
  broker: [/^(coordinator\/)?testing\/\w+\.ts$/, /^offline\/\w+\.ts$/],
  storage: [/^testing\/\w+\.ts$/],
};

/** Imports that are forbidden, but to tests, though the folders would allow them. */
export const forbidden: readonly { from: RegExp; to: RegExp; except?: RegExp; why: string }[] = [
  {
    from: /^storage\//,
    to: /^protocol\//,
    except: /^protocol\/(records\/mod|errors)\.ts$/,
    why: "storage knows record batches and error codes, not requests",
  },
  {
    from: /^broker\/handlers\/\d+_\w+\.ts$/,
    to: /^broker\/handlers\/(\d+_\w+|mod)\.ts$/,
    why: "handlers never import each other",
  },
  {
    from: /^broker\/coordinator\/[^/]+\.ts$/,
    to: /^broker\/coordinator\/[^/]+\//,
    why: "the coordinator runtime knows no groups",
  },
  {
    from: /^broker\/coordinator\//,
    to: /^broker\/(handlers|network)\//,
    why: "coordinators know neither handlers nor the network",
  },
  {
    from: /^(?!platform\/)(?!broker\/(main|launcher|start_broker|offline\/\w+_main)\.ts$)(?!inspect\/main\.ts$)/,
    to: /^platform\/deno\//,
    why: "only main files and startBroker know the real platform",
  },
];
