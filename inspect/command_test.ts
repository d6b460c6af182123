import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { denoCompression } from "../platform/deno/mod.ts";
import { DiskError, MemoryDisk } from "../platform/mod.ts";
import { buildBatch } from "../protocol/records/mod.ts";
import { runInspect } from "./command.ts";

const SEGMENT = "00000000000000000100";
const encoder = new TextEncoder();

/** Runs the command beside these files. */
function inspect(
  args: readonly string[],
  files: Readonly<Record<string, Uint8Array | string>> = {},
): { code: number; out: string; err: string } {
  const disk = new MemoryDisk();
  for (const [path, content] of Object.entries(files)) {
    disk.makeDirectory(path.slice(0, path.lastIndexOf("/")));
    const file = disk.open(path, { create: true });
    file.append(typeof content === "string" ? encoder.encode(content) : content);
    file.close();
  }
  let out = "";
  let err = "";
  const print = (text: string, to?: "stdout" | "stderr"): void => void (to === "stderr" ? err += text : out += text);
  const code = runInspect({ process: { args, print }, disk, codecs: denoCompression });
  return { code, out, err };
}

function batch(baseOffset: number, ...values: readonly string[]): Uint8Array {
  return buildBatch(values.map((value) => ({ timestamp: 1_700_000_000_000, key: null, value: encoder.encode(value) })), { baseOffset });
}

const concat = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

/** Names, offsets and lengths of the parts of what was inspected. */
const partsOf = ({ out }: { out: string }): [string, number, number][] =>
  JSON.parse(out).children.map(({ name, offset, length }: { name: string; offset: number; length: number }) => [name, offset, length]);

describe("arguments", () => {
  for (
    const [args, sentence] of [
      ["", "nothing to inspect"],
      ["nowhere.log", "nowhere.log is no file, and no bytes in hexadecimal"],
      ["00 --loud", "there is no option --loud"],
      ["00 --max", "--max needs a value: --max BATCHES"],
      ["00 --from -1", "--from -1: it must be a whole number"],
      ["00 --response-of Fetch", "it must be an API and a version, such as Fetch:12"],
      ["00 --response-of Fitch:1", "there is no API Fitch"],
      ["00 --response-of Fetch:1", "Fetch has the versions 4 to"],
    ] as const
  ) {
    test(`${args || "none"}: one sentence and exit code 1`, () => {
      const { code, out, err } = inspect(args.split(" ").filter((arg) => arg !== ""));
      assert.deepEqual([code, out], [1, ""]);
      assert.ok(err.startsWith("ottla inspect: ") && err.includes(sentence) && err.trimEnd().split("\n").length === 1, err);
    });
  }

  test("a directory", () => {
    assert.deepEqual(inspect(["data"], { "data/x": "" }), {
      code: 1,
      out: "",
      err: "ottla inspect: data is no file\n",
    });
  });

  test("--help names every option", () => {
    const { code, out } = inspect(["--help"]);
    assert.equal(code, 0);
    for (const option of ["--response-of", "--text", "--full", "--from", "--max", "--topic"]) assert.ok(out.includes(option), option);
  });
});

