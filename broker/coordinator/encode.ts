import type { MessageCodec } from "../../protocol/mod.ts";
import { Writer } from "../../protocol/wire/mod.ts";

/** Where keys and values take shape, one at a time: a buffer for each would cost more than what is written into it. */
const buffer = new Writer(512);

/** A message behind an int16: its version, or for a key the kind of record that it is of. */
export function encodeMessage<Message>(codec: MessageCodec<Message>, message: Message, version: number, prefix = version): Uint8Array {
  buffer.reset();
  buffer.int16(prefix);
  codec.write(buffer, message, version);
  return buffer.written().slice();
}
