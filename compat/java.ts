/** Apache Kafka's jars, our Java sources compiled against them, and JVMs that run them. */

import { Child, run, type SpawnOptions } from "./processes.ts";

const HERE = new URL(".", import.meta.url).pathname;
const CACHE = `${HERE}.cache`;
const LIBS = `${CACHE}/libs`;
const CLASSES = `${CACHE}/classes`;

/** A machine without what the suite needs: told to the user as one sentence. */
export class MissingTool extends Error {}

/** Fetches the jars and compiles `java/`, each only if that has not been done for the present pom and sources. */
export async function prepareJava(): Promise<void> {
  await requireTool("java", "-version");
  await once(`${CACHE}/libs.stamp`, await Deno.readTextFile(`${HERE}pom.xml`), async () => {
    await requireTool("mvn", "-version");
    console.error("fetching Apache Kafka's jars …");
    await removeIfThere(LIBS);
    await run("mvn", ["-B", "-q", "dependency:copy-dependencies", `-DoutputDirectory=${LIBS}`, "-DincludeScope=runtime"], { cwd: HERE });
  });
  const sources = [...Deno.readDirSync(`${HERE}java`)].map((entry) => `${HERE}java/${entry.name}`).sort();
  const text = sources.map((path) => Deno.readTextFileSync(path)).join("\n");
  await once(`${CACHE}/classes.stamp`, text, async () => {
    await requireTool("javac", "-version");
    await removeIfThere(CLASSES);
    await run("javac", ["-nowarn", "-cp", `${LIBS}/*`, "-d", CLASSES, ...sources]);
  });
}

/** Starts a JVM on `mainClass` with Kafka's jars and our classes on its class path. */
export function java(mainClass: string, args: readonly string[], options: SpawnOptions & { heap?: string } = {}): Child {
  return new Child("java", javaArguments(mainClass, args, options.heap), options);
}

/** The same, run to its end; answers its standard output. */
export function runJava(mainClass: string, args: readonly string[], input?: string): Promise<string> {
  return run("java", javaArguments(mainClass, args), { input });
}

function javaArguments(mainClass: string, args: readonly string[], heap = "256m"): string[] {
  return [`-Xmx${heap}`, "-Xshare:auto", "-cp", `${CLASSES}:${LIBS}/*`, mainClass, ...args];
}

async function requireTool(tool: string, versionFlag: string): Promise<void> {
  try {
    await new Deno.Command(tool, { args: [versionFlag], stdout: "null", stderr: "null" }).output();
  } catch (cause) {
    throw new MissingTool(`This needs \`${tool}\` (Java 17 with javac, and Maven), which is not on the PATH.`, { cause });
  }
}

/** Runs `work` unless the stamp file already holds `content`. */
async function once(stamp: string, content: string, work: () => Promise<void>): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(content))).toHex();
  try {
    if (await Deno.readTextFile(stamp) === digest) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await work();
  await Deno.mkdir(CACHE, { recursive: true });
  await Deno.writeTextFile(stamp, digest);
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
