const CHUNK = 1 << 20;
const FIRST = 1 << 10;

/** The bytes of a file in memory: chunks of 1 MiB, so that growing never copies what stands; the first chunk doubles up to that. */
export class FileBytes {
  #chunks: Uint8Array[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Copies from `position` until `into` is full or the bytes end; answers how many. */
  read(into: Uint8Array, position: number): number {
    const length = Math.max(0, Math.min(into.length, this.#size - position));
    for (let done = 0; done < length;) {
      const at = (position + done) % CHUNK;
      const take = Math.min(length - done, CHUNK - at);
      into.set(this.#chunks[Math.floor((position + done) / CHUNK)].subarray(at, at + take), done);
      done += take;
    }
    return length;
  }

  /** Writes at `position`, growing as needed; a gap before it reads as zeros. */
  write(bytes: Uint8Array, position: number): void {
    this.#grow(position + bytes.length);
    for (let done = 0; done < bytes.length;) {
      const at = (position + done) % CHUNK;
      const take = Math.min(bytes.length - done, CHUNK - at);
      this.#chunks[Math.floor((position + done) / CHUNK)].set(bytes.subarray(done, done + take), at);
      done += take;
    }
    this.#size = Math.max(this.#size, position + bytes.length);
  }

  /** Cuts to `size`, or fills with zeros up to it. */
  truncate(size: number): void {
    if (size < this.#size) {
      this.#chunks.length = Math.ceil(size / CHUNK);
      const last = this.#chunks.at(-1);
      if (last !== undefined) last.fill(0, size - (this.#chunks.length - 1) * CHUNK);
    }
    this.#grow(size);
    this.#size = size;
  }

  clone(): FileBytes {
    const copy = new FileBytes();
    copy.#chunks = this.#chunks.map((chunk) => chunk.slice());
    copy.#size = this.#size;
    return copy;
  }

  #grow(size: number): void {
    if (size > CHUNK || this.#chunks.length > 1) {
      this.#resizeFirst(CHUNK);
      while (this.#chunks.length * CHUNK < size) this.#chunks.push(new Uint8Array(CHUNK));
    } else if (size > 0) {
      let capacity = this.#chunks[0]?.length ?? FIRST;
      while (capacity < size) capacity *= 2;
      this.#resizeFirst(capacity);
    }
  }

  #resizeFirst(capacity: number): void {
    const first = this.#chunks[0];
    if (first !== undefined && first.length >= capacity) return;
    const larger = new Uint8Array(capacity);
    if (first !== undefined) larger.set(first);
    this.#chunks[0] = larger;
  }
}
