import type { Address } from "../../platform/mod.ts";
import { type ClientListener, clientListener, type ListenOptions, requireLoopback } from "./listeners.ts";
import { ConfigError, type ConfigValues } from "./row.ts";
import type { Durability } from "./settings.ts";

/** What decides where a broker listens and where it keeps data. */
export interface PlaceOptions extends ListenOptions {
  /** `HOST:PORT` */
  readonly http?: string;
  readonly nodes?: number;
  readonly dataDir?: string;
  readonly durability?: Durability;
}

/** Where to go when nobody says so. */
export interface PlaceDefaults {
  readonly port: number;
  /** Null: memory. */
  readonly dataDir: string | null;
}

/** What the broker touches of the machine: all that the launcher has to permit. */
export interface Places {
  readonly listener: ClientListener;
  /** Where each node listens. */
  readonly listen: readonly Address[];
  readonly http: Address | null;
  readonly dataDirectory: string | null;
  readonly durability: Durability;
}

/** Options win over properties, properties over defaults. Throws {@link ConfigError}. Loads no table of properties, so that the launcher stays quick. */
export function findPlaces(options: PlaceOptions, properties: ConfigValues, defaults: PlaceDefaults): Places {
  const { durability } = options;
  const http = options.http === undefined ? null : httpAddress(options.http, options.insecure === true);
  const listener = clientListener(properties, options, defaults.port);
  const listen = Array.from({ length: options.nodes ?? 1 }, (_, index) => addressOf(index, listener.listen));
  if (durability === "memory") {
    if (options.dataDir !== undefined) throw new ConfigError("A broker in memory has no data directory: choose one of the two");
    return { listener, listen, http, dataDirectory: null, durability };
  }
  const dataDirectory = options.dataDir ?? logDirectory(properties) ?? defaults.dataDir;
  if (dataDirectory === "") throw new ConfigError("The data directory has an empty name");
  if (dataDirectory === null && durability !== undefined) throw new ConfigError(`durability ${durability} needs a data directory`);
  return { listener, listen, http, dataDirectory, durability: dataDirectory === null ? "memory" : durability ?? "power" };
}

/** `host:port`, with brackets around an IPv6 address. */
export function hostPort({ hostname, port }: Address): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

/** The address of a node: ports follow each other, but where the system chooses them. Throws {@link ConfigError} where there are not so many. */
export function addressOf(index: number, { hostname, port }: Address): Address {
  if (port + index > 65535) throw new ConfigError(`There is no port ${port + index} for node ${index + 1}`);
  return { hostname, port: port === 0 ? 0 : port + index };
}

function httpAddress(text: string, insecure: boolean): Address {
  const parts = /^(\[[0-9A-Fa-f:.%]+\]|[^:[\]/\s]+):(\d{1,5})$/.exec(text);
  const port = Number(parts?.[2]);
  if (parts === null || port > 65535) throw new ConfigError(`http ${text}: it must be HOST:PORT`);
  const hostname = parts[1].replace(/^\[|\]$/g, "");
  if (!insecure) requireLoopback(hostname, "see what it is about");
  return { hostname, port };
}

function logDirectory(properties: ConfigValues): string | null {
  const name = properties["log.dirs"] !== undefined ? "log.dirs" : "log.dir";
  const directories = (properties[name] ?? "").split(",").map((directory) => directory.trim()).filter((directory) => directory !== "");
  if (directories.length > 1) throw new ConfigError(`${name} names ${directories.length} directories: Ottla keeps its data in one`);
  return directories.at(0) ?? null;
}
