/** Apache Kafka's jars, our Java sources compiled against them, and JVMs that run them. */

import { CACHE, HERE, MissingTool, once, removeIfThere, succeeds } from "./prepare.ts";
import { Child, run, type SpawnOptions } from "./processes.ts";

/** Java programs of ours and the jars that they need. */
export interface JavaProject {
  /** Where its pom.xml is, which names the jars. */
  readonly folder: string;
  /** Folders of its sources. */
  readonly sources: readonly string[];
  /** Where the jars and the compiled classes are kept, in `libs` and `classes`. */
  readonly cache: string;
}

const clients: JavaProject = { folder: HERE, sources: [`${HERE}java`, `${HERE}../bench/java`], cache: CACHE };

/** Prepares the Java programs that are clients. */
export async function prepareJava(): Promise<void> {
  await prepareProject(clients);
}

/** Fetches the jars and compiles the sources, each only if that has not been done for the present pom and sources. */
export async function prepareProject({ folder, sources, cache }: JavaProject): Promise<void> {
  const libs = `${cache}/libs`;
  const classes = `${cache}/classes`;
  await requireTool("java", "-version");
  await once(`${cache}/libs.stamp`, await Deno.readTextFile(`${folder}pom.xml`), async () => {
    await requireTool("mvn", "-version");
    console.error("fetching Apache Kafka's jars …");
    await removeIfThere(libs);
    await run("mvn", ["-B", "-q", "dependency:copy-dependencies", `-DoutputDirectory=${libs}`, "-DincludeScope=runtime"], { cwd: folder });
  });
  const files = sources.flatMap((folder) => [...Deno.readDirSync(folder)].map((entry) => `${folder}/${entry.name}`)).sort();
  const text = files.map((path) => Deno.readTextFileSync(path)).join("\n");
  await once(`${cache}/classes.stamp`, text, async () => {
    await requireTool("javac", "-version");
    await removeIfThere(classes);
    await run("javac", ["-nowarn", "-cp", `${libs}/*`, "-d", classes, ...files]);
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
    `${CACHE}/classes:${CACHE}/libs/*`,
    mainClass,
    ...args,
  ];
}

async function requireTool(tool: string, versionFlag: string): Promise<void> {
  if (await succeeds(tool, versionFlag)) return;
  throw new MissingTool(`This needs \`${tool}\` (Java 17 with javac, and Maven), which is not on the PATH.`);
}
