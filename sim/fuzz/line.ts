import type { Connection } from "../../platform/mod.ts";

const ROOM = 8192;
const LENGTH_BYTES = 4;

/** A connection of which everything that comes back is kept, in whole frames. */
export class Line {
  /** Answers without their lengths, in order. */
  readonly frames: Uint8Array[] = [];
  /** The broker has hung up. */
  closed = false;
  /** What has come of a frame that is not whole, and with how many bytes it may be. Large frames come in many pieces, which are joined once. */
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  #needed = LENGTH_BYTES;

  constructor(private readonly connection: Connection) {
    this.#listen(new Uint8Array(ROOM));
  }

  send(bytes: Uint8Array): void {
    // Once the broker has hung up, it takes nothing more.
    this.connection.write(bytes).catch(() => this.closed = true);
  }

  close(): void {
    this.connection.close();
  }

  async #listen(room: Uint8Array): Promise<void> {
    for (;;) {
      const count = await this.connection.read(room);
      if (count === null) break;
      this.#take(room.subarray(0, count));
    }
    this.closed = true;
  }

  #take(bytes: Uint8Array): void {
    this.#pieces.push(bytes.slice());
    this.#length += bytes.length;
    if (this.#length < this.#needed) return;
    const all = concat(this.#pieces.splice(0), this.#length);
    let start = 0;
    for (;;) {
      const rest = all.length - start;
      this.#needed = LENGTH_BYTES + (rest < LENGTH_BYTES ? 0 : new DataView(all.buffer, start).getInt32(0));
      if (rest < this.#needed) break;
      this.frames.push(all.subarray(start + LENGTH_BYTES, start + this.#needed));
      start += this.#needed;
    }
    this.#pieces.push(all.subarray(start));
    this.#length = all.length - start;
  }
}

function concat(pieces: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
