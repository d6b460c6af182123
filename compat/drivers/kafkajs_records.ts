/** Records between kafkajs and the drivers' lines. */
import type { Buffer } from "node:buffer";
import kafkajs, { type IHeaders, type KafkaMessage, type Message } from "kafkajs";
import { fromHex, toHex, type WireRecord } from "./lines.ts";

const { CompressionTypes } = kafkajs;

export const COMPRESSION: Record<string, number> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};

export function toMessage([partition, timestamp, key, value, headerList]: WireRecord): Message {
  const headers: Record<string, (Buffer | null)[]> = {};
  for (const [name, headerValue] of headerList) (headers[name] ??= []).push(fromHex(headerValue));
  return {
    ...(partition === null ? {} : { partition }),
    ...(timestamp === null ? {} : { timestamp: String(timestamp) }),
    key: fromHex(key),
    value: fromHex(value),
    headers: headers as IHeaders,
  };
}

export function lineOf(partition: number, message: KafkaMessage): string {
  const headers = Object.entries(message.headers ?? {}).flatMap(([key, values]) =>
    (Array.isArray(values) ? values : [values]).map((value) => `${toHex(key)}:${toHex(value)}`)
  );
  return [partition, message.offset, message.timestamp, toHex(message.key), toHex(message.value), headers.join(",")].join("\t");
}
