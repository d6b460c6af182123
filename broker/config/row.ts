/** Values by Kafka's names, in Kafka's text form (`"true"`, `"604800000"`, `"compact,delete"`). */
export type ConfigValues = Readonly<Record<string, string>>;

/** Kafka's `ConfigDef.Type`. */
export type ConfigType = "BOOLEAN" | "STRING" | "INT" | "SHORT" | "LONG" | "DOUBLE" | "LIST" | "CLASS" | "PASSWORD";

/** One property: what Kafka says of it, and what becomes of it here. Everything else about it is derived from its row. */
export interface Row<T> {
  readonly type: ConfigType;
  /** The default in text form; null: unset. Kafka 4.3.1's, unless `doc` says otherwise. */
  readonly initial: string | null;
  /** One sentence or two, in our words. */
  readonly doc: string;
  /** It can change while the broker runs. */
  readonly dynamic: boolean;
  /** DescribeConfigs does not show it. */
  readonly internal: boolean;
  /** Ottla does what it says. Otherwise the value is checked, shown and has no effect. */
  readonly applied: boolean;
  /** The value of `text`, and its text as Kafka prints it. Throws {@link ConfigError}. */
  parse(name: string, text: string): Parsed<T>;
}

export interface Parsed<T> {
  /** LONG beyond what a number holds exactly becomes the nearest safe integer. */
  readonly value: T;
  readonly text: string;
}

export type Rows = Readonly<Record<string, Row<unknown>>>;

/** The value that a row describes. */
export type ValueOf<R> = R extends Row<infer T> ? T : never;

/** A name or a value that Kafka would refuse too (INVALID_CONFIG). The message goes to the user. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** What a row may say beside type, default and sentence. */
export interface Details {
  readonly min?: number;
  readonly max?: number;
  /** Allowed besides the range (`compression.gzip.level` has -1). */
  readonly or?: number;
  /** The values allowed: of a string, or of each element of a list. */
  readonly values?: readonly string[];
  readonly ignoreCase?: true;
  /** An empty string or list is refused. */
  readonly filled?: true;
  /** What else is wrong with a value, or null. */
  readonly problem?: (value: string) => string | null;
  readonly dynamic?: true;
  readonly internal?: true;
  readonly applied?: true;
}

/** Kafka's "no limit" of a LONG: 2^63-1. */
export const LONG_MAX = 9223372036854775807n;
export const INT_MAX = 2147483647;

export function boolean(initial: boolean, doc: string, details: Details = {}): Row<boolean> {
  return row("BOOLEAN", String(initial), doc, details, (text) => {
    const lower = text.toLowerCase();
    if (lower !== "true" && lower !== "false") throw new Problem(null, "Expected value to be either true or false");
    return { value: lower === "true", text: lower };
  });
}

export function int<D extends number | null>(initial: D, doc: string, details: Details = {}): Row<number | D> {
  return row("INT", textOf(initial), doc, details, integer("INT", 32n, details));
}

export function short(initial: number, doc: string, details: Details = {}): Row<number> {
  return row("SHORT", textOf(initial), doc, details, integer("SHORT", 16n, details));
}

export function long<D extends number | bigint | null>(initial: D, doc: string, details: Details = {}): Row<number | (D & null)> {
  return row("LONG", textOf(initial), doc, details, integer("LONG", 64n, details));
}

export function double(initial: number, doc: string, details: Details = {}): Row<number> {
  return row("DOUBLE", javaDouble(initial), doc, details, (text) => {
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw new Problem(null, "Not a number of type DOUBLE");
    const value = Number(text);
    checkRange(value, javaDouble(value), details);
    return { value, text: javaDouble(value) };
  });
}

export function string<D extends string | null>(initial: D, doc: string, details: Details = {}): Row<string | D> {
  return row("STRING", initial, doc, details, (text) => {
    const value = checked(text, details);
    const problem = details.problem?.(text) ?? null;
    if (problem !== null) throw new Problem(text, problem);
    return { value, text };
  });
}

