/** What belongs to no part of the product and is never looked into. */
const skipped: ReadonlySet<string> = new Set([".git", ".tmp", "node_modules", "ottla-data"]);

/** Every TypeScript file of the repository whose root is the working directory, as a path relative to it, sorted. */
export function sourceFiles(folder = ""): string[] {
  const paths: string[] = [];
  for (const entry of Deno.readDirSync(folder === "" ? "." : folder)) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory && !skipped.has(entry.name)) paths.push(...sourceFiles(path));
    else if (entry.isFile && entry.name.endsWith(".ts")) paths.push(path);
  }
  return paths.sort();
}
