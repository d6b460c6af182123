import type { Clock, Compression, Logger, Random } from "../../platform/mod.ts";
import { ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import type { PushTelemetryRequest } from "../../protocol/generated/72_push_telemetry.ts";
import { compressionTypes, decompress, RecordsError } from "../../protocol/records/mod.ts";
import { type Subscription, subscriptionOf } from "../config/client_metrics.ts";
import { ConfigError } from "../config/row.ts";
import type { RequestContext } from "../handler.ts";
import { inHashOrder } from "../java_hash.ts";
import { ConfigResourceType } from "../metadata/catalogue.ts";
import { type MetadataService, newUuid } from "../metadata/service.ts";
import { loadPatterns } from "../pattern.ts";
import type { ClientTelemetryReceiver } from "../client_telemetry.ts";
import { type ClientAttributes, type Wanted, wantedOf } from "./wanted.ts";

/** Clients that are known at a time. Kafka: `ClientMetricsManager.CACHE_MAX_SIZE`. */
const MAX_INSTANCES = 16_384;
/** A client is forgotten when it has asked nothing for three intervals, and for so long at least. */
const EXPIRY_INTERVALS = 3;
const MIN_EXPIRY_MS = 60_000;
/** Names of software that are counted by themselves: clients choose their names. */
const MAX_SOFTWARE = 64;
const OTHER_SOFTWARE = "other";
/** Kafka's `ClientInformation.UNKNOWN_NAME_OR_VERSION`. */
const UNKNOWN_SOFTWARE = { name: "unknown", version: "unknown" };
/** Kafka's `Uuid.ONE_UUID`: with the zero uuid, all that no client may call itself. */
const ONE_UUID = "AAAAAAAAAAAAAAAAAAAAAQ";

/** A client of a node, as it was last seen. Kafka: `ClientMetricsInstance`. */
interface Instance {
  readonly client: ClientAttributes;
  readonly wanted: Wanted;
  /** Of the subscriptions that {@link wanted} was made of. */
  readonly version: number;
  lastGetMs: number;
  lastPushMs: number;
  expiresAtMs: number;
  /** The last push was the last one. */
  terminating: boolean;
  lastError: number;
  /** It has pushed metrics. */
  isHeard: boolean;
}

/** What clients of one software have pushed since the broker started. */
export interface PushStats {
  pushes: number;
  /** Decompressed. */
  bytes: number;
  /** Pushes that could not be decompressed, or that the receiver refused. */
  errors: number;
}

/** What {@link ClientMetrics} works with. */
export interface ClientMetricsParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly compression: Compression;
  readonly logger: Logger;
}

/**
 * Tells clients which metrics of theirs are wanted, and hands over what they push (KIP-714). Each node knows its own clients, as each of Kafka's brokers does.
 * Kafka: `ClientMetricsManager`.
 */
export class ClientMetrics {
  readonly #receiver: ClientTelemetryReceiver;
  readonly #parts: ClientMetricsParts;
  /** `telemetry.max.bytes` */
  readonly maxBytes: number;
  #subscriptions: readonly Subscription[] = [];
  #version = 0;
  /** By node and id; the one that was seen last is the last. */
  readonly #instances = new Map<string, Instance>();
  readonly #stats = new Map<string, PushStats>();

  constructor(receiver: ClientTelemetryReceiver, maxBytes: number, parts: ClientMetricsParts) {
    this.#receiver = receiver;
    this.maxBytes = maxBytes;
    this.#parts = parts;
  }

  /** One that goes by the subscriptions in the catalogue, whatever becomes of them. */
  static async of(
    metadata: Pick<MetadataService, "catalogue" | "whenClientMetricsAreConfigured">,
    receiver: ClientTelemetryReceiver,
    maxBytes: number,
    parts: ClientMetricsParts,
  ): Promise<ClientMetrics> {
    const clientMetrics = new ClientMetrics(receiver, maxBytes, parts);
    const type = ConfigResourceType.CLIENT_METRICS;
    const configure = (): void => {
      const names = inHashOrder(metadata.catalogue.configured(type));
      clientMetrics.configure(names.map((name) => [name, metadata.catalogue.configs(type, name)]));
    };
    if (metadata.catalogue.configured(type).length > 0) await loadPatterns();
    configure();
    metadata.whenClientMetricsAreConfigured(configure);
    return clientMetrics;
  }