describe("frames", () => {
  const request = "0012 0000 00000001 0004 73686f70";

  test("as arguments, as a dump in a file, as bytes in a file", () => {
    const bytes = Uint8Array.fromHex(request.replaceAll(" ", ""));
    const expected = JSON.parse(inspect(request.split(" ")).out).children;
    assert.equal(expected[0].type, "ApiVersions v0");
    assert.deepEqual(JSON.parse(inspect(["f/frame"], { "f/frame": bytes }).out).children, expected);
    assert.deepEqual(JSON.parse(inspect(["f/frame.hex"], { "f/frame.hex": `# a request\n${request}\n` }).out).children, expected);
  });

  test("longer than the name of a file may be", () => {
    const disk = { open: (path: string) => assert.fail(new DiskError("EOTHER", "open", path)) };
    assert.equal(runInspect({ process: { args: [request], print: () => {} }, disk, codecs: denoCompression }), 0);
  });

  test("a response", () => {
    const { code, out } = inspect(["--response-of", "heartbeat:v0", "00000007", "001b"]);
    assert.equal(code, 0);
    assert.match(out, /"name": "errorCode", "type": "int16", "offset": 4, "length": 2, "value": 27, "note": "REBALANCE_IN_PROGRESS"/);
  });

  test("a bad byte: as much as was read, the field, the byte, a mark below it, exit code 1", () => {
    const { code, out, err } = inspect(["000c 0000 00000001 ffff 0003 6162"]);
    assert.equal(code, 1);
    assert.equal(JSON.parse(out).children[0].children[1].children[0].problem.offset, 12);
    assert.equal(
      err,
      "ottla inspect: request.body.groupId, byte 12: 3 bytes needed where 2 are left\n" +
        "    00000000  00 0c 00 00 00 00 00 01 ff ff 00 03 61 62\n" +
        "                                                  ^^\n",
    );
  });

  test("--text: a line a field, the problem where it is", () => {
    const { out, err } = inspect(["--text", "000c 0000 00000001 ffff 0003 6162"]);
    assert.equal(out.split("\n").at(-4)?.trim(), "!! byte 12: 3 bytes needed where 2 are left");
    assert.ok(out.includes("\n       4      4      correlationId: 1\n"), out);
    assert.equal(err.split("\n").length, 2);
  });

  test("long values are cut, unless --full", () => {
    const name = "n".repeat(300);
    const args = [`000c 0000 00000001 012c ${encoder.encode(name).toHex()} 0000 00000000 0000`];
    assert.match(inspect(args).out, /"value": "n{256}", "shown": "256 of 300 characters"/);
    assert.match(inspect([...args, "--full"]).out, new RegExp(`"value": "${name}"`));
  });

  test("no character of a client moves the terminal's cursor", () => {
    const { out } = inspect(["--text", `0012 0000 00000001 0007 ${encoder.encode("\u001b[2J\u202e").toHex()}`]);
    assert.ok(out.includes('clientId: "\\u001b[2J\\u202e"'), out);
  });
});

describe("segments", () => {
  const path = `data/orders-0/${SEGMENT}.log`;
  const batches = [batch(100, "a", "b"), batch(102, "c"), batch(103, "d", "e")];
  const [first, second, third] = batches.map((one) => one.length);

  test("all batches, some of them, and from an offset on", () => {
    const files = { [path]: concat(...batches) };
    const all = [["[0]", 0, first], ["[1]", first, second], ["[2]", first + second, third]];
    assert.deepEqual(partsOf(inspect([path], files)), all);
    assert.deepEqual(partsOf(inspect([path, "--max", "1"], files)), all.slice(0, 1));
    assert.deepEqual(partsOf(inspect([path, "--from=102", "--max=1"], files)), all.slice(1, 2));
    assert.deepEqual(partsOf(inspect([path, "--from", "104"], files)), all.slice(2));
    assert.deepEqual(partsOf(inspect([path, "--from", "105"], files)), []);
  });

  test("a torn end: what is there is read, the rest is told of", () => {
    for (
      const [cut, message] of [[3, `a batch of ${third} bytes, of which ${third - 3} are there`], [
        third - 10,
        "10 bytes, too few for a batch",
      ]] as const
    ) {
      const bytes = concat(...batches);
      const result = inspect([path], { [path]: bytes.subarray(0, bytes.length - cut) });
      assert.equal(result.code, 1);
      assert.deepEqual(partsOf(result).at(-1), ["damage", first + second, third - cut]);
      assert.ok(result.err.includes(`damage, byte ${first + second}: ${message}\n`), result.err);
    }
  });

  test("a flipped bit: the CRC is a problem, and the batches behind it are read", () => {
    const bytes = concat(...batches);
    bytes[first - 2] ^= 1;
    const result = inspect([path], { [path]: bytes });
    assert.deepEqual([result.code, partsOf(result).length], [1, 3]);
    assert.match(result.err, /^ottla inspect: \[0\]\.crc, byte 17: the CRC-32C of the batch is another\n/);
  });

  test("of an internal topic, as the directory or --topic tells", () => {
    const bytes = buildBatch([{ timestamp: 1, key: Uint8Array.of(0, 2, 0, 1, 0x67), value: null }]);
    for (const [args, file] of [[[], `data/__consumer_offsets-7/${SEGMENT}.log`], [["--topic", "__consumer_offsets"], path]] as const) {
      assert.match(inspect([file, ...args], { [file]: bytes }).out, /"note": "GroupMetadataKey"/);
    }
    assert.doesNotMatch(inspect([path], { [path]: bytes }).out, /GroupMetadataKey/);
  });
});

