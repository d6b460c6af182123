import type { Clock, Timers } from "../clock.ts";
import { NetworkError } from "../network.ts";

/** Bytes that may be on their way or unread before the writer has to wait. */
const CAPACITY = 1 << 18;

/** One direction of a connection: bytes in order, bounded, each piece readable a delay after it was written. */
export class Pipe {
  #arrived: Uint8Array[] = [];
  #inside = 0;
  #state: "open" | "ended" | "abandoned" = "open";
  /** Pieces that still travel; the end of the stream travels behind them. */
  #travelling = 0;
  #lastArrival = 0;
  #wakeReaders: (() => void)[] = [];
  #wakeWriters: (() => void)[] = [];

  constructor(
    private readonly clock: Clock & Timers,
    private readonly delayMs: () => number,
    private readonly observe: (bytes: Uint8Array) => void,
  ) {}

  async read(into: Uint8Array): Promise<number | null> {
    while (this.#arrived.length === 0) {
      if (this.#state === "abandoned" || (this.#state === "ended" && this.#travelling === 0)) return null;
      await new Promise<void>((resolve) => this.#wakeReaders.push(resolve));
    }
    const length = this.#take(into);
    this.#inside -= length;
    wake(this.#wakeWriters);
    return length;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      if (this.#state !== "open") throw new NetworkError("ECONNRESET", "the connection is closed");
      const room = Math.min(CAPACITY - this.#inside, bytes.length - done);
      if (room === 0) {
        await new Promise<void>((resolve) => this.#wakeWriters.push(resolve));
      } else {
        this.#send(bytes.slice(done, done + room));
        done += room;
      }
    }
  }

  /** The writer has said everything; the reader gets what is under way and then null. */
  end(): void {
    if (this.#state === "open") this.#state = "ended";
    this.#wakeAll();
  }

  /** Nobody reads any more, or the line is broken: what is inside is lost. */
  abandon(): void {
    this.#state = "abandoned";
    this.#arrived = [];
    this.#wakeAll();
  }

  #send(piece: Uint8Array): void {
    this.observe(piece);
    this.#inside += piece.length;
    this.#travelling++;
    const arrive = (): void => {
      this.#travelling--;
      if (this.#state !== "abandoned") this.#arrived.push(piece);
      wake(this.#wakeReaders);
    };
    const now = this.clock.monotonic();
    // No piece overtakes the one before it when the delay has become shorter.
    this.#lastArrival = Math.max(this.#lastArrival, now + this.delayMs());
    if (this.#travelling === 1 && this.#lastArrival === now) arrive();
    else this.clock.schedule(this.#lastArrival - now, arrive);
  }

  #take(into: Uint8Array): number {
    let length = 0;
    while (length < into.length && this.#arrived.length > 0) {
      const piece = this.#arrived[0];
      const part = piece.subarray(0, into.length - length);
      into.set(part, length);
      length += part.length;
      if (part.length === piece.length) this.#arrived.shift();
      else this.#arrived[0] = piece.subarray(part.length);
    }
    return length;
  }

  #wakeAll(): void {
    wake(this.#wakeReaders);
    wake(this.#wakeWriters);
  }
}

function wake(waiting: (() => void)[]): void {
  waiting.splice(0).forEach((resolve) => resolve());
}
