/** Answers as values that can be compared. */

/** JSON, as it were. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [name: string]: Plain };

/** Bytes become hex, int64 numbers (strings of digits where a number cannot hold them). */
export function plain(value: unknown): Plain {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`;
  if (value instanceof Uint8Array) return Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
  }
  return value as Plain;
}

/** The value at a path such as `topics/0/name`. */
export function at(value: Plain, path: string): Plain | undefined {
  let found: Plain | undefined = value;
  for (const name of path.split("/")) found = (found as Record<string, Plain> | null | undefined)?.[name];
  return found;
}

/** Whether this value stands at the path. */
export function has(path: string, value: Plain): (answer: Plain) => boolean {
  return (answer) => JSON.stringify(at(answer, path)) === JSON.stringify(value);
}

/** What of an answer is put in order before it is compared, list by list. */
export interface Order {
  /** Of these lists only elements that name this run, or the fixture's topic, count: they list what others made, too. */
  readonly own?: readonly string[];
  /** These lists are compared sorted, since they come out of a hash table; members are if nothing else is said. */
  readonly unordered?: readonly string[];
  /** These lists become objects by the value of a field of their elements: their order says nothing. */
  readonly keyed?: Readonly<Record<string, string>>;
}

const NO_ID = "A".repeat(22);
/** What brokers make of a client id. */
const MEMBER_ID = /^(.*)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The answer with names in place of what only this broker says: a bound string wherever it stands, a bound number in fields of that name; the
 * cluster's id and the ports of its nodes. Ids of topics and members that nobody has bound only say that they are there.
 */
export function known(
  outcome: Plain,
  bound: Readonly<Record<string, unknown>>,
  { own = [], unordered = ["members"], keyed = {} }: Order,
  { clusterId, ports }: { readonly clusterId: string; readonly ports: readonly number[] },
): Plain {
  const names = Object.entries(bound).filter(([name]) => name !== "run" && name !== "version");
  const isOurs = (one: Plain): boolean => [`${bound.run}`, '"stock"'].some((part) => JSON.stringify(one).includes(part));
  const walkList = (list: readonly Plain[], field: string): Plain => {
    const all = (own.includes(field) ? list.filter(isOurs) : list).map((one) => walk(one, field));
    const key = keyed[field];
    if (unordered.includes(field)) all.sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
    return key === undefined ? all : Object.fromEntries(all.map((one) => [String(at(one, key)), one]));
  };
  const walk = (value: Plain, field: string): Plain => {
    if (Array.isArray(value)) return walkList(value, field);
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walk(one, name)]));
    }
    if (value === clusterId) return "$clusterId";
    if (field === "port" && ports.includes(value as number)) return `$port${ports.indexOf(value as number) + 1}`;
    const name = names.find(([name, one]) => one === value && (typeof value === "string" || name === field))?.[0];
    if (name !== undefined) return `$${name}`;
    if (typeof value !== "string") return value;
    if (field === "topicId" && value !== NO_ID) return "(an id)";
    return value.replace(MEMBER_ID, "$1-(random)");
  };
  return walk(outcome, "");
}

/** One field that is not the same. */
export interface FieldDifference {
  /** With `/` between the names: names of properties have dots. */
  readonly path: string;
  readonly kafka: Plain | undefined;
  readonly here: Plain | undefined;
}

/** All fields that differ; where error codes differ, those alone. Elements of lists are compared by their places. */
export function differences(kafka: Plain | undefined, here: Plain | undefined, path = ""): FieldDifference[] {
  if (kafka === here) return [];
  if (!isCompound(kafka) || !isCompound(here) || Array.isArray(kafka) !== Array.isArray(here)) return [{ path, kafka, here }];
  const names = Object.keys({ ...kafka, ...here });
  const compared = kafka.errorCode === here.errorCode ? names : ["errorCode"];
  return compared.flatMap((name) => differences(kafka[name], here[name], path === "" ? name : `${path}/${name}`));
}

function isCompound(value: Plain | undefined): value is Record<string, Plain> {
  return typeof value === "object" && value !== null;
}
