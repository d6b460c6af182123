import type { Connection } from "../../platform/mod.ts";

const ROOM = 8192;

/** A connection of which everything that comes back is kept, in whole frames. */
export class Line {
  /** Answers without their lengths, in order. */
  readonly frames: Uint8Array[] = [];
  /** The broker has hung up. */
  closed = false;
  #rest = new Uint8Array(0);

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
    let all: Uint8Array = bytes.slice();
    if (this.#rest.length > 0) {
      all = new Uint8Array(this.#rest.length + bytes.length);
      all.set(this.#rest);
      all.set(bytes, this.#rest.length);
    }
    let start = 0;
    while (all.length - start >= 4) {
      const size = new DataView(all.buffer, start).getInt32(0);
      if (all.length - start < 4 + size) break;
      this.frames.push(all.subarray(start + 4, start + 4 + size));
      start += 4 + size;
    }
    this.#rest = all.slice(start);
  }
}
