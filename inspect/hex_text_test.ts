import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseHexText } from "./hex_text.ts";

/** A request of ApiVersions v0 with the client id "shop", and four bytes more, so that a dump has two rows. */
const bytes = Uint8Array.fromHex("0000000e00120000000000010004" + "73686f70" + "deadbeef");

describe("hexadecimal text", () => {
  for (
    const [what, text] of [
      ["digits", "0000000e0012000000000001000473686f70deadbeef"],
      ["blanks, capitals and a comment", "0000000E 0012 0000\n 00000001 0004 73686F70 # shop\n DEADBEEF\n"],
      ["a listing", "[0x00, 0x00, 0x00, 0x0e, 0x00, 0x12, 0x00, 0x00]\n00000001000473686f70deadbeef"],
      [
        "escapes",
        "\\x00\\x00\\x00\\x0e\\x00\\x12\\x00\\x00\\x00\\x00\\x00\\x01\\x00\\x04\\x73\\x68\\x6f\\x70dead:beef",
      ],
      [
        "xxd",
        "00000000: 0000 000e 0012 0000 0000 0001 0004 7368  ..............sh\n00000010: 6f70 dead beef                           op....\n",
      ],
      [
        "hexdump -C",
        "00000000  00 00 00 0e 00 12 00 00  00 00 00 01 00 04 73 68  |..............sh|\n" +
        "00000010  6f 70 de ad be ef                                 |op....|\n00000016\n",
      ],
      [
        "Wireshark",
        "0000   00 00 00 0e 00 12 00 00 00 00 00 01 00 04 73 68   ..............sh\n0010   6f 70 de ad be ef                                 op....\n",
      ],
    ] as const
  ) test(what, () => assert.deepEqual(parseHexText(text), bytes));

  for (const text of ["", "abc", "no digits", "00 0g", "\u0000\u0012"]) {
    test(`none in ${JSON.stringify(text)}`, () => assert.equal(parseHexText(text), null));
  }
});
