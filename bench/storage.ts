/**
 * `deno task bench storage [partitions] [append] [size] [loop] [power]`: what storage costs when there is much of it. Without names, all five; `power` needs Java and its jars, the others nothing.
 * Prints a table: what was measured, the goal, the figure, whether it is reached.
 */
import { inDirectory } from "./run.ts";
import type { Row } from "./storage_row.ts";

/** Each loads what it needs. */
const sections: Readonly<Record<string, () => Promise<(dir: string) => Promise<Row[]>>>> = {
  partitions: async () => (await import("./storage_partitions.ts")).partitions,
  append: async () => (await import("./storage_append.ts")).append,
  size: async () => (await import("./storage_size.ts")).size,
  loop: async () => (await import("./storage_loop.ts")).loop,
  power: async () => (await import("./storage_power.ts")).power,
};

/** Runs the sections of these names, all of them without any. Throws for a name that is none. */
export async function storage(names: readonly string[]): Promise<void> {
  const chosen = names.length === 0 ? Object.keys(sections) : names;
  const unknown = chosen.find((name) => !Object.hasOwn(sections, name));
  if (unknown !== undefined) throw new Error(`${unknown} is none of ${Object.keys(sections).join(", ")}`);
  const [load] = Deno.loadavg();
  console.log(
    `\`deno task bench storage ${names.join(" ")}\`, ${new Date().toISOString().slice(0, 10)}, load of the machine before: ${
      load.toFixed(1)
    }\n`,
  );
  console.log("| what | goal | figure | reached |\n|---|---|---|---|");
  for (const name of chosen) {
    const started = performance.now();
    await inDirectory(async (dir) => {
      const section = await sections[name]();
      for (const { what, goal, figure, reached } of await section(dir)) {
        console.log(`| ${what} | ${goal} | ${figure} | ${reached === null ? "" : reached ? "yes" : "NO"} |`);
      }
    });
    console.error(`${name} took ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
}
