/** Programs that the Go toolchain builds, each from a folder of its name: the driver of franz-go, and kfake. */

import { CACHE, HERE, MissingTool, once, succeeds } from "./prepare.ts";
import { run } from "./processes.ts";

const PROGRAMS = { go: `${CACHE}/franz-go-driver`, kfake: `${CACHE}/kfake` };
const built = new Map<string, Promise<string>>();

/** Fetches the modules and builds the program, if that has not been done for the present sources; answers the program. */
export function goProgram(folder: keyof typeof PROGRAMS): Promise<string> {
  const program = built.get(folder) ?? build(folder);
  built.set(folder, program);
  return program;
}

async function build(folder: keyof typeof PROGRAMS): Promise<string> {
  const sources = `${HERE}${folder}`;
  const files = [...Deno.readDirSync(sources)].map(({ name }) => `${sources}/${name}`).sort();
  await once(`${CACHE}/${folder}.stamp`, files.map((path) => Deno.readTextFileSync(path)).join("\n"), async () => {
    if (!await succeeds("sh", "-c", "go version | grep -qE 'go1[.](2[1-9]|[3-9][0-9])'")) {
      throw new MissingTool("This needs `go` 1.21 or later, which fetches the version that go.mod names.");
    }
    console.error(`building compat/${folder} …`);
    await run("go", ["build", "-mod=readonly", "-o", PROGRAMS[folder], "."], { cwd: sources });
  });
  return PROGRAMS[folder];
}