export function list<D extends string | null>(initial: D, doc: string, details: Details = {}): Row<readonly string[] | (D & null)> {
  return row("LIST", initial, doc, details, (text) => {
    const elements = text === "" ? [] : text.split(/\s*,\s*/);
    // Kafka forgets what is there twice (KIP-1161), but where it looks at the list as a whole.
    const value = details.problem === undefined ? [...new Set(elements)] : elements;
    if (details.filled && value.length === 0) throw new Problem("", "The list must not be empty");
    if (value.includes("")) throw new Problem(text, "The list must not have empty elements");
    for (const element of value) checked(element, details);
    const problem = details.problem?.(value.join(",")) ?? null;
    if (problem !== null) throw new Problem(`[${value.join(", ")}]`, problem);
    return { value, text: value.join(",") };
  });
}

/** The name of a Java class. None is loaded here. */
export function javaClass<D extends string | null>(initial: D, doc: string, details: Details = {}): Row<string | D> {
  return row("CLASS", initial, doc, details, (text) => ({ value: text, text }));
}

/** A secret: never shown, never logged. */
export function password(doc: string, details: Details = {}): Row<string | null> {
  return row("PASSWORD", null, doc, details, (text) => ({ value: text, text }));
}

/** A value that does not suit its row; `shown` null: as it was written. */
class Problem extends Error {
  constructor(readonly shown: string | null, readonly reason: string) {
    super(reason);
  }
}

// The rows of null defaults are typed by their callers: D decides whether T has null.
function row<T>(type: ConfigType, initial: string | null, doc: string, details: Details, parse: (text: string) => Parsed<T>): Row<T> {
  return {
    type,
    initial,
    doc,
    dynamic: details.dynamic ?? false,
    internal: details.internal ?? false,
    applied: details.applied ?? false,
    parse(name, text) {
      try {
        return parse(text.trim());
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        // A secret stays one, even when it is wrong.
        const shown = type === "PASSWORD" ? "[hidden]" : error.shown ?? text;
        throw new ConfigError(`Invalid value ${shown} for configuration ${name}: ${error.reason}`);
      }
    },
  };
}

function integer(type: "INT" | "SHORT" | "LONG", bits: bigint, details: Details): (text: string) => Parsed<number> {
  const limit = 1n << (bits - 1n);
  return (text) => {
    if (!/^[+-]?\d+$/.test(text)) throw new Problem(null, `Not a number of type ${type}`);
    const exact = BigInt(text.replace(/^\+/, ""));
    if (exact < -limit || exact >= limit) throw new Problem(null, `Not a number of type ${type}`);
    const value = Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(exact)));
    checkRange(value, String(exact), details);
    return { value, text: String(exact) };
  };
}

function checkRange(value: number, shown: string, { min, max, or }: Details): void {
  if (value === or) return;
  if (or !== undefined && (value < min! || value > max!)) {
    throw new Problem(shown, `Value must be between ${min} and ${max} or equal to ${or}`);
  }
  if (min !== undefined && value < min) throw new Problem(shown, `Value must be at least ${min}`);
  if (max !== undefined && value > max) throw new Problem(shown, `Value must be no more than ${max}`);
}

function checked(text: string, { values, ignoreCase, filled }: Details): string {
  if (filled && text === "") throw new Problem(text, "String must be non-empty");
  if (values === undefined) return text;
  const found = ignoreCase ? values.find((value) => value.toLowerCase() === text.toLowerCase()) : values.find((value) => value === text);
  if (found === undefined) throw new Problem(text, `String must be one of: ${values.join(", ")}`);
  return found;
}

/** As `Double.toString` prints it: `0.5`, `2.0`, `1.7976931348623157E308`. */
function javaDouble(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits, exponent] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(exponent)}`;
}

function textOf(initial: number | bigint | null): string | null {
  return initial === null ? null : String(initial);
}
