import type { FieldDifference } from "./plain.ts";

/** Differences that are allowed: of one field, in answers of one API, for one reason. */
export interface Allowed {
  /** The API that answers; `*` for all. */
  readonly api: string;
  /** Of the field; `*` stands for a place in a list. A path covers what is within it. */
  readonly path: string;
  /** Only in histories whose name has this. */
  readonly history?: string;
  /** Only where both values are such. */
  readonly when?: (difference: FieldDifference) => boolean;
  readonly why: string;
  /** It waits for something that is not built. */
  readonly notYet?: true;
}

/** Both say something, in their own words. */
const bothSpeak = ({ kafka, here }: FieldDifference): boolean =>
  typeof kafka === "string" && typeof here === "string" && kafka !== "" && here !== "";

export const allowed: readonly Allowed[] = [
  { api: "*", path: "*.errorMessage", when: bothSpeak, why: "the words are ours; whether there are any is compared" },
];

/** The row that allows a difference, if there is one. */
export function rowFor(api: string, history: string, difference: FieldDifference): Allowed | undefined {
  const path = difference.path.split(".").map((name) => /^\d+$/.test(name) ? "*" : name);
  return allowed.find((row) =>
    (row.api === "*" || row.api === api) && (row.history === undefined || history.includes(row.history)) &&
    matches(row.path.split("."), path) && (row.when?.(difference) ?? true)
  );
}

/** A pattern that begins with `*.` fits wherever the field stands. */
function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern[0] === "*") return path.at(-1) === pattern[1];
  return pattern.every((name, i) => name === path[i]);
}
