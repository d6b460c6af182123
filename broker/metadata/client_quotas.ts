import { ErrorCode } from "../../protocol/errors.ts";
import type { DescribeClientQuotasRequest } from "../../protocol/generated/48_describe_client_quotas.ts";
import type { AlterClientQuotasOpData, AlterClientQuotasRequestEntryData } from "../../protocol/generated/49_alter_client_quotas.ts";
import type { ClientQuotaRecord } from "../../protocol/generated/records/client_quota_record.ts";
import { fitting, KafkaError } from "../kafka_error.ts";
import type { MetadataRecord } from "./records.ts";

/** Whom a quota is for: names by type, null for the default of a type. */
export type QuotaEntity = ReadonlyMap<string, string | null>;

/** The quotas of one entity, by name. */
export interface EntityQuotas {
  readonly entity: QuotaEntity;
  readonly quotas: ReadonlyMap<string, number>;
}

/** What was decided about one entity. */
export interface QuotaAlteration {
  readonly entity: QuotaEntity;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** The quotas that were set: what {@link ClientQuotaRecord}s come to. Kafka: `ClientQuotaControlManager`, and `ClientQuotasImage`. Nobody is held to them. */
export class ClientQuotas {
  readonly #byEntity = new Map<string, { entity: QuotaEntity; quotas: Map<string, number> }>();

  replay({ entity: parts, key, value, remove }: ClientQuotaRecord): void {
    const entity: QuotaEntity = new Map(parts.map(({ entityType, entityName }) => [entityType, entityName]));
    const name = keyOf(entity);
    const found = this.#byEntity.get(name) ?? { entity, quotas: new Map<string, number>() };
    if (remove) found.quotas.delete(key);
    else found.quotas.set(key, value);
    if (found.quotas.size === 0) this.#byEntity.delete(name);
    else this.#byEntity.set(name, found);
  }

  of(entity: QuotaEntity): ReadonlyMap<string, number> {
    return this.#byEntity.get(keyOf(entity))?.quotas ?? new Map();
  }

  /** Those that match. Throws a {@link KafkaError} for a filter that cannot be meant. Kafka: `ClientQuotasImage.describe`. */
  find({ components, strict }: DescribeClientQuotasRequest): EntityQuotas[] {
    const wanted = filterOf(components);
    return [...this.#byEntity.values()].filter(({ entity }) => {
      if (strict && entity.size !== wanted.size) return false;
      return [...wanted].every(([type, name]) => entity.has(type) && (name === undefined || entity.get(type) === name));
    });
  }
}

/** Which name a component asks for. Kafka: `DescribeClientQuotasRequest`. */
const MatchType = { EXACT: 0, DEFAULT: 1, SPECIFIED: 2 } as const;

const entityTypes: readonly string[] = ["user", "client-id", "ip"];

/** The name that each type must have, null being the default and undefined any. */
function filterOf(components: DescribeClientQuotasRequest["components"]): Map<string, string | null | undefined> {
  const wanted = new Map<string, string | null | undefined>();
  for (const { entityType, matchType, match } of components) {
    if (entityType === "") throw invalid("An entity type is empty.");
    if (wanted.has(entityType)) throw invalid(`The entity type ${entityType} is there twice.`);
    if (!entityTypes.includes(entityType)) {
      throw new KafkaError(ErrorCode.UNSUPPORTED_VERSION, fitting(`There is no entity type ${entityType}.`));
    }
    if ((matchType === MatchType.EXACT) !== (match !== null)) {
      throw invalid(`Match type ${matchType} of ${entityType} and its name do not agree.`);
    }
    if (matchType === MatchType.EXACT) wanted.set(entityType, match);
    else if (matchType === MatchType.DEFAULT) wanted.set(entityType, null);
    else if (matchType === MatchType.SPECIFIED) wanted.set(entityType, undefined);
    else throw invalid(`There is no match type ${matchType}.`);
  }
  if (wanted.has("ip") && wanted.size > 1) throw invalid("An ip is no part of another entity.");
  return wanted;
}

function invalid(message: string): KafkaError {
  return new KafkaError(ErrorCode.INVALID_REQUEST, fitting(message));
}