describe("other files", () => {
  test("an index that ends inside an entry", () => {
    const path = `data/orders-0/${SEGMENT}.index`;
    const { code, out, err } = inspect([path], { [path]: Uint8Array.of(0, 0, 0, 5, 0, 0, 1, 0, 0, 0) });
    assert.equal(code, 1);
    assert.match(out, /"relativeOffset", "type": "int32", "offset": 0, "length": 4, "value": 5, "note": "offset 105"/);
    assert.match(err, /\[1\]\.relativeOffset, byte 8: 4 bytes needed where 2 are left/);
  });

  test("an index of more entries than are read at a time", () => {
    const path = `data/orders-0/${SEGMENT}.index`;
    assert.deepEqual(partsOf(inspect([path], { [path]: new Uint8Array(8 * 5000) })).at(-1), ["[4999]", 8 * 4999, 8]);
  });

  test("aborted transactions", () => {
    const path = `data/orders-0/${SEGMENT}.txnindex`;
    const bytes = Uint8Array.fromHex("0000" + "0000000000000009" + "0000000000000064" + "0000000000000066" + "0000000000000064");
    const [entry] = JSON.parse(inspect([path], { [path]: bytes }).out).children;
    assert.deepEqual(entry.children.map(({ value }: { value: number }) => value), [0, 9, 100, 102, 100]);
  });

  test("a snapshot of producers, whole and damaged", () => {
    const path = `data/orders-0/${SEGMENT}.snapshot`;
    const bytes = new Uint8Array(10);
    bytes[1] = 1;
    const { code, err } = inspect([path], { [path]: bytes });
    assert.equal(code, 1);
    assert.match(err, /header\.crc, byte 2: the CRC-32C of what follows is another/);
    bytes[9] = 2;
    assert.match(inspect([path], { [path]: bytes }).err, /2 producers, of which 0 are there/);
  });

  test("a checkpoint, whole and damaged", () => {
    const path = "data/orders-0/leader-epoch-checkpoint";
    const whole = inspect([path], { [path]: "0\n2\n0 0\n3 17\n" });
    assert.equal(whole.code, 0);
    assert.match(whole.out, /"name": "startOffset", "type": "number", "offset": 10, "length": 2, "value": 17 /);
    assert.match(inspect([path], { [path]: "0\n3\n0 0\n3 17\n" }).err, /count, byte 2: 3 entries, of which 2 are there/);
    assert.match(inspect([path], { [path]: "0\n1\n0 zero\n" }).err, /\[0\], byte 4: an entry is epoch, startOffset/);
  });

  test("where a log starts, whole and damaged", () => {
    const path = "data/orders-0/log-start-offset";
    const whole = inspect([path], { [path]: "7 b6547e0b\n" });
    assert.equal(whole.code, 0);
    const [offset, crc] = JSON.parse(whole.out).children;
    assert.deepEqual([offset.value, crc.value, crc.offset], [7, "b6547e0b", 2]);
    assert.match(inspect([path], { [path]: "8 b6547e0b\n" }).err, /crc, byte 2: the CRC-32C of the offset is another/);
    assert.equal(inspect([path], { [path]: "7" }).code, 1);
  });

  test("properties", () => {
    const path = "data/meta.properties";
    const { code, out } = inspect([path], { [path]: "#written long ago\nversion=1\ncluster.id=abc\n" });
    assert.equal(code, 0);
    assert.match(out, /"name": "cluster\.id", "type": "text", "offset": 28, "length": 14, "value": "abc" /);
  });
});
