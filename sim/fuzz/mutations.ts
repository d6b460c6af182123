import { crc32c } from "../../protocol/records/mod.ts";
import type { Random } from "../../protocol/testing/arbitrary.ts";
import type { PartKind } from "../../protocol/testing/layout.ts";

/** A part of a frame, by position. */
export interface Part {
  readonly kind: PartKind;
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A frame without its length, and where its parts stand. */
export interface Sample {
  readonly bytes: Uint8Array;
  readonly parts: readonly Part[];
  /** Where the body starts. */
  readonly body: number;
  /** Whether lengths are varints. */
  readonly compact: boolean;
}

/** What stands at `start` to `end` is replaced by `bytes`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly bytes: ArrayLike<number>;
}

/** The sample with no to three of its parts changed; sometimes cut, prolonged or with changed bits; its length in front, rarely a wrong one. */
export function mutate(sample: Sample, donor: Sample, random: Random): Uint8Array {
  const edits: Edit[] = [];
  for (let count = [0, 0, 1, 1, 1, 1, 2, 3][random(8)]; count > 0; count--) {
    const part = sample.parts[random(sample.parts.length)];
    const edit = editPart(sample, part, donor, random);
    if (edits.every(({ start, end }) => edit.end < start || end < edit.start)) edits.push(edit);
  }
  let bytes = apply(sample.bytes, edits);
  switch (random(32)) {
    case 0:
      bytes = bytes.subarray(0, sample.parts[random(sample.parts.length)].start);
      break;
    case 1:
      bytes = apply(bytes, [{ start: bytes.length, end: bytes.length, bytes: junk(1 + random(9), random) }]);
      break;
    case 2:
      for (let flips = 1 + random(3); flips > 0 && bytes.length > 0; flips--) bytes[random(bytes.length)] ^= 1 << random(8);
      break;
    case 3:
      // One API's body behind another's header.
      bytes = apply(bytes, [{ start: Math.min(sample.body, bytes.length), end: bytes.length, bytes: donor.bytes.subarray(donor.body) }]);
      break;
  }
  return framed(bytes, random(64) === 0 ? wrongSize(bytes.length, random) : bytes.length);
}

/** Bytes behind a length, which is theirs unless another is given. */
export function framed(bytes: Uint8Array, size = bytes.length): Uint8Array {
  const frame = new Uint8Array(4 + bytes.length);
  new DataView(frame.buffer).setInt32(0, size);
  frame.set(bytes, 4);
  return frame;
}

function wrongSize(size: number, random: Random): number {
  return [size - 1, size + 1, 0, -1, 0x7fff_ffff, -0x8000_0000, random(size + 1), size >> 1][random(8)];
}

function apply(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const size = edits.reduce((sum, { start, end, bytes }) => sum + bytes.length - (end - start), bytes.length);
  const result = new Uint8Array(size);
  let [from, to] = [0, 0];
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    result.set(bytes.subarray(from, edit.start), to);
    result.set(edit.bytes, to + edit.start - from);
    to += edit.start - from + edit.bytes.length;
    from = edit.end;
  }
  result.set(bytes.subarray(from), to);
  return result;
}

function editPart(sample: Sample, part: Part, donor: Sample, random: Random): Edit {
  const { kind, start, end } = part;
  const old = sample.bytes.subarray(start, end);
  switch (kind) {
    case "tags":
      if (random(2) === 0) return { start, end, bytes: moreTags(old, random) };
      return { start, end, bytes: otherVarint(old, random) };
    case "count":
    case "length":
      return { start, end, bytes: sample.compact && part.start >= sample.body ? otherVarint(old, random) : otherInteger(old, random) };
    case "size":
    case "tag":
      return { start, end, bytes: otherVarint(old, random) };
    case "number":
      return { start, end, bytes: otherInteger(old, random) };
    case "array":
    case "element":
      return { start, end, bytes: otherPart(old, part, donor, random) };
    case "records":
      return { start, end, bytes: otherRecords(old, random) };
    default:
      if (kind === "text" && random(32) === 0) return longText(sample, part, random);
      return { start, end, bytes: otherContent(old, random) };
  }
}

