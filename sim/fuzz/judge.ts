import {
  ApiVersions,
  type ApiVersionsResponse,
  JoinGroup,
  Produce,
  TxnOffsetCommit,
  WriteTxnMarkers,
} from "../../protocol/generated/mod.ts";
import { apiSpecs } from "../../protocol/schema/mod.ts";
import { layout, LayoutError, type Visit } from "../../protocol/testing/layout.ts";
import { hasVersion } from "../../protocol/testing/walker.ts";

type ApiSpec = (typeof apiSpecs)[number];
type FieldSpecs = ApiSpec["request"];

/** An API in one version. */
export interface Pair {
  readonly spec: ApiSpec;
  readonly version: number;
}

/** Largest frame that is taken (`socket.request.max.bytes`). */
const MAX_FRAME = 104_857_600;

const header: FieldSpecs = {
  apiKey: { type: "int16", versions: "0+", doc: "" },
  apiVersion: { type: "int16", versions: "0+", doc: "" },
  correlationId: { type: "int32", versions: "0+", doc: "" },
  clientId: { type: "string", versions: "0+", nullable: "0+", doc: "" },
};
const correlation: FieldSpecs = { correlationId: { type: "int32", versions: "0+", doc: "" } };
const noFields: FieldSpecs = {};
const ignore: Visit = () => {};

/** What has to come of one frame: an answer, silence, or the end of the connection. */
export type Verdict =
  | { readonly outcome: "answered"; readonly pair: Pair; readonly correlationId: number; readonly mayChange: boolean }
  | { readonly outcome: "silent or closed"; readonly pair: Pair }
  | { readonly outcome: "closed"; readonly why: string };

/** Knows from the definitions alone what a broker with these APIs owes to whatever bytes. */
export class Judge {
  readonly #served: ReadonlyMap<number, ApiSpec>;

  constructor(served: readonly ApiSpec[]) {
    this.#served = new Map(served.map((spec) => [spec.key, spec]));
  }

  /** What each frame of `bytes` must meet, and how many bytes are left of one that is not whole; nothing comes behind a frame that closes. */
  verdicts(bytes: Uint8Array): { owed: Verdict[]; left: number } {
    const owed: Verdict[] = [];
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let start = 0;
    while (bytes.length - start >= 4) {
      const size = view.getInt32(start);
      if (bytes.length - start < 4 + size && size > 0 && size <= MAX_FRAME) break;
      const verdict: Verdict = size <= 0 || size > MAX_FRAME
        ? { outcome: "closed", why: `a frame of ${size} bytes` }
        : this.#verdict(bytes.subarray(start + 4, start + 4 + size));
      owed.push(verdict);
      if (verdict.outcome === "closed") break;
      start += 4 + size;
    }
    return { owed, left: bytes.length - start };
  }

  #verdict(frame: Uint8Array): Verdict {
    try {
      return this.#readable(frame);
    } catch (error) {
      if (!(error instanceof LayoutError)) throw error;
      return { outcome: "closed", why: error.message };
    }
  }

  #readable(frame: Uint8Array): Verdict {
    layout(header, "none", 0, frame, 0, ignore);
    const view = new DataView(frame.buffer, frame.byteOffset);
    const [key, version, correlationId] = [view.getInt16(0), view.getInt16(2), view.getInt32(4)];
    const spec = this.#served.get(key);
    if (spec === undefined) return { outcome: "closed", why: `API key ${key}` };
    if (!hasVersion(spec.versions, version)) {
      if (key === ApiVersions.key) return { outcome: "answered", pair: { spec, version: 0 }, correlationId, mayChange: false };
      return { outcome: "closed", why: `${spec.name} version ${version}` };
    }
    const pair = { spec, version };
    const facts = { markers: 0, transactional: false };
    const { acks } = walkRequest(pair, frame, (kind, name, start, end) => {
      if (kind === "element" && name === "markers") facts.markers++;
      if (kind === "text" && name === "transactionalId") facts.transactional = end > start;
    });
    if (acks === 0) return { outcome: "silent or closed", pair };
    return { outcome: "answered", pair, correlationId, mayChange: mayChange(pair, facts) };
  }
}

/**
 * Whether an answer of errors alone may have changed something, as with Kafka: a group that a JoinGroup is the first to name is made whatever becomes of the
 * member; a partition joins a transaction before what is to be written to it is looked at (KIP-890); of several markers of a producer for a partition the
 * answer tells of the last.
 */
function mayChange({ spec: { key }, version }: Pair, { markers, transactional }: { markers: number; transactional: boolean }): boolean {
  switch (key) {
    case JoinGroup.key:
      return true;
    case Produce.key:
      return version >= 12 && transactional;
    case TxnOffsetCommit.key:
      return version >= 5;
    case WriteTxnMarkers.key:
      return markers > 1;
    default:
      return false;
  }
}

/** Walks over a request and its header. Answers where the body starts, and what a Produce has for acks. Throws LayoutError. */
export function walkRequest({ spec, version }: Pair, frame: Uint8Array, visit: Visit): { body: number; acks: number | null } {
  let body = layout(header, "none", 0, frame, 0, visit);
  if (hasVersion(spec.flexible, version)) body = layout(noFields, "0+", 0, frame, body, visit);
  let acks: number | null = null;
  layout(spec.request, spec.flexible, version, frame, body, (kind, name, start, end) => {
    if (name === "acks" && spec.key === Produce.key) acks = new DataView(frame.buffer, frame.byteOffset + start).getInt16(0);
    visit(kind, name, start, end);
  });
  return { body, acks };
}

/** Walks over a response and its header, which has to be all of `frame`. Throws LayoutError. */
export function walkResponse({ spec, version }: Pair, correlationId: number, frame: Uint8Array, visit: Visit): void {
  const tags = hasVersion(spec.flexible, version) && spec.key !== ApiVersions.key;
  const body = layout(correlation, tags ? "0+" : "none", 0, frame, 0, ignore);
  const found = new DataView(frame.buffer, frame.byteOffset).getInt32(0);
  if (found !== correlationId) throw new LayoutError(`the answer to ${found}, not to ${correlationId}`);
  const end = layout(spec.response, spec.flexible, version, frame, body, visit);
  if (end !== frame.length) throw new LayoutError(`${frame.length - end} bytes behind the response`);
}

/** The definitions of the APIs that ApiVersions tells of, in the versions that are both defined and served. Throws when one has none. */
export function definitionsOf(served: ApiVersionsResponse["apiKeys"]): ApiSpec[] {
  return served.map(({ apiKey, minVersion, maxVersion }) => {
    const spec = apiSpecs.find(({ key }) => key === apiKey);
    if (spec === undefined) throw new Error(`API ${apiKey} is served and has no definition`);
    const [from, to] = rangeOf(spec);
    return { ...spec, versions: `${Math.max(from, minVersion)}-${Math.min(to, maxVersion)}` };
  });
}

/** An API in each of its versions. */
export function pairsOf(spec: ApiSpec): Pair[] {
  const [from, to] = rangeOf(spec);
  return Array.from({ length: to - from + 1 }, (_, index) => ({ spec, version: from + index }));
}

function rangeOf({ versions }: ApiSpec): [from: number, to: number] {
  const [from, to = from] = versions.split("-").map(Number);
  return [from, to];
}