  /** Goes by these subscriptions from now on. Every client is told what it is asked for now, without waiting for its interval. */
  configure(subscriptions: readonly (readonly [name: string, configs: ReadonlyMap<string, string>])[]): void {
    this.#version++;
    this.#subscriptions = subscriptions.flatMap(([name, configs]) => {
      try {
        return [subscriptionOf(configs)];
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        this.#parts.logger.warn("a client metrics subscription is left out", { name, reason: error.message });
        return [];
      }
    });
  }

  /** Clients that are known. */
  get instances(): number {
    const now = this.#parts.clock.monotonic();
    let count = 0;
    for (const { expiresAtMs } of this.#instances.values()) if (expiresAtMs > now) count++;
    return count;
  }

  /** By the name of the clients' software. */
  get stats(): ReadonlyMap<string, Readonly<PushStats>> {
    return this.#stats;
  }

  /** What the client is asked for, and its id, which the zero uuid asks for; or the error that refuses it. Kafka: `processGetTelemetrySubscriptionRequest`. */
  subscribe(asked: string, context: RequestContext): (Wanted & { readonly clientInstanceId: string }) | number {
    const clientInstanceId = asked === ZERO_UUID ? newUuid(this.#parts.random) : asked;
    const instance = this.#instance(clientInstanceId, context);
    const now = this.#parts.clock.monotonic();
    const { wanted, lastGetMs, lastPushMs, lastError } = instance;
    if (now - Math.max(lastGetMs, lastPushMs) >= wanted.pushIntervalMs) instance.lastGetMs = now;
    else if (lastError !== ErrorCode.UNKNOWN_SUBSCRIPTION_ID && lastError !== ErrorCode.UNSUPPORTED_COMPRESSION_TYPE) {
      return ErrorCode.THROTTLING_QUOTA_EXCEEDED;
    }
    instance.lastError = ErrorCode.NONE;
    return { ...wanted, clientInstanceId };
  }

  /** Takes what a client pushes; answers the error, or NONE. The request is read before the first await. Kafka: `processPushTelemetryRequest`. */
  async push(request: PushTelemetryRequest, context: RequestContext): Promise<number> {
    const { clientInstanceId, terminating, metrics } = request;
    if (clientInstanceId === ZERO_UUID || clientInstanceId === ONE_UUID) return ErrorCode.INVALID_REQUEST;
    const instance = this.#instance(clientInstanceId, context);
    const refused = this.#refusal(instance, request);
    // Also of a push that is refused: a client may end with it, and one that has ended begins anew.
    instance.terminating = terminating;
    instance.lastError = refused;
    if (refused === ErrorCode.NONE && metrics.length > 0) instance.lastError = await this.#handOver(instance, request, context);
    return instance.lastError;
  }

  /** Kafka: `validatePushRequest`. */
  #refusal(instance: Instance, { terminating, subscriptionId, compressionType, metrics }: PushTelemetryRequest): number {
    const { wanted, lastPushMs } = instance;
    if (instance.terminating) return ErrorCode.INVALID_REQUEST;
    const now = this.#parts.clock.monotonic();
    if (now - lastPushMs >= wanted.pushIntervalMs) instance.lastPushMs = now;
    else if (!terminating) return ErrorCode.THROTTLING_QUOTA_EXCEEDED;
    if (subscriptionId !== wanted.subscriptionId) return ErrorCode.UNKNOWN_SUBSCRIPTION_ID;
    if (compressionTypes[compressionType] === undefined) return ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
    return metrics.length > this.maxBytes ? ErrorCode.TELEMETRY_TOO_LARGE : ErrorCode.NONE;
  }

  /** Gives the receiver what was pushed. Whatever goes wrong is INVALID_RECORD, as by Kafka, also what is too large only when it is decompressed. */
  async #handOver(instance: Instance, request: PushTelemetryRequest, context: RequestContext): Promise<number> {
    const { logger } = this.#parts;
    const { clientId, connection } = context;
    const { clientInstanceId, terminating } = request;
    const software = connection.software ?? UNKNOWN_SOFTWARE;
    const stats = this.#statsOf(software.name);
    const facts = { clientInstanceId, clientId, software: software.name, connection: connection.id };
    try {
      const metrics = this.#decompress(request);
      const address = `${connection.remote.hostname}:${connection.remote.port}`;
      await this.#receiver({
        clientInstanceId,
        clientId,
        softwareName: software.name,
        softwareVersion: software.version,
        address,
        principal: connection.principal,
        nodeId: connection.nodeId,
        pushIntervalMs: instance.wanted.pushIntervalMs,
        terminating,
        contentType: "OTLP",
        metrics,
      });
      if (!instance.isHeard) logger.info("a client pushes metrics", facts);
      instance.isHeard = true;
      stats.pushes++;
      stats.bytes += metrics.length;
      return ErrorCode.NONE;
    } catch (error) {
      stats.errors++;
      const reason = error instanceof Error ? error.stack : String(error);
      if (error instanceof RecordsError) logger.warn("pushed metrics cannot be decompressed", { ...facts, reason: error.message });
      else logger.error("the receiver of client metrics failed", { ...facts, reason });
      return ErrorCode.INVALID_RECORD;
    }
  }

  /** A copy. Throws `RecordsError`. */
  #decompress({ compressionType, metrics }: PushTelemetryRequest): Uint8Array {
    const bytes = decompress(compressionTypes[compressionType], metrics, this.#parts.compression, this.maxBytes);
    return bytes === metrics ? metrics.slice() : bytes;
  }

  #statsOf(software: string): PushStats {
    const name = this.#stats.has(software) || this.#stats.size < MAX_SOFTWARE ? software : OTHER_SOFTWARE;
    const stats = this.#stats.get(name) ?? { pushes: 0, bytes: 0, errors: 0 };
    this.#stats.set(name, stats);
    return stats;
  }

  /** The client with this id, made anew if it is not known, and what it is asked for, if that has changed. It goes with the connection that it came by. */
  #instance(clientInstanceId: string, context: RequestContext): Instance {
    const { connection } = context;
    const key = `${connection.nodeId} ${clientInstanceId}`;
    const now = this.#parts.clock.monotonic();
    const found = this.#instances.get(key);
    const known = found !== undefined && found.expiresAtMs > now ? found : undefined;
    this.#instances.delete(key);
    const instance = known?.version === this.#version ? known : this.#newInstance(clientInstanceId, context, known);
    if (instance !== known) connection.whenOver = () => void this.#instances.delete(key);
    instance.expiresAtMs = now + Math.max(MIN_EXPIRY_MS, EXPIRY_INTERVALS * instance.wanted.pushIntervalMs);
    this.#instances.set(key, instance);
    if (this.#instances.size > MAX_INSTANCES) this.#instances.delete(this.#instances.keys().next().value!);
    return instance;
  }

  #newInstance(clientInstanceId: string, context: RequestContext, known: Instance | undefined): Instance {
    const client = known?.client ?? attributesOf(clientInstanceId, context);
    return {
      client,
      wanted: wantedOf(clientInstanceId, client, this.#subscriptions),
      version: this.#version,
      lastGetMs: -Infinity,
      lastPushMs: -Infinity,
      expiresAtMs: Infinity,
      terminating: false,
      lastError: ErrorCode.NONE,
      isHeard: known?.isHeard ?? false,
    };
  }
}

/** Kafka: `ClientMetricsInstanceMetadata`. */
function attributesOf(clientInstanceId: string, { clientId, connection }: RequestContext): ClientAttributes {
  const { name, version } = connection.software ?? UNKNOWN_SOFTWARE;
  return {
    client_instance_id: clientInstanceId,
    client_id: clientId,
    client_software_name: name,
    client_software_version: version,
    client_source_address: connection.remote.hostname,
    client_source_port: String(connection.remote.port),
  };
}
