import { hex } from "./hex.ts";
import type { Node, Value } from "./node.ts";

export interface RenderOptions {
  /** Shows values whole, however long. */
  readonly full?: boolean;
}

/** Of longer values the beginning is shown. */
const SHOWN_BYTES = 64;
const SHOWN_CHARACTERS = 256;
const SHOWN_ELEMENTS = 64;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The tree as JSON: a node that has no children is one line. */
export function* jsonLines(node: Node, options: RenderOptions = {}, indent = ""): Generator<string, void, void> {
  const head = Object.entries(facts(node, options)).map(([key, value]) => `"${key}": ${json(value)}`).join(", ");
  if (node.children === undefined) {
    yield `${indent}{ ${head} }`;
    return;
  }
  yield `${indent}{ ${head}, "children": [`;
  const last = node.children.at(-1);
  for (const child of node.children) {
    let held: string | null = null;
    for (const line of jsonLines(child, options, `${indent}  `)) {
      if (held !== null) yield held;
      held = line;
    }
    yield child === last ? held! : `${held!},`;
  }
  yield `${indent}] }`;
}

/** JSON of `root` with `nodes` as its children, each of which is made when its turn comes. */
export function* jsonDocument(root: Node, nodes: Iterable<Node>, options: RenderOptions = {}): Generator<string, void, void> {
  const [head, end] = jsonLines({ ...root, children: [] }, options);
  yield head;
  let held: string | null = null;
  for (const node of nodes) {
    if (held !== null) yield `${held},`;
    held = null;
    for (const line of jsonLines(node, options, "  ")) {
      if (held !== null) yield held;
      held = line;
    }
  }
  if (held !== null) yield held;
  yield end;
}

/** The tree as lines of offset, length, name and value, and problems where they are. */
export function* treeLines(node: Node, options: RenderOptions = {}, depth = 0): Generator<string, void, void> {
  const { name, offset, length, type, secret, note, omitted, problem, children } = node;
  const { value, text, shown } = facts(node, options);
  const parts = [
    `${String(offset).padStart(8)} ${String(length).padStart(6)}  ${"  ".repeat(depth)}${printable(name)}:`,
    ...(secret ? ["(secret)"] : value === undefined ? [type] : [text === undefined ? treeValue(value, type) : json(text)]),
    ...(note === undefined ? [] : [`(${printable(note)})`]),
    ...(shown === undefined ? [] : [`… ${shown}`]),
  ];
  yield parts.join(" ");
  for (const child of children ?? []) yield* treeLines(child, options, depth + 1);
  const margin = " ".repeat(17 + 2 * depth);
  if (omitted !== undefined) yield `${margin}… and ${omitted} more`;
  if (problem === undefined) return;
  yield `${margin}!! byte ${problem.offset}: ${printable(problem.message)}`;
  for (const line of problem.excerpt) yield `${margin}   ${line}`;
}

/** What is told of a node, but for its children, in the order in which it is told. Its value is shown where children do not show it. */
function facts(node: Node, { full = false }: RenderOptions): Record<string, Value | object | undefined> {
  const { name, type, offset, length, note, secret, omitted, problem, children } = node;
  const { value, text, shown } = node.value === undefined || children !== undefined ? {} : showValue(node, full);
  const all = { name, type, offset, length, value, text, shown, note, secret, omitted, problem };
  return Object.fromEntries(Object.entries(all).filter(([, fact]) => fact !== undefined));
}

interface Shown {
  readonly value?: Value;
  /** Bytes that are text. */
  readonly text?: string;
  /** How much of it is shown, if not all. */
  readonly shown?: string;
}

function showValue({ value, type }: Node, full: boolean): Shown {
  if (value instanceof Uint8Array) {
    // Records that nobody could look into are of no use as digits.
    if (type === "records") return { shown: `0 of ${value.length} bytes` };
    const part = full ? value : value.subarray(0, SHOWN_BYTES);
    const text = textOf(part);
    return { value: hex(part), ...(text === undefined ? {} : { text }), ...portion(part.length, value.length, "bytes") };
  }
  if (typeof value === "string") {
    const part = full ? value : value.slice(0, SHOWN_CHARACTERS);
    return { value: part, ...portion(part.length, value.length, "characters") };
  }
  if (!Array.isArray(value)) return { value };
  const part = full ? value : value.slice(0, SHOWN_ELEMENTS);
  return { value: part, ...portion(part.length, value.length, "elements") };
}

function portion(part: number, whole: number, unit: string): Pick<Shown, "shown"> {
  return part === whole ? {} : { shown: `${part} of ${whole} ${unit}` };
}

/** The text that the bytes are, if a person can read it. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = utf8.decode(bytes);
    return text === "" || /[^\P{C}\t\r\n]/u.test(text) ? undefined : text;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function treeValue(value: unknown, type: string): string {
  return type === "bytes" || type.startsWith("unknown") ? printable(String(value) || "no bytes") : json(value);
}

/** As JSON has it; a bigint that a number cannot hold, and numbers that JSON does not know, as text. */
function json(value: unknown): string {
  return printable(JSON.stringify(value, (_key, inner) => {
    if (typeof inner === "bigint") return Number.isSafeInteger(Number(inner)) ? Number(inner) : String(inner);
    return typeof inner === "number" && !Number.isFinite(inner) ? String(inner) : inner;
  }));
}

/** What a client sent moves no terminal's cursor: control and formatting characters are escaped as JSON has it. */
function printable(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, (character) => {
    return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`).join("");
  });
}
