import type { Address } from "../../platform/mod.ts";
import { ConfigError, type ConfigValues } from "./row.ts";

/** The one client listener. */
export interface ClientListener {
  readonly name: string;
  readonly listen: Address;
  /** What `advertised.listeners` says of it, or null. */
  readonly advertised: Address | null;
  /** What the user should know about how their listeners were read. */
  readonly notes: readonly string[];
}

/** What the command line or the embedder says beside the properties. */
export interface ListenOptions {
  readonly host?: string;
  readonly port?: number;
  readonly insecure?: boolean;
}

const LOOPBACK = "127.0.0.1";

interface Endpoint {
  readonly name: string;
  /** Empty: all interfaces in Kafka, loopback here. */
  readonly host: string;
  readonly port: number;
}

/**
 * Finds the client listener in Kafka's properties `listeners`, `advertised.listeners`, `controller.listener.names` and `listener.security.protocol.map`.
 * A host or port of `options` wins; what the properties advertise then belongs to another address and is left out.
 * Throws {@link ConfigError} for more or fewer than one client listener, for one that wants TLS or SASL, and for an open address without `insecure`.
 */
export function clientListener(properties: ConfigValues, options: ListenOptions, defaultPort: number): ClientListener {
  const controllers = split(properties["controller.listener.names"] ?? "CONTROLLER").map((name) => name.toUpperCase());
  const isClients = (endpoint: Endpoint): boolean => !controllers.includes(endpoint.name);
  const own = endpoints("listeners", properties).filter(isClients);
  if (own.length > 1) {
    throw new ConfigError(`listeners names ${own.length} client listeners (${own.map(({ name }) => name).join(", ")}): Ottla serves one`);
  }
  if (own.length === 0 && properties["listeners"] !== undefined) {
    throw new ConfigError("listeners names no client listener: nobody could connect");
  }
  const { name, host, port } = own.at(0) ?? { name: "PLAINTEXT", host: LOOPBACK, port: defaultPort };
  requirePlaintext(name, properties);

  const listen = { hostname: options.host ?? (host === "" ? LOOPBACK : host), port: options.port ?? port };
  const notes: string[] = [];
  if (host === "" && options.host === undefined) notes.push(`listeners names no host for ${name}: Ottla listens on ${LOOPBACK} only`);
  const moved = own.length > 0 && (options.host !== undefined || options.port !== undefined);
  const told = endpoints("advertised.listeners", properties).find((endpoint) => endpoint.name === name);
  if (moved && told !== undefined) notes.push(`advertised.listeners is left out, since the address to listen on was given beside it`);
  if (options.insecure !== true) requireLoopback(listen.hostname, "read and write");
  return { name, listen, advertised: told === undefined || moved ? null : { hostname: told.host || LOOPBACK, port: told.port }, notes };
}

function endpoints(property: string, properties: ConfigValues): Endpoint[] {
  return split(properties[property] ?? "").map((text) => {
    const parts = /^([A-Za-z0-9_]+):\/\/(\[[0-9A-Fa-f:.%]*\]|[^:[\]/\s]*):(\d+)$/.exec(text);
    const port = Number(parts?.[3]);
    if (parts === null || port > 65535) throw new ConfigError(`${property}: ${text} is not of the form NAME://host:port`);
    return { name: parts[1].toUpperCase(), host: parts[2].replace(/^\[|\]$/g, ""), port };
  });
}

function requirePlaintext(name: string, properties: ConfigValues): void {
  const map = properties["listener.security.protocol.map"];
  const pairs = map === undefined ? [] : split(map).map((pair) => pair.split(":").map((part) => part.trim().toUpperCase()));
  const known = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"];
  const protocol = map === undefined ? known.find((own) => own === name) : pairs.find(([listener]) => listener === name)?.[1];
  if (protocol === undefined) throw new ConfigError(`listener.security.protocol.map has no security protocol for the listener ${name}`);
  if (protocol === "PLAINTEXT") return;
  throw new ConfigError(`The listener ${name} wants ${protocol}: this version of Ottla serves PLAINTEXT only`);
}

/** Throws {@link ConfigError} for an address that other machines can reach; `deed` is what they could do there. */
export function requireLoopback(host: string, deed: string): void {
  if (isLoopback(host)) return;
  throw new ConfigError(
    `${host} can be reached from other machines and anybody there could ${deed}: say --insecure (insecure: true) if that is meant`,
  );
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function split(text: string): string[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}
