/** Places that name the version of Deno. It stands in `.deno-version`; these must agree with it. */
const places: readonly string[] = ["README.md", "CONTRIBUTING.md", ".ci/run", "deno.json", "compat/deno.json", "bench/deno.json"];

/** Every `deno@x.y.z` in `texts` (by path) that is not `pin`, and each place in `required` that names none. */
export function pinViolations(pin: string, texts: ReadonlyMap<string, string>, required: readonly string[]): string[] {
  const found: string[] = [];
  for (const [path, text] of texts) {
    const named = [...text.matchAll(/\bdeno@(\d[\w.-]*[\w])/g)].map((match) => match[1]);
    for (const version of named) if (version !== pin) found.push(`${path} names deno@${version}, not ${pin}`);
    if (required.includes(path) && named.length === 0) found.push(`${path} does not name deno@${pin}`);
  }
  return found;
}

if (import.meta.main) {
  const pin = Deno.readTextFileSync(".deno-version").trim();
  const texts = new Map<string, string>();
  for (const path of places) {
    try {
      texts.set(path, Deno.readTextFileSync(path));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  const found = pinViolations(pin, texts, ["README.md"]);
  if (!texts.get(".ci/run")?.includes(".deno-version")) found.push(".ci/run does not read .deno-version");
  if (Deno.version.deno !== pin) found.push(`this is Deno ${Deno.version.deno}, not ${pin}`);
  for (const line of found) console.error(line);
  if (found.length > 0) Deno.exit(1);
}
