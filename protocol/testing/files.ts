import { denoPlatform } from "../../platform/deno/mod.ts";

/** Reading files below `protocol/` in tests. Paths are relative to it. */

const root = new URL("../", import.meta.url).pathname;
const { disk } = denoPlatform();

export function listFiles(folder: string): string[] {
  return disk.list(root + folder);
}

export function readText(path: string): string {
  const file = disk.open(root + path, { readOnly: true });
  try {
    const bytes = new Uint8Array(file.size);
    file.read(bytes, 0);
    return new TextDecoder().decode(bytes);
  } finally {
    file.close();
  }
}
