import type { Compression, Logger } from "../../platform/mod.ts";
import type { TopicNames } from "./rows/row.ts";

type Inspect = typeof import("../../protocol/inspect/mod.ts");

/** Fields of a frame that are told of; more are counted. */
const MAX_FIELDS = 10_000;
/** Larger frames are not looked into when they cannot be read: whoever sends such must not cost more than the frame did. */
const MAX_UNREADABLE_BYTES = 64 * 1024;
/** The way to the field is of interest, not what stands before it. */
const FIELDS_OF_UNREADABLE = 16;

/**
 * Tells what frames say, field by field, by `protocol/inspect/`. That brings along every definition there is, a tenth of what it takes a broker to
 * start, so it is loaded by the first frame that needs it.
 */
export class FrameInspector {
  #inspect: Inspect | null = null;
  #loading: Promise<void> | null = null;

  constructor(
    private readonly codecs: Compression,
    private readonly topics: TopicNames,
    private readonly logger: Logger,
  ) {}

  /** Settles when it is ready, or never will be, which is logged. */
  load(): Promise<void> {
    this.#loading ??= load().then(
      (inspect) => void (this.#inspect = inspect),
      (error) => this.logger.warn("frames cannot be looked into", { reason: String(error) }),
    );
    return this.#loading;
  }

  /** A request, a line a field; nothing before {@link load} has settled. */
  requestLines(frame: Uint8Array): Iterable<string> {
    return this.#inspect === null ? [] : this.#inspect.treeLines(this.#inspect.inspectRequest(frame, this.#options));
  }

  /** A response, likewise. */
  responseLines(frame: Uint8Array, apiKey: number, version: number): Iterable<string> {
    const of = { apiKey, version };
    return this.#inspect === null ? [] : this.#inspect.treeLines(this.#inspect.inspectResponse(frame, of, this.#options));
  }

  /** The field at which a request, the bytes of which are copied at once, cannot be read: `body.topics[0].name`. Null if that cannot be told. */
  async fieldAtFault(frame: Uint8Array): Promise<string | null> {
    if (frame.length > MAX_UNREADABLE_BYTES) return null;
    const copy = frame.slice();
    await this.load();
    if (this.#inspect === null) return null;
    try {
      const tree = this.#inspect.inspectRequest(copy, { maxNodes: FIELDS_OF_UNREADABLE });
      // A strict reader stops at its first problem: that is the last one, behind those of what it does not look into.
      return [...this.#inspect.problemsOf(tree)].at(-1)?.path ?? null;
    } catch (error) {
      // Whoever waits for this is closing a connection: a defect here is told, and changes nothing.
      this.logger.error("the inspector failed", { reason: error instanceof Error ? error.stack : String(error) });
      return null;
    }
  }

  get #options(): { codecs: Compression; topicName: TopicNames; maxNodes: number } {
    return { codecs: this.codecs, topicName: this.topics, maxNodes: MAX_FIELDS };
  }
}

async function load(): Promise<Inspect> {
  // Deno reads whatever an import names in so many words before a program starts.
  const module = new URL("../../protocol/inspect/mod.ts", import.meta.url).href;
  // deno-lint-ignore ottla/no-ambient -- our own code, only later
  return await import(module);
}