/**
 * Decides what becomes of quotas. An outcome for each entity that is named, once; where the second naming of one is refused, the first has its way, as
 * with Kafka. Kafka: `ClientQuotaControlManager.alterClientQuotas`.
 */
export function decideQuotas(
  quotas: ClientQuotas,
  entries: readonly AlterClientQuotasRequestEntryData[],
): { outcomes: QuotaAlteration[]; records: MetadataRecord[] } {
  const outcomes = new Map<string, QuotaAlteration>();
  const records: MetadataRecord[] = [];
  for (const { entity: parts, ops } of entries) {
    const entity: QuotaEntity = new Map(parts.map(({ entityType, entityName }) => [entityType, entityName]));
    const seen = outcomes.has(keyOf(entity)) || new Set(ops.map(({ key }) => key)).size < ops.length;
    const problem = seen ? "An entity, or a quota of it, is named twice." : entityProblem(entity) ?? opsProblem(entity, ops);
    outcomes.set(keyOf(entity), {
      entity,
      errorCode: problem === null ? ErrorCode.NONE : ErrorCode.INVALID_REQUEST,
      errorMessage: problem === null ? null : fitting(problem),
    });
    if (problem === null) records.push(...changes(entity, quotas.of(entity), ops));
  }
  return { outcomes: [...outcomes.values()], records };
}

function changes(entity: QuotaEntity, before: ReadonlyMap<string, number>, ops: readonly AlterClientQuotasOpData[]): MetadataRecord[] {
  return ops.filter(({ key, value, remove }) => remove ? before.has(key) : before.get(key) !== value).map(({ key, value, remove }) => ({
    type: "ClientQuotaRecord",
    data: {
      entity: Array.from(entity, ([entityType, entityName]) => ({ entityType, entityName })),
      key,
      value: remove ? 0 : value,
      remove,
    },
  }));
}

function entityProblem(entity: QuotaEntity): string | null {
  if (entity.size === 0) return "An entity has no parts.";
  for (const [type, name] of entity) {
    if (!entityTypes.includes(type)) return `There is no entity type ${type}.`;
    if (name === "") return `A ${type} must have a name.`;
  }
  if (!entity.has("ip")) return null;
  if (entity.size > 1) return "An ip is no part of another entity.";
  const address = entity.get("ip") ?? null;
  return address === null || isAddress(address) ? null : `${address} is no address.`;
}

/** Numbers only, and the name that every machine has: Kafka looks other names up. */
function isAddress(text: string): boolean {
  if (text === "localhost" || (text.includes(":") && /^\[?[0-9a-f:.]+(%\w+)?\]?$/i.test(text))) return true;
  const parts = text.split(".");
  return parts.length <= 4 && parts.every((part) => /^\d{1,10}$/.test(part)) &&
    (parts.length < 4 || parts.every((part) => Number(part) < 256));
}

/** The largest value of each quota, and whether it may have fractions. Kafka: `QuotaConfig`. */
const userQuotas: Readonly<Record<string, { readonly max: number; readonly whole: boolean }>> = {
  producer_byte_rate: { max: 2 ** 63, whole: true },
  consumer_byte_rate: { max: 2 ** 63, whole: true },
  request_percentage: { max: Infinity, whole: false },
  controller_mutation_rate: { max: Infinity, whole: false },
};
const ipQuotas: typeof userQuotas = { connection_creation_rate: { max: 2 ** 31 - 1, whole: true } };

/** Less than this is no fraction. */
const ROUNDING = 1e-6;

function opsProblem(entity: QuotaEntity, ops: readonly AlterClientQuotasOpData[]): string | null {
  const known = entity.has("ip") ? ipQuotas : userQuotas;
  for (const { key, value, remove } of ops) {
    // What is removed need not be a quota at all.
    if (remove) continue;
    if (!Object.hasOwn(known, key)) return `There is no quota ${key} of such an entity.`;
    if (value <= 0) return `${key} must be above 0.`;
    if (value > known[key].max) return `${key} is too large.`;
    if (known[key].whole && Math.abs(value % 1) > ROUNDING) return `${key} must be a whole number.`;
  }
  return null;
}

function keyOf(entity: QuotaEntity): string {
  return JSON.stringify([...entity].sort(([a], [b]) => a < b ? -1 : 1));
}
