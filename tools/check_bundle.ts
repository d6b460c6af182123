/**
 * Bundles `protocol/` for a browser and looks for what no browser has; the entry point of one API must bring that API alone.
 *
 *     deno run -A tools/check_bundle.ts
 *
 * @module
 */
const doors = [
  "protocol/mod.ts",
  "protocol/generated/mod.ts",
  "protocol/records/mod.ts",
  "protocol/inspect/mod.ts",
  "protocol/generated/12_heartbeat.ts",
];
const ofAnotherApi = /\breadFetchRequest\b/;

const problems: string[] = [];
const directory = Deno.makeTempDirSync();
for (const door of doors) {
  const bundle = `${directory}/bundle.js`;
  const args = ["bundle", "--quiet", "--platform", "browser", "--output", bundle, door];
  const { success, stderr } = new Deno.Command(Deno.execPath(), { args }).outputSync();
  if (!success) {
    problems.push(`${door} does not bundle: ${new TextDecoder().decode(stderr)}`);
    continue;
  }
  const code = Deno.readTextFileSync(bundle);
  const [outside] = /\bDeno\.\w+|"node:\w+"|\bBuffer\.\w+|\bprocess\.\w+/.exec(code) ?? [];
  if (outside !== undefined) problems.push(`${door} brings ${outside} along`);
  if (door.includes("heartbeat") && ofAnotherApi.test(code)) problems.push(`${door} brings another API along`);
}
Deno.removeSync(directory, { recursive: true });

for (const problem of problems) console.error(problem);
if (problems.length > 0) Deno.exit(1);
