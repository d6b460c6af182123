import { CloseConnection } from "../kafka_error.ts";
import type { MemoryBudget } from "./memory_budget.ts";

/** A new connection's buffer: an idle connection costs next to nothing. */
const INITIAL_BYTES = 4 * 1024;
/** A peer that fills the buffer makes it grow to this size; beyond, only a request that needs it does, and the budget is asked. */
const EAGER_BYTES = 256 * 1024;
/** A larger buffer is given back as soon as it is empty; a smaller one is kept for the next large request, uncounted. */
const KEPT_BYTES = 2 * 1024 * 1024;

/**
 * Splits the bytes of a connection into requests. One buffer, reused: it grows as bytes arrive, never because a length was announced,
 * so that a client pays for memory with traffic.
 */
export class RequestBuffer {
  readonly #maxRequestBytes: number;
  readonly #budget: MemoryBudget;
  #buffer = new Uint8Array(INITIAL_BYTES);
  #start = 0;
  #end = 0;
  /** What of this buffer the budget has counted. */
  #counted = 0;

  /** `maxRequestBytes`: the largest request, without its four bytes of length (`socket.request.max.bytes`). */
  constructor(maxRequestBytes: number, budget: MemoryBudget) {
    this.#maxRequestBytes = maxRequestBytes;
    this.#budget = budget;
  }

  /** Where the next bytes of the connection go; overwrites requests that were taken. Waits while the budget is used up and the buffer must grow. */
  async room(): Promise<Uint8Array> {
    if (this.#start === this.#end) {
      this.#start = this.#end = 0;
      this.#count(0);
      if (this.#buffer.length > KEPT_BYTES) this.#resize(INITIAL_BYTES);
    }
    if (this.#end === this.#buffer.length) {
      const needed = this.#requestBytes() ?? 4;
      if (this.#start > 0 && needed <= this.#buffer.length) {
        this.#buffer.copyWithin(0, this.#start, this.#end);
        this.#end -= this.#start;
        this.#start = 0;
      } else {
        await this.#reserve(needed);
        this.#resize(Math.min(2 * this.#buffer.length, Math.max(needed, EAGER_BYTES)));
      }
    }
    return this.#buffer.subarray(this.#end);
  }

  /** `count` bytes have arrived at the start of `room()`. */
  arrived(count: number): void {
    this.#end += count;
  }

  /** The next whole request without its length, or null when more bytes are needed. A view, valid until `room()` is called. */
  next(): Uint8Array | null {
    const bytes = this.#requestBytes();
    if (bytes === null || this.#end - this.#start < bytes) return null;
    const request = this.#buffer.subarray(this.#start + 4, this.#start + bytes);
    this.#start += bytes;
    return request;
  }

  /** Gives the memory back; the buffer is of no more use. */
  release(): void {
    this.#start = this.#end = 0;
    this.#count(0);
    this.#resize(0);
  }

  /** Waits until the budget lets this connection hold a request of `bytes`. It is counted whole and at once, so that none waits half-way for itself. */
  async #reserve(bytes: number): Promise<void> {
    if (bytes <= EAGER_BYTES + this.#counted) return;
    if (this.#counted === 0) await this.#budget.whenAvailable();
    this.#count(bytes - EAGER_BYTES);
  }

  #count(bytes: number): void {
    if (bytes === this.#counted) return;
    this.#budget.settle(this.#counted, bytes);
    this.#counted = bytes;
  }

  /** Bytes of the next request with its length, once that is known. */
  #requestBytes(): number | null {
    if (this.#end - this.#start < 4) return null;
    const [a, b, c, d] = this.#buffer.subarray(this.#start, this.#start + 4);
    const size = (a << 24) | (b << 16) | (c << 8) | d;
    if (size <= 0) throw new CloseConnection(`a request of ${size} bytes`);
    if (size > this.#maxRequestBytes) {
      throw new CloseConnection(`a request of ${size} bytes; the limit is ${this.#maxRequestBytes} (socket.request.max.bytes)`);
    }
    return 4 + size;
  }

  #resize(size: number): void {
    const other = new Uint8Array(size);
    other.set(this.#buffer.subarray(this.#start, this.#end));
    this.#buffer = other;
    this.#end -= this.#start;
    this.#start = 0;
  }
}
