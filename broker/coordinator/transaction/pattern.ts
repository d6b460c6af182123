import { ErrorCode } from "../../../protocol/errors.ts";
import { KafkaError } from "../../kafka_error.ts";

/** The longest pattern, in UTF-16 code units: longer than most ids, and short enough that reading it takes no more than some milliseconds. */
const MAX_LENGTH = 512;
/** The largest program that a pattern may become, in instructions: a character of an id may cost as much. `a{100}` are a hundred. */
const MAX_PROGRAM = 500;

/**
 * Tells whether a whole text matches a regular expression of RE2, as Kafka's (RE2J) would. Time grows with the lengths of both only: a client may send any
 * expression, and JavaScript's own could keep the broker busy for hours. Empty matches everything. Throws INVALID_REGULAR_EXPRESSION for what is no
 * expression, and for what is larger than anybody needs, which Kafka takes.
 */
export async function matcherOf(pattern: string): Promise<(text: string) => boolean> {
  if (pattern === "") return () => true;
  if (pattern.length > MAX_LENGTH) throw refused(`is longer than ${MAX_LENGTH} characters`);
  // deno-lint-ignore ottla/no-ambient -- hardly anybody asks for it, and it would take as long to load as a tenth of all else
  const { RE2JS, RE2JSSyntaxException } = await import("re2js");
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
