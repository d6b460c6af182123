import { type Disk, DiskError, type DiskFile, type Process } from "../platform/mod.ts";
import {
  inspectFrames,
  type InspectOptions,
  jsonDocument,
  type Node,
  type Problem,
  problemsOf,
  type RenderOptions,
  treeLines,
} from "../protocol/inspect/mod.ts";
import type { Codecs } from "../protocol/records/mod.ts";
import { ArgumentError, helpText, type InspectCommand, parseArguments } from "./arguments.ts";
import { parseHexText } from "./hex_text.ts";
import { segmentNodes } from "./segment.ts";
import { indexNodes, indexType, snapshotNodes } from "./tables.ts";
import { segmentCheckpointNodes, textNodes, textType } from "./text.ts";

/** What the command is run with. */
export interface InspectWorld {
  readonly process: Pick<Process, "args" | "print">;
  readonly disk: Pick<Disk, "open">;
  readonly codecs: Codecs;
}

/** Something to look into: what it is, and its parts, which are made one by one. */
interface Subject {
  readonly root: Node;
  readonly nodes: Iterable<Node>;
}

/** Output is printed in pieces of about this many characters. */
const PIECE = 1 << 16;
/** Problems that are told of on standard error. */
const TOLD = 20;

/** Prints what a frame or file says. Answers the exit code: 1 if any byte is not what it should be, or nothing could be inspected. */
export function runInspect({ process, disk, codecs }: InspectWorld): number {
  let file: DiskFile | null = null;
  try {
    const command = parseArguments(process.args);
    if (command === "help") return print(process, helpText());
    const [path] = command.operands;
    file = open(disk, path);
    const options: InspectOptions = { codecs };
    const subject = file === null ? hexSubject(command, options) : fileSubject(file, path, command, options);
    return report(process, subject, command);
  } catch (error) {
    if (!(error instanceof ArgumentError || error instanceof DiskError)) throw error;
    process.print(`ottla inspect: ${error.message}\n`, "stderr");
    return 1;
  } finally {
    file?.close();
  }
}

function print(process: InspectWorld["process"], text: string): number {
  process.print(text);
  return 0;
}

/** The file at `path`, or null if there is none. */
function open(disk: InspectWorld["disk"], path: string): DiskFile | null {
  try {
    return disk.open(path, { readOnly: true });
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    // A frame in digits may be longer than the name of a file can be.
    if (error.code === "ENOENT" || parseHexText(path) !== null) return null;
    if (error.code === "EOTHER") throw new ArgumentError(`${path} is no file`);
    throw error;
  }
}

function hexSubject({ operands, responseOf }: InspectCommand, options: InspectOptions): Subject {
  const bytes = parseHexText(operands.join(" "));
  if (bytes === null) throw new ArgumentError(`${operands.join(" ")} is no file, and no bytes in hexadecimal`);
  return frames("hex", bytes, responseOf, options);
}

function fileSubject(file: DiskFile, path: string, command: InspectCommand, options: InspectOptions): Subject {
  const [name, directory = ""] = path.split("/").reverse();
  const root = (type: string): Node => ({ name, type, offset: 0, length: file.size });
  const [, base, ending = ""] = /^(\d{20})(?:-\d{10})?\.(\w+)/.exec(name) ?? [];
  if (ending === "log" || ending === "checkpoint") {
    const topic = command.topic ?? /^(.+)-\d+(\.[0-9a-f]{32}-(delete|stray))?$/.exec(directory)?.[1];
    return { root: root("segment"), nodes: segmentNodes(file, topic, command, options) };
  }
  const index = indexType(ending);
  if (index !== undefined) return { root: root(index), nodes: indexNodes(file, ending, Number(base)) };
  const bytes = contents(file);
  if (ending === "snapshot") return { root: root("producer snapshot"), nodes: snapshotNodes(bytes) };
  if (ending === "ottla") return { root: root("segment checkpoint"), nodes: segmentCheckpointNodes(bytes) };
  const text = textType(name);
  if (text !== undefined) return { root: root(text), nodes: textNodes(name, bytes) };
  return frames(name, parseHexText(new TextDecoder().decode(bytes)) ?? bytes, command.responseOf, options);
}

function frames(name: string, bytes: Uint8Array, responseOf: InspectCommand["responseOf"], options: InspectOptions): Subject {
  return { root: { name, type: "frames", offset: 0, length: bytes.length }, nodes: inspectFrames(bytes, responseOf, options) };
}

function contents(file: DiskFile): Uint8Array {
  const bytes = new Uint8Array(file.size);
  return bytes.subarray(0, file.read(bytes, 0));
}

function report(process: InspectWorld["process"], { root, nodes }: Subject, { text, full }: InspectCommand): number {
  const problems: { readonly path: string; readonly problem: Problem }[] = [];
  const watched = watch(nodes, (node) => problems.push(...problemsOf(node, node.name)));
  const options: RenderOptions = { full };
  printLines(process, text ? tree(root, watched, options) : jsonDocument(root, watched, options));
  for (const { path, problem } of problems.slice(0, TOLD)) {
    const excerpt = text ? [] : problem.excerpt.map((line) => `    ${line}\n`);
    process.print(`ottla inspect: ${path}, byte ${problem.offset}: ${problem.message}\n${excerpt.join("")}`, "stderr");
  }
  if (problems.length > TOLD) process.print(`ottla inspect: and ${problems.length - TOLD} problems more\n`, "stderr");
  return problems.length === 0 ? 0 : 1;
}

function* watch(nodes: Iterable<Node>, see: (node: Node) => void): Generator<Node, void, void> {
  for (const node of nodes) {
    see(node);
    yield node;
  }
}

function* tree(root: Node, nodes: Iterable<Node>, options: RenderOptions): Generator<string, void, void> {
  yield `${root.name}: ${root.type}, ${root.length} bytes`;
  yield "  offset length  field";
  for (const node of nodes) yield* treeLines(node, options);
}

function printLines(process: InspectWorld["process"], lines: Iterable<string>): void {
  let piece = "";
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE) continue;
    process.print(piece);
    piece = "";
  }
  if (piece !== "") process.print(piece);
}
