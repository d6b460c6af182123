import { apis, records } from "../generated/mod.ts";
import { apiSpecs, recordSpecs } from "../schema/mod.ts";
import type { FieldSpecs } from "../schema/spec.ts";
import { Reader, Writer } from "../wire/mod.ts";
import type { Message } from "./walker.ts";

/** A generated codec beside the definition it was generated from, in the same shape for requests, responses and records. */
export interface Codec {
  /** The name of the API or record. */
  readonly name: string;
  readonly type: "request" | "response" | "record";
  readonly fields: FieldSpecs;
  /** Versions with compact lengths, as the definition writes them. */
  readonly flexible: string;
  readonly versions: readonly number[];
  /** Reads a message that is all of `bytes`. */
  read(bytes: Uint8Array, version: number): Message;
  /** The bytes of a message: a copy. */
  write(message: Message, version: number): Uint8Array;
}

/** Every generated codec. */
export const codecs: readonly Codec[] = [
  ...apiSpecs.flatMap((spec, index) => {
    const { readRequest, writeRequest, readResponse, writeResponse } = apis[index];
    return [
      codec(spec.name, "request", spec.request, spec.flexible, apis[index], readRequest, writeRequest),
      codec(spec.name, "response", spec.response, spec.flexible, apis[index], readResponse, writeResponse),
    ];
  }),
  ...recordSpecs.map((spec, index) =>
    codec(spec.name, "record", spec.fields, spec.flexible, records[index], records[index].read, records[index].write)
  ),
];

function codec(
  name: string,
  type: Codec["type"],
  fields: FieldSpecs,
  flexible: string,
  { minVersion, maxVersion, unstableVersion }: { minVersion: number; maxVersion: number; unstableVersion?: number },
  read: (reader: Reader, version: number) => unknown,
  write: (writer: Writer, message: unknown, version: number) => void,
): Codec {
  return {
    name,
    type,
    fields,
    flexible,
    versions: Array.from({ length: (unstableVersion ?? maxVersion) - minVersion + 1 }, (_, index) => minVersion + index),
    read(bytes, version) {
      const reader = new Reader(bytes, { api: `${name} ${type}`, version });
      const message = read(reader, version);
      reader.expectEnd();
      return message as Message;
    },
    write(message, version) {
      // A small buffer, so that it grows in the middle of messages.
      const writer = new Writer(1);
      write(writer, message, version);
      return writer.written().slice();
    },
  };
}
