import assert from "node:assert/strict";
import { test } from "node:test";
import { denoCompression, denoPlatform } from "../platform/deno/mod.ts";
import { runInspect } from "./command.ts";

const PROMPT = "$ deno task inspect ";
const { disk } = denoPlatform();

function read(path: string): string {
  const file = disk.open(path, { readOnly: true });
  const bytes = new Uint8Array(file.size);
  file.read(bytes, 0);
  file.close();
  return new TextDecoder().decode(bytes);
}

test("the examples in docs/inspect.md print what stands there", () => {
  const blocks = [...read("docs/inspect.md").matchAll(/```console\n([^]*?)```/g)].map(([, block]) => block);
  assert.ok(blocks.length > 5);
  for (const block of blocks) {
    const end = block.indexOf("\n");
    let said = "";
    const process = { args: block.slice(PROMPT.length, end).split(" "), print: (text: string) => void (said += text) };
    runInspect({ process, disk, codecs: denoCompression });
    assert.equal(said, block.slice(end + 1), block.slice(0, end));
  }
});
