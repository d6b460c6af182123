import { Reader } from "../wire/mod.ts";
import { Contents } from "./content.ts";
import { apiByKey, type ApiDefinition, hasVersion } from "./definitions.ts";
import { MessageInspector, Scope } from "./message.ts";
import { asFarAsPossible, Damage, Inspection, type InspectOptions, type Node, type Scribe } from "./node.ts";

/** Which API and version a response belongs to: it does not say so itself. */
export interface ResponseOf {
  readonly apiKey: number;
  readonly version: number;
}

/** ApiVersions, whose responses never have tagged fields in the header (KIP-511). */
const API_VERSIONS = 18;
const LENGTH_BYTES = 4;
/** Key, version, correlation id and a null client id. */
const SMALLEST_REQUEST = 10;

/** A request, without the length before it. `offset` is where `frame` begins in what is inspected. */
export function inspectRequest(frame: Uint8Array, options: InspectOptions = {}, offset = 0): Node {
  const node: Node = { name: "request", type: "frame", offset, length: frame.length };
  asFarAsPossible(() => readRequest(new Contents(new Inspection(options)), node, frame, offset));
  return node;
}

/** A response, without the length before it. */
export function inspectResponse(frame: Uint8Array, of: ResponseOf, options: InspectOptions = {}, offset = 0): Node {
  const node: Node = { name: "response", type: "frame", offset, length: frame.length };
  asFarAsPossible(() => readResponse(new Contents(new Inspection(options)), node, frame, offset, of));
  return node;
}

/**
 * All frames in `bytes`, requests or responses of one API, each with the length before it or one frame without. Answers at least one node,
 * unless there are no bytes.
 */
export function inspectFrames(bytes: Uint8Array, of: ResponseOf | null, options: InspectOptions = {}): Node[] {
  const inspect = (frame: Uint8Array, offset: number): Node =>
    of === null ? inspectRequest(frame, options, offset) : inspectResponse(frame, of, options, offset);
  if (!hasLength(bytes, of)) return bytes.length === 0 ? [] : [inspect(bytes, 0)];
  const nodes: Node[] = [];
  for (let position = 0; position < bytes.length;) {
    const length = lengthAt(bytes, position);
    const start = position + LENGTH_BYTES;
    const end = Math.max(start, Math.min(bytes.length, start + length));
    const { children = [], ...frame } = inspect(bytes.subarray(start, end), start);
    const prefix: Node = { name: "length", type: "int32", offset: position, length: LENGTH_BYTES, value: length };
    if (end - start !== length) {
      prefix.problem = { offset: position, message: `a frame of ${length} bytes, of which ${end - start} are there`, excerpt: [] };
    }
    nodes.push({ ...frame, offset: position, length: end - position, children: [prefix, ...children] });
    position = end;
  }
  return nodes;
}

/** Whether the bytes begin with a frame's length: as many bytes follow, or more frames do, or only then a request begins. */
function hasLength(bytes: Uint8Array, of: ResponseOf | null): boolean {
  let position = 0;
  while (bytes.length - position >= LENGTH_BYTES && lengthAt(bytes, position) > 0) position += LENGTH_BYTES + lengthAt(bytes, position);
  if (position === bytes.length && position > 0) return true;
  return of === null && !isRequest(bytes, 0) && isRequest(bytes, LENGTH_BYTES);
}

function lengthAt(bytes: Uint8Array, position: number): number {
  const left = bytes.length - position;
  return left < LENGTH_BYTES ? 0 : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getInt32(position);
}

/** Whether a request of a known API and version may begin at `position`. */
function isRequest(bytes: Uint8Array, position: number): boolean {
  if (bytes.length - position < SMALLEST_REQUEST) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset + position);
  const api = apiByKey(view.getInt16(0));
  return api !== undefined && hasVersion(api.request, view.getInt16(2));
}

function readRequest(contents: Contents, node: Node, frame: Uint8Array, offset: number): void {
  const reader = new Reader(frame, { api: "RequestHeader", version: -1 });
  const api = frame.length < 2 ? undefined : apiByKey(new Reader(frame, { api: "RequestHeader", version: -1 }).int16());
  let version = -1;
  const scribe = contents.scribe(frame, offset, reader, api?.request ?? null);
  scribe.node(node, "header", "RequestHeader", (header) => {
    const apiKey = scribe.leaf(header, "apiKey", "int16", () => reader.int16(), () => api?.spec.name);
    version = scribe.leaf(header, "apiVersion", "int16", () => reader.int16());
    scribe.leaf(header, "correlationId", "int32", () => reader.int32());
    scribe.leaf(header, "clientId", "string", () => reader.nullableString(false));
    if (api === undefined) throw new Damage(0, `no API has the key ${apiKey}`);
    if (!hasVersion(api.request, version)) throw new Damage(2, `${api.spec.name} has no version ${version}`);
    if (isFlexible(api, version)) headerTags(contents, header, reader, scribe);
  });
  readBody(contents, node, api!, "request", version, reader, scribe);
}

function readResponse(contents: Contents, node: Node, frame: Uint8Array, offset: number, { apiKey, version }: ResponseOf): void {
  const api = apiByKey(apiKey);
  if (api === undefined || !hasVersion(api.response, version)) throw new Error(`there is no version ${version} of API ${apiKey}`);
  const reader = new Reader(frame, { api: "ResponseHeader", version: -1 });
  const scribe = contents.scribe(frame, offset, reader, api.response);
  scribe.node(node, "header", "ResponseHeader", (header) => {
    scribe.leaf(header, "correlationId", "int32", () => reader.int32());
    if (isFlexible(api, version) && apiKey !== API_VERSIONS) headerTags(contents, header, reader, scribe);
  });
  readBody(contents, node, api, "response", version, reader, scribe);
}

function readBody(
  contents: Contents,
  node: Node,
  api: ApiDefinition,
  direction: "request" | "response",
  version: number,
  reader: Reader,
  scribe: Scribe,
): void {
  const struct = api[direction];
  node.type = `${api.spec.name} v${version}`;
  scribe.node(node, "body", struct.name, (body) => contents.body(body, struct, version, reader, scribe));
}

/** No tagged field of a header is known. */
function headerTags(contents: Contents, header: Node, reader: Reader, scribe: Scribe): void {
  new MessageInspector(scribe, reader, -1, contents.field).taggedFields(header, [], new Scope(null));
}

function isFlexible({ request: { flexible } }: ApiDefinition, version: number): boolean {
  return flexible !== null && version >= flexible.from;
}
