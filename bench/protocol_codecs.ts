/** How `protocol.ts` calls the three codecs: each by its own inner functions, from values to bytes in one piece and back. */
import { Buffer } from "node:buffer";
import { crc32c as platformaticCrc, Reader as PlatformaticReader, type Writer as PlatformaticWriter } from "@platformatic/kafka";
import type { Api } from "../protocol/api.ts";
import { Reader, Writer } from "../protocol/mod.ts";
import { crc32c } from "../protocol/records/mod.ts";

/** Does the work once. What it answers is kept from the optimizer, and compared before anything is timed. */
export type Work = () => unknown;

const writer = new Writer(1 << 20);

/** Ottla's codec writes one message after the other into the same buffer, as the broker does. */
export function encode<Request>(api: Api<Request, unknown>, version: number, request: () => Request): Work {
  return () => {
    writer.reset();
    api.writeRequest(writer, request(), version);
    return writer.written();
  };
}

/** `finish` may unpack what the clients unpack too. */
export function decode<Response>(
  api: Api<unknown, Response>,
  version: number,
  bytes: Uint8Array,
  finish: (response: Response) => unknown = (response) => response,
): Work {
  return () => {
    const reader = new Reader(bytes, { api: api.name, version });
    const response = api.readResponse(reader, version);
    reader.expectEnd();
    return finish(response);
  };
}

/** A response to decode. */
export function responseBytes<Response>(api: Api<unknown, Response>, version: number, response: Response): Uint8Array<ArrayBuffer> {
  writer.reset();
  api.writeResponse(writer, response, version);
  return writer.written().slice();
}

/** The clients know bytes as Node.js buffers. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

interface KafkajsRequest {
  encode(): Promise<{ readonly buffer: Uint8Array }>;
}

interface KafkajsResponse {
  decode(bytes: Buffer): Promise<unknown>;
  parse(decoded: unknown): Promise<unknown>;
}

async function kafkajsModule(path: string): Promise<unknown> {
  return (await import(`kafkajs/src/protocol/${path}.js`)).default;
}

export async function kafkajsEncode(api: string, version: number, options: unknown): Promise<Work> {
  const request = await kafkajsModule(`requests/${api}/v${version}/request`) as (options: unknown) => KafkajsRequest;
  return async () => (await request(options).encode()).buffer;
}

export async function kafkajsDecode(api: string, version: number, bytes: Uint8Array): Promise<Work> {
  const { decode, parse } = await kafkajsModule(`requests/${api}/v${version}/response`) as KafkajsResponse;
  const buffer = asBuffer(bytes);
  return async () => await parse(await decode(buffer));
}

export function platformaticEncode(request: () => PlatformaticWriter): Work {
  return () => request().buffer;
}

type PlatformaticParse = (correlationId: number, apiKey: number, apiVersion: number, reader: PlatformaticReader) => unknown;

export function platformaticDecode(api: Api<unknown, unknown>, version: number, parse: PlatformaticParse, bytes: Uint8Array): Work {
  const buffer = asBuffer(bytes);
  return () => parse(1, api.key, version, PlatformaticReader.from(buffer));
}

/** The three checksums of `bytes`; that of @platformatic/kafka is native code with the processor's own instruction. */
export async function checksums(bytes: Uint8Array): Promise<Record<string, Work>> {
  const kafkajsCrc = await kafkajsModule("recordBatch/crc32C/index") as (bytes: Buffer) => number;
  const buffer = asBuffer(bytes);
  return { Ottla: () => crc32c(bytes), kafkajs: () => kafkajsCrc(buffer), "@platformatic/kafka": () => platformaticCrc(buffer) };
}
