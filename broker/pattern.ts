import { ErrorCode } from "../protocol/errors.ts";
import { KafkaError } from "./kafka_error.ts";

/** The longest pattern, in UTF-16 code units: longer than most ids, and short enough that reading it takes no more than some milliseconds. */
const MAX_LENGTH = 512;
/** The largest program that a pattern may become, in instructions: a character of an id may cost as much. `a{100}` are a hundred. */
const MAX_PROGRAM = 500;

/** Tells whether a whole text matches a pattern. */
export type Matcher = (text: string) => boolean;

let library: typeof import("re2js") | null = null;

/** Loads what reads patterns: hardly anybody needs it, and it takes as long to load as a tenth of all else. */
export async function loadPatterns(): Promise<void> {
  // deno-lint-ignore ottla/no-ambient -- a start does not take longer for it
  library ??= await import("re2js");
}

/**
 * Reads a regular expression of RE2, as Kafka's RE2J does; {@link loadPatterns} was called before. Time grows with the lengths of pattern and text only: a
 * client may send any, and JavaScript's own could keep the broker busy for hours. Empty matches everything. Throws INVALID_REGULAR_EXPRESSION for what is no
 * expression, and for what is larger than anybody needs, which Kafka takes.
 */
export function matcherOf(pattern: string): Matcher {
  if (pattern === "") return () => true;
  if (pattern.length > MAX_LENGTH) throw refused(`is longer than ${MAX_LENGTH} characters`);
  if (library === null) throw new Error("a pattern is read before what reads it was loaded");
  const { RE2JS, RE2JSSyntaxException } = library;
  try {
    const compiled = RE2JS.compile(pattern);
    if (compiled.programSize() > MAX_PROGRAM) throw refused("is too large");
    return (text) => compiled.matches(text);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) throw refused(error.message);
    throw error;
  }
}

function refused(why: string): KafkaError {
  return new KafkaError(ErrorCode.INVALID_REGULAR_EXPRESSION, `the pattern ${why}`);
}
