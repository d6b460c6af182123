import { isTest } from "./ambient.ts";
import { layers } from "./layers.ts";
import { sourceFiles } from "./source_files.ts";

/** The documents that speak of the repository's files. */
const documents: readonly string[] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];
/** The document with the map of the files and the table of folders. */
const MAP = "ARCHITECTURE.md";
/** What users have and a clone has not. */
const absent: readonly string[] = ["ottla-data/", ".tmp/", "server.properties"];

/** The paths that `text` names between backquotes: a file with its folder, or a folder with a slash at its end.
 * A `.ts` without a folder is a name that many have. `*` stands for any part of a name. */
export function namedPaths(text: string): string[] {
  const spans = [...text.replace(/^```[^]*?^```$/gm, "").matchAll(/`([^`\s]+)`/g)].map((match) => match[1]);
  return spans.filter((span) =>
    /^[\w.*-]+(\/[\w.*-]+)*(\/|\.(ts|json|md|java|hex))$/.test(span) && !/^[^/]+\.ts$/.test(span) && !absent.includes(span)
  );
}

/** Each path in `documents` (text by name) that none of `files` has or lies below, and each source folder that the map does not name. */
export function docViolations(documents: ReadonlyMap<string, string>, files: readonly string[]): string[] {
  const found: string[] = [];
  for (const [name, text] of documents) {
    for (const path of namedPaths(text)) {
      if (!files.some((file) => matches(path, file))) found.push(`${name} names ${path}, which is not there`);
    }
  }
  const map = namedPaths(documents.get(MAP) ?? "");
  const sources = files.filter((file) => file.endsWith(".ts") && file.includes("/") && !isTest(file));
  for (const folder of new Set(sources.map((file) => file.slice(0, file.lastIndexOf("/") + 1)))) {
    if (!map.includes(folder)) found.push(`${MAP} does not name ${folder}`);
  }
  return found;
}

/** Rows `| folder/ | … | may import |` of the map that differ from `layers`. */
export function layerRowViolations(map: string, layers: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(layers).flatMap(([folder, imports]) => {
    const row = map.match(new RegExp(`^\\| \`${folder}/\` \\|.*\\| ([^|]*) \\|$`, "m"));
    const told = imports.length === 0 ? "–" : imports.join(", ");
    return row?.[1] === told ? [] : [`${MAP}: the row of ${folder}/ must end with "${told}"`];
  });
}

function matches(path: string, file: string): boolean {
  const pattern = path.replace(/[.]/g, "\\.").replace(/\*/g, "[^/]*");
  return new RegExp(path.endsWith("/") ? `^${pattern}` : `^${pattern}$`).test(file);
}

if (import.meta.main) {
  const { stdout } = await new Deno.Command("git", { args: ["ls-files", "-co", "--exclude-standard"], stderr: "inherit" }).output();
  const files = [...new Set([...new TextDecoder().decode(stdout).split("\n"), ...sourceFiles()])];
  const texts = new Map(documents.map((path) => [path, Deno.readTextFileSync(path)]));
  const found = [...docViolations(texts, files), ...layerRowViolations(texts.get(MAP)!, layers)];
  for (const line of found) console.error(line);
  if (found.length > 0) Deno.exit(1);
}
