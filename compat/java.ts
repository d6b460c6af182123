/** Apache Kafka's jars, our Java sources compiled against them, and JVMs that run them. */

import { CACHE, HERE, MissingTool, once, removeIfThere, succeeds } from "./prepare.ts";
import { Child, run, type SpawnOptions } from "./processes.ts";

const LIBS = `${CACHE}/libs`;
const CLASSES = `${CACHE}/classes`;

/** Where our Java programs stand. */
const SOURCES = [`${HERE}java`, `${HERE}../bench/java`];

/** Fetches the jars and compiles our Java programs, each only if that has not been done for the present pom and sources. */
export async function prepareJava(): Promise<void> {
  await requireTool("java", "-version");
  await once(`${CACHE}/libs.stamp`, await Deno.readTextFile(`${HERE}pom.xml`), async () => {
    await requireTool("mvn", "-version");
    console.error("fetching Apache Kafka's jars …");
    await removeIfThere(LIBS);
    await run("mvn", ["-B", "-q", "dependency:copy-dependencies", `-DoutputDirectory=${LIBS}`, "-DincludeScope=runtime"], { cwd: HERE });
  });
  const sources = SOURCES.flatMap((folder) => [...Deno.readDirSync(folder)].map((entry) => `${folder}/${entry.name}`)).sort();
  const text = sources.map((path) => Deno.readTextFileSync(path)).join("\n");
  await once(`${CACHE}/classes.stamp`, text, async () => {
    await requireTool("javac", "-version");
    await removeIfThere(CLASSES);
    await run("javac", ["-nowarn", "-cp", `${LIBS}/*`, "-d", CLASSES, ...sources]);
  });
}

/** Starts a JVM on `mainClass` with Kafka's jars and our classes on its class path. */
export function java(mainClass: string, args: readonly string[], options: SpawnOptions & { heap?: string; small?: boolean } = {}): Child {
  return new Child("java", javaArguments(mainClass, args, options.heap, options.small), options);
}

/** The same, run to its end; answers its standard output. */
export function runJava(mainClass: string, args: readonly string[], input?: string): Promise<string> {
  return run("java", javaArguments(mainClass, args), { input });
}

/** @param small for many JVMs at a time that do little: one thread collects and compiles, and compiles once */
function javaArguments(mainClass: string, args: readonly string[], heap = "256m", small = false): string[] {
  return [
    `-Xmx${heap}`,
    "-Xshare:auto",
    ...(small ? ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"] : []),
    "-cp",
    `${CLASSES}:${LIBS}/*`,
    mainClass,
    ...args,
  ];
}

async function requireTool(tool: string, versionFlag: string): Promise<void> {
  if (await succeeds(tool, versionFlag)) return;
  throw new MissingTool(`This needs \`${tool}\` (Java 17 with javac, and Maven), which is not on the PATH.`);
}
