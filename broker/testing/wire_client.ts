import type { Connection } from "../../platform/mod.ts";
import { type Api, responseBody, Writer, writeRequestFrame } from "../../protocol/mod.ts";

/** The bare minimum of a Kafka client, for tests: encodes requests, reads frames, pairs them in order. */
export class WireClient {
  readonly #connection: Connection;
  readonly #clientId: string;
  #correlationId = 0;
  #received = new Uint8Array(0);
  #receiving: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection, clientId = "wire") {
    this.#connection = connection;
    this.#clientId = clientId;
  }

  /** Sends a request and waits for its response. Requests may overlap; responses come in the order of the requests. */
  async call<Req, Res>(api: Api<Req, Res>, version: number, request: Req): Promise<Res> {
    const writer = new Writer();
    const header = { apiVersion: version, correlationId: this.#correlationId++, clientId: this.#clientId };
    writeRequestFrame(writer, api, header, request);
    const answer = this.#receiving.then(() => this.frame());
    this.#receiving = answer.catch(() => null);
    await this.#connection.write(writer.written());
    const frame = await answer;
    if (frame === null) throw new Error(`the connection ended before ${api.name} was answered`);
    return api.readResponse(responseBody(frame, api, version), version);
  }

  /** Sends bytes as they are. */
  send(bytes: Uint8Array): Promise<void> {
    return this.#connection.write(bytes);
  }

  /** The next frame without its length, or null when the broker has hung up. */
  async frame(): Promise<Uint8Array | null> {
    for (;;) {
      const size = this.#received.length < 4 ? Infinity : new DataView(this.#received.buffer, this.#received.byteOffset).getInt32(0);
      if (this.#received.length >= 4 + size) {
        const frame = this.#received.slice(4, 4 + size);
        this.#received = this.#received.slice(4 + size);
        return frame;
      }
      const chunk = new Uint8Array(64 * 1024);
      const count = await this.#connection.read(chunk);
      if (count === null) return null;
      const joined = new Uint8Array(this.#received.length + count);
      joined.set(this.#received);
      joined.set(chunk.subarray(0, count), this.#received.length);
      this.#received = joined;
    }
  }

  close(): void {
    this.#connection.close();
  }
}
