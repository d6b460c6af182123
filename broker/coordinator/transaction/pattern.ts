import { ErrorCode } from "../../../protocol/errors.ts";
import { KafkaError } from "../../kafka_error.ts";

/** One character, or any where it is null, as often as its repeat says. */
interface Atom {
  readonly character: string | null;
  readonly repeat: "" | "*" | "+" | "?";
}

/** Characters that mean something in a regular expression that is not understood here. */
const NOT_UNDERSTOOD = /^[\[\](){}|^$*+?]$/;

/**
 * Tells whether a whole text matches a regular expression, in time that grows with both lengths only: a client may send any expression, and JavaScript's own could keep
 * the broker busy for hours. Understood are plain characters, escaped ones, `.`, and `*`, `+` and `?` behind one; empty matches everything.
 * Throws INVALID_REGULAR_EXPRESSION for others.
 */
export function matcherOf(pattern: string): (text: string) => boolean {
  if (pattern === "") return () => true;
  const atoms = parse([...pattern]);
  return (text) => matches(atoms, text);
}

function parse(characters: string[]): Atom[] {
  const atoms: Atom[] = [];
  while (characters.length > 0) {
    let character: string | null | undefined = characters.shift()!;
    if (NOT_UNDERSTOOD.test(character)) throw notUnderstood(character);
    if (character === ".") character = null;
    if (character === "\\") {
      character = characters.shift();
      if (character === undefined || /^[a-zA-Z0-9]$/.test(character)) throw notUnderstood(`\\${character ?? ""}`);
    }
    const [next] = characters;
    const repeat = next === "*" || next === "+" || next === "?" ? next : "";
    if (repeat !== "") characters.shift();
    atoms.push({ character, repeat });
  }
  return atoms;
}

/** Follows all ways of reading the text at once. */
function matches(atoms: readonly Atom[], text: string): boolean {
  let places = skipping(atoms, [0]);
  for (const character of text) {
    const next: number[] = [];
    for (const place of places) {
      const atom = atoms.at(place);
      if (place === atoms.length || atom === undefined || (atom.character === null ? character === "\n" : atom.character !== character)) {
        continue;
      }
      next.push(place + 1);
      if (atom.repeat === "*" || atom.repeat === "+") next.push(place);
    }
    places = skipping(atoms, next);
  }
  return places.has(atoms.length);
}

/** The places, and those that are reached from them without a character. */
function skipping(atoms: readonly Atom[], places: Iterable<number>): Set<number> {
  const all = new Set(places);
  for (const place of all) if (place < atoms.length && /^[*?]$/.test(atoms[place].repeat)) all.add(place + 1);
  return all;
}

function notUnderstood(what: string): KafkaError {
  return new KafkaError(ErrorCode.INVALID_REGULAR_EXPRESSION, `${what} is not understood in a pattern`);
}
