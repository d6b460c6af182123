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

/** The value at a path such as `topics.0.name`. */
export function at(value: Plain, path: string): Plain | undefined {
  let found: Plain | undefined = value;
  for (const name of path.split(".")) found = (found as Record<string, Plain> | null | undefined)?.[name];
  return found;
}

/**
 * The answer with names in place of what only this broker says: a bound string wherever it stands, a bound number in fields of that
 * name; the cluster's id and the broker's port.
 */
export function known(
  outcome: Plain,
  bound: Readonly<Record<string, unknown>>,
  { own = [], unordered = [] }: { readonly own?: readonly string[]; readonly unordered?: readonly string[] },
  { clusterId, port }: { readonly clusterId: string; readonly port: number },
): Plain {
  const run = String(bound.run);
  const names = Object.entries(bound).filter(([name]) => name !== "run" && name !== "version");
  const walk = (value: Plain, field: string): Plain => {
    if (Array.isArray(value)) {
      const mine = own.includes(field) ? value.filter((one) => JSON.stringify(one).includes(run)) : value;
      const all = mine.map((one) => walk(one, field));
      return unordered.includes(field) ? all.sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1) : all;
    }
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walk(one, name)]));
    }
    if (value === clusterId) return "$clusterId";
    if (field === "port" && value === port) return "$port";
    const name = names.find(([name, one]) => one === value && (typeof value === "string" || name === field))?.[0];
    return name === undefined ? value : `$${name}`;
  };
  return walk(outcome, "");
}

/** One field that is not the same. */
export interface FieldDifference {
  readonly path: string;
  readonly kafka: Plain | undefined;
  readonly here: Plain | undefined;
}

/** All fields that differ; elements of lists are compared by their places. */
export function differences(kafka: Plain | undefined, here: Plain | undefined, path = ""): FieldDifference[] {
  if (kafka === here) return [];
  const inner = (name: string): string => path === "" ? name : `${path}.${name}`;
  if (isCompound(kafka) && isCompound(here) && Array.isArray(kafka) === Array.isArray(here)) {
    return Object.keys({ ...kafka, ...here }).flatMap((name) =>
      differences((kafka as Record<string, Plain>)[name], (here as Record<string, Plain>)[name], inner(name))
    );
  }
  return [{ path, kafka, here }];
}

function isCompound(value: Plain | undefined): value is Record<string, Plain> {
  return typeof value === "object" && value !== null;
}
