/** The driver of franz-go, built by the Go toolchain from `go/`. */

import { CACHE, HERE, MissingTool, once, succeeds } from "./prepare.ts";
import { run } from "./processes.ts";

const SOURCES = `${HERE}go`;
const PROGRAM = `${CACHE}/franz-go-driver`;

let driver: Promise<string> | undefined;

/** Fetches franz-go's modules and builds the driver, if that has not been done for the present sources; answers the program. */
export function goDriver(): Promise<string> {
  return driver ??= buildDriver();
}

async function buildDriver(): Promise<string> {
  const files = [...Deno.readDirSync(SOURCES)].map(({ name }) => `${SOURCES}/${name}`).sort();
  await once(`${CACHE}/go.stamp`, files.map((path) => Deno.readTextFileSync(path)).join("\n"), async () => {
    if (!await succeeds("sh", "-c", "go version | grep -qE 'go1[.](2[1-9]|[3-9][0-9])'")) {
      throw new MissingTool("This needs `go` 1.21 or later, which fetches the version that go.mod names.");
    }
    console.error("building franz-go's driver …");
    await run("go", ["build", "-mod=readonly", "-o", PROGRAM, "."], { cwd: SOURCES });
  });
  return PROGRAM;
}