/** An integer at or beside an edge, or any other of the same size. */
function otherInteger(old: Uint8Array, random: Random): number[] {
  const bits = old.length * 8;
  const value = old.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const highest = 1n << BigInt(bits - 1);
  const others = [0n, 1n, value + 1n, value - 1n, -1n, -2n, highest, highest - 1n, highest + 1n, BigInt(random(128))];
  const other = random(8) === 0 ? null : BigInt.asUintN(bits, others[random(others.length)]);
  return Array.from(old, (_, i) => other === null ? random(256) : Number(other >> BigInt(bits - 8 * (i + 1)) & 0xffn));
}

/** A varint that is one off, huge, null, longer than it needs to be, or without an end. */
function otherVarint(old: Uint8Array, random: Random): number[] {
  const value = old.reduce((sum, byte, i) => sum + byte % 128 * 128 ** i, 0);
  switch (random(8)) {
    case 0:
      return varint(value + 1);
    case 1:
      return varint(Math.max(0, value - 1));
    case 2:
      return [0];
    case 3:
      return varint([2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 35 - 1, 2 ** 24, 2 ** 16][random(6)]);
    case 4: {
      const longer = varint(value);
      longer[longer.length - 1] |= 0x80;
      while (longer.length < 4) longer.push(0x80);
      return [...longer, 0];
    }
    case 5:
      return [0xff, 0xff, 0xff, 0xff, 0xff, random(256)];
    default:
      return varint(random(128));
  }
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [value % 128 + 128, ...varint(Math.floor(value / 128))];
}

/** Up to three more tagged fields than before in front of the others: unknown or known, in any order, twice, or with a size that lies. */
function moreTags(old: Uint8Array, random: Random): number[] {
  const count = 1 + random(3);
  const fields = Array.from({ length: count }, () => {
    const content = junk(random(6), random);
    const tag = [0, 1, random(8), random(2 ** 14), 2 ** 32 - 1][random(5)];
    return [...varint(tag), ...varint(random(8) === 0 ? 2 ** random(33) - random(2) : content.length), ...content];
  });
  return [...varint(old[0] % 128 + count), ...fields.flat()];
}

/** Nothing, the same twice, or a part of another frame. */
function otherPart(old: Uint8Array, { kind }: Part, donor: Sample, random: Random): ArrayLike<number> {
  if (random(3) === 0) return [];
  if (random(2) === 0) return [...old, ...old];
  const others = donor.parts.filter((part) => part.kind === kind);
  if (others.length === 0) return [];
  const { start, end } = others[random(others.length)];
  return donor.bytes.subarray(start, end);
}

function otherContent(old: Uint8Array, random: Random): Uint8Array {
  const bytes = old.slice();
  for (let changes = random(4); changes >= 0 && bytes.length > 0; changes--) bytes[random(bytes.length)] = random(256);
  return bytes;
}

/** Around the longest text that an int16 can announce, of bytes that become three times as many when they are read and written again. */
function longText(sample: Sample, part: Part, random: Random): Edit {
  const before = sample.parts[sample.parts.indexOf(part) - 1];
  const length = [0x7ffe, 0x7fff, 0x8000, 0x2aab, 0xffff, 250][random(6)];
  const announced = sample.compact && part.start >= sample.body ? varint(length + 1) : [length >> 8, length & 0xff];
  return { start: before.start, end: part.end, bytes: [...announced, ...new Uint8Array(length).fill([0x61, 0xff][random(2)])] };
}

/** Where a batch's attributes stand; its CRC stands before them and covers what follows from here. */
const ATTRIBUTES = 21;

/** A batch with one field of its header, or some bytes, changed; half of them with a CRC that is right again. */
function otherRecords(old: Uint8Array, random: Random): Uint8Array {
  const bytes = random(2) === 0 ? otherContent(old, random) : old.slice();
  if (bytes.length < 61) return bytes;
  // base offset, length, leader epoch, magic, CRC, attributes, last offset delta, timestamps, producer id, epoch, sequence, count, and what follows
  const [start, end] =
    [[0, 8], [8, 12], [12, 16], [16, 17], [17, 21], [21, 23], [23, 27], [27, 35], [35, 43], [43, 51], [51, 53], [53, 57], [57, 61], [
      61,
      62,
    ]][random(14)];
  bytes.set(otherInteger(bytes.subarray(start, end), random), start);
  if (random(2) === 0) new DataView(bytes.buffer).setUint32(ATTRIBUTES - 4, crc32c(bytes, ATTRIBUTES));
  return bytes;
}

function junk(length: number, random: Random): number[] {
  return Array.from({ length }, () => random(256));
}
