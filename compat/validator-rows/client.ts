/** The three requests that the rows need, in versions before the flexible ones. */
import { Bytes, frame, RawConnection } from "../raw.ts";

const RETRIABLE = new Set([3, 5, 6]);
const TIMEOUT_MS = 10_000;

export interface Produced {
  readonly code: number;
  /** The batch indexes of the record errors, from version 8 on. */
  readonly recordErrors: readonly number[];
  readonly message: string | null;
}

/** One connection to one broker, one request at a time. */
export class Client {
  #correlationId = 0;

  private constructor(readonly connection: RawConnection) {}

  static async open(bootstrap: string): Promise<Client> {
    return new Client(await RawConnection.open(bootstrap));
  }

  close(): void {
    this.connection.close();
  }

  /** CreateTopics version 2, one partition; resolves once the partition can be read. */
  async createTopic(name: string, configs: object): Promise<void> {
    const body = new Bytes().int32(1).string(name).int32(1).int16(1).int32(0).int32(Object.keys(configs).length);
    for (const [config, value] of Object.entries(configs)) body.string(config).string(String(value));
    const answer = await this.#request(19, 2, body.int32(TIMEOUT_MS).int8(0));
    if (answer === "closed") throw new Error(`no answer to CreateTopics ${name}`);
    answer.skip(4 + 4);
    answer.string();
    const code = answer.int16();
    if (code !== 0) throw new Error(`CreateTopics ${name} answered ${code}: ${answer.string()}`);
    while (RETRIABLE.has((await this.#fetch(name)).code)) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Produce with acks=all, versions 3 to 8. */
  async produce(topic: string, records: Uint8Array, version: number): Promise<Produced | "closed"> {
    const body = new Bytes().string(null).int16(-1).int32(TIMEOUT_MS).int32(1).string(topic).int32(1).int32(0).int32(records.length).raw(
      records,
    );
    const answer = await this.#request(0, version, body);
    if (answer === "closed") return "closed";
    answer.skip(4);
    answer.string();
    answer.skip(4 + 4);
    const code = answer.int16();
    answer.skip(8 + 8 + (version >= 5 ? 8 : 0));
    if (version < 8) return { code, recordErrors: [], message: null };
    const recordErrors = Array.from({ length: answer.int32() }, () => {
      const index = answer.int32();
      answer.string();
      return index;
    });
    return { code, recordErrors, message: answer.string() };
  }

  /** The first bytes of partition 0. */
  async fetch(topic: string): Promise<Uint8Array> {
    const { code, records } = await this.#fetch(topic);
    if (code !== 0) throw new Error(`Fetch ${topic} answered ${code}`);
    return records;
  }

  async #fetch(topic: string): Promise<{ readonly code: number; readonly records: Uint8Array }> {
    const body = new Bytes().int32(-1).int32(100).int32(0).int32(1 << 30).int8(0).int32(1).string(topic).int32(1).int32(0).int64(0n).int32(
      1 << 30,
    );
    const answer = await this.#request(1, 4, body);
    if (answer === "closed") throw new Error(`no answer to Fetch ${topic}`);
    answer.skip(4 + 4);
    answer.string();
    answer.skip(4 + 4);
    const code = answer.int16();
    answer.skip(8 + 8);
    answer.skip(Math.max(0, answer.int32()) * 16);
    return { code, records: answer.bytes(Math.max(0, answer.int32())) };
  }

  async #request(apiKey: number, version: number, body: Bytes): Promise<Answer | "closed"> {
    await this.connection.send(frame(apiKey, version, ++this.#correlationId, body.done()));
    const answer = await this.connection.receive(30_000);
    if (answer === "silent") throw new Error(`no answer to API ${apiKey} within 30 s`);
    return answer === "closed" ? "closed" : new Answer(answer);
  }
}

/** Reads a response behind its correlation id. */
class Answer {
  readonly #view: DataView;
  #position = 4;

  constructor(readonly content: Uint8Array) {
    this.#view = new DataView(content.buffer, content.byteOffset, content.length);
  }

  skip(bytes: number): void {
    this.#position += bytes;
  }

  int16(): number {
    return this.#view.getInt16((this.#position += 2) - 2);
  }

  int32(): number {
    return this.#view.getInt32((this.#position += 4) - 4);
  }

  bytes(length: number): Uint8Array {
    return this.content.slice(this.#position, this.#position += length);
  }

  string(): string | null {
    const length = this.int16();
    return length < 0 ? null : new TextDecoder().decode(this.bytes(length));
  }
}
