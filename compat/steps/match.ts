/** What a step expects of an answer, as data. */

/**
 * A plain value is met by an equal one; an object by one that has its properties (a record is also met by its value alone); an array by one of the
 * same length, each in its place. The others: `$unordered` by the same elements in any order, `$includes` by an array that has these too, `$atLeast`
 * by a number, `$kept` by what an earlier step's answer had at that path, `$matches` by a text, `$count` by an array's length, `$not` by what does not match, `$any` by anything that is there.
 */
export type Matcher =
  | null
  | boolean
  | number
  | string
  | readonly Matcher[]
  | { readonly $unordered: readonly Matcher[] }
  | { readonly $includes: readonly Matcher[] }
  | { readonly $atLeast: number }
  | { readonly $matches: string }
  | { readonly $count: number }
  | { readonly $not: Matcher }
  | { readonly $any: true }
  | { readonly $kept: string }
  | { readonly [name: string]: Matcher };

const SHOWN = 300;

/** The same with each `$kept`, "name.property", replaced by what was kept. */
export function withKept(expected: Matcher, kept: ReadonlyMap<string, unknown>): Matcher {
  if (Array.isArray(expected)) return expected.map((each) => withKept(each, kept));
  if (typeof expected !== "object" || expected === null) return expected;
  const { $kept: path } = expected as { $kept?: string };
  if (path === undefined) {
    return Object.fromEntries(Object.entries(expected).map(([name, each]) => [name, withKept(each as Matcher, kept)]));
  }
  const [name, ...rest] = path.split(".");
  return rest.reduce((value, each) => (value as Record<string, unknown>)[each], kept.get(name)) as Matcher;
}

/** What of `actual` is not as expected, or undefined. `at` is where in the answer that is. */
export function mismatch(actual: unknown, expected: Matcher, at = ""): string | undefined {
  if (Array.isArray(expected)) return arrayMismatch(actual, expected, at);
  if (typeof expected !== "object" || expected === null) return scalarMismatch(actual, expected as Exclude<Matcher, object>, at);
  const [rule, operand] = Object.entries(expected)[0] ?? [];
  if (rule?.startsWith("$")) return ruleMismatch(rule, operand as Matcher, actual, at);
  for (const [name, value] of Object.entries(expected)) {
    if (!isObject(actual)) return differs(actual, expected, at);
    const found = mismatch(actual[name], value as Matcher, `${at}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function scalarMismatch(actual: unknown, expected: null | boolean | number | string, at: string): string | undefined {
  const told = isObject(actual) && "value" in actual ? actual.value : actual;
  return told === expected ? undefined : differs(told, expected, at);
}

function arrayMismatch(actual: unknown, expected: readonly Matcher[], at: string): string | undefined {
  if (!Array.isArray(actual) || actual.length !== expected.length) return differs(actual, expected, at);
  for (const [i, each] of expected.entries()) {
    const found = mismatch(actual[i], each, `${at}[${i}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function ruleMismatch(rule: string, operand: Matcher, actual: unknown, at: string): string | undefined {
  const met = meets(rule, operand, actual);
  return met ? undefined : differs(actual, { [rule]: operand }, at);
}

function meets(rule: string, operand: Matcher, actual: unknown): boolean {
  switch (rule) {
    case "$unordered":
      return Array.isArray(actual) && actual.length === (operand as Matcher[]).length && hasAll(actual, operand as Matcher[]);
    case "$includes":
      return Array.isArray(actual) && hasAll(actual, operand as Matcher[]);
    case "$atLeast":
      return typeof actual === "number" && actual >= (operand as number);
    case "$matches":
      return typeof actual === "string" && new RegExp(operand as string).test(actual);
    case "$count":
      return Array.isArray(actual) && actual.length === operand;
    case "$not":
      return mismatch(actual, operand) !== undefined;
    case "$any":
      return actual !== undefined;
    default:
      throw new Error(`no rule ${rule}`);
  }
}

/** Whether each expected element has an actual one of its own; the first that fits is taken. */
function hasAll(actual: readonly unknown[], expected: readonly Matcher[]): boolean {
  const left = [...actual];
  return expected.every((each) => {
    const at = left.findIndex((candidate) => mismatch(candidate, each) === undefined);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function differs(actual: unknown, expected: Matcher, at: string): string {
  return `${at === "" ? "the answer" : at} is ${shown(actual)}, expected ${shown(expected)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… (${text.length} characters)`;
}
