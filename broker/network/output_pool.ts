import { Writer } from "../../protocol/mod.ts";

/** Bytes of buffers that are kept for the next response while nobody uses them. */
const KEPT_BYTES = 32 * 1024 * 1024;

/**
 * Buffers for responses, shared by all connections: one has a buffer only while it writes, so that a thousand idle ones hold none,
 * and a large buffer is not made anew for every large response.
 */
export class OutputPool {
  readonly #free: Writer[] = [];
  #kept = 0;

  /** An empty buffer, the one used last if there is one. */
  take(): Writer {
    const writer = this.#free.pop();
    if (writer === undefined) return new Writer();
    this.#kept -= writer.capacity;
    return writer;
  }

  /** Gives a buffer back when what it held has been written. */
  give(writer: Writer): void {
    if (this.#kept + writer.capacity > KEPT_BYTES) return;
    writer.reset();
    this.#kept += writer.capacity;
    this.#free.push(writer);
  }
}
