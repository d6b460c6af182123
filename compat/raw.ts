/** Kafka frames by hand, independent of our own codecs: what a careless or hostile client would send. */

/** Bytes of the wire format, appended one after the other. */
export class Bytes {
  readonly #parts: number[] = [];

  int8(value: number): this {
    this.#parts.push(value & 0xff);
    return this;
  }

  int16(value: number): this {
    return this.int8(value >> 8).int8(value);
  }

  int32(value: number): this {
    return this.int16(value >> 16).int16(value);
  }

  int64(value: bigint): this {
    return this.int32(Number(BigInt.asIntN(32, value >> 32n))).int32(Number(BigInt.asIntN(32, value)));
  }

  unsignedVarint(value: number): this {
    while (value > 0x7f) {
      this.int8(value | 0x80);
      value >>>= 7;
    }
    return this.int8(value);
  }

  /** Zig-zag varint, for values within 31 bits. */
  varint(value: number): this {
    return this.unsignedVarint(((value << 1) ^ (value >> 31)) >>> 0);
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const bytes = new TextEncoder().encode(value);
    return this.int16(bytes.length).raw(bytes);
  }

  compactString(value: string): this {
    const bytes = new TextEncoder().encode(value);
    return this.unsignedVarint(bytes.length + 1).raw(bytes);
  }

  raw(bytes: Iterable<number>): this {
    for (const byte of bytes) this.#parts.push(byte);
    return this;
  }

  done(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#parts);
  }
}

/** A request with header v1 (v2 if `flexible`) and its length in front. */
export function frame(apiKey: number, version: number, correlationId: number, body: Uint8Array, flexible = false): Uint8Array<ArrayBuffer> {
  const header = new Bytes().int16(apiKey).int16(version).int32(correlationId).string("compat");
  if (flexible) header.int8(0);
  const content = header.raw(body).done();
  return new Bytes().int32(content.length).raw(content).done();
}

/** A connection that reads whole frames and knows when the other side hung up. */
export class RawConnection {
  #buffered = new Uint8Array(0);

  constructor(readonly connection: Deno.TcpConn) {}

  static async open(bootstrap: string): Promise<RawConnection> {
    const [hostname, port] = bootstrap.split(":");
    return new RawConnection(await Deno.connect({ hostname, port: Number(port) }));
  }

  /** Writes all bytes; answers false when the other side has closed the connection. */
  async send(bytes: Uint8Array): Promise<boolean> {
    try {
      for (let sent = 0; sent < bytes.length;) sent += await this.connection.write(bytes.subarray(sent));
      return true;
    } catch (error) {
      if (isHangUp(error)) return false;
      throw error;
    }
  }

  /** The next frame without its length; "closed" when the other side hung up, "silent" when nothing came within `limitMs`. */
  async receive(limitMs = 10_000): Promise<Uint8Array | "closed" | "silent"> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<"silent">((resolve) => timer = setTimeout(() => resolve("silent"), limitMs));
    try {
      return await Promise.race([this.frame(), silence]);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    try {
      this.connection.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  /** The next frame without its length, however long it takes; "closed" when either side hung up. */
  async frame(): Promise<Uint8Array | "closed"> {
    while (true) {
      const length = this.#buffered.length < 4 ? Infinity : new DataView(this.#buffered.buffer).getInt32(0);
      if (this.#buffered.length >= 4 + length) {
        const content = this.#buffered.slice(4, 4 + length);
        this.#buffered = this.#buffered.slice(4 + length);
        return content;
      }
      const chunk = new Uint8Array(65_536);
      const count = await this.#read(chunk);
      if (count === null) return "closed";
      const joined = new Uint8Array(this.#buffered.length + count);
      joined.set(this.#buffered);
      joined.set(chunk.subarray(0, count), this.#buffered.length);
      this.#buffered = joined;
    }
  }

  async #read(chunk: Uint8Array): Promise<number | null> {
    try {
      return await this.connection.read(chunk);
    } catch (error) {
      if (isHangUp(error)) return null;
      throw error;
    }
  }
}

function isHangUp(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.ConnectionAborted || error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted;
}

/** True once the broker answers Metadata v1 with at least one broker. */
export async function answersMetadata(bootstrap: string): Promise<boolean> {
  return await nodesToldBy(bootstrap) > 0;
}

/** How many brokers there are in the broker's answer to Metadata v1; 0 where there is no answer. */
export async function nodesToldBy(bootstrap: string): Promise<number> {
  let connection: RawConnection;
  try {
    connection = await RawConnection.open(bootstrap);
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return 0;
    throw error;
  }
  try {
    await connection.send(frame(3, 1, 1, new Bytes().int32(0).done()));
    const answer = await connection.receive(2_000);
    return typeof answer === "string" ? 0 : new DataView(answer.buffer).getInt32(4);
  } finally {
    connection.close();
  }
}
