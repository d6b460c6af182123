/** A Python with librdkafka's client and kafka-python, in an environment of its own. */

import { CACHE, HERE, MissingTool, once, removeIfThere, succeeds } from "./prepare.ts";
import { run } from "./processes.ts";

const ENVIRONMENT = `${CACHE}/python`;
const INTERPRETER = `${ENVIRONMENT}/bin/python`;

/** Makes the environment and installs `requirements.txt` into it, if that has not been done for the present list; answers its interpreter. */
export async function preparePython(): Promise<string> {
  const requirements = `${HERE}requirements.txt`;
  await once(`${CACHE}/python.stamp`, await Deno.readTextFile(requirements), async () => {
    if (!await succeeds("python3", "-c", "import ensurepip, venv")) {
      throw new MissingTool("This needs `python3` with its `venv` module (Debian: python3-venv), which is not there.");
    }
    console.error("fetching librdkafka and kafka-python for Python …");
    await removeIfThere(ENVIRONMENT);
    await run("python3", ["-m", "venv", ENVIRONMENT]);
    const quietly = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:"];
    await run(INTERPRETER, ["-m", "pip", "install", ...quietly, "--requirement", requirements]);
  });
  return INTERPRETER;
}
