/**
 * The quick check before a commit: everything but the tests. All steps run at once; each that fails shows what it said.
 *
 *     deno task ok
 *
 * @module
 */
const steps: Readonly<Record<string, readonly string[]>> = {
  format: ["fmt", "--check"],
  lint: ["lint"],
  "types, lock": ["check", "--frozen", "."],
  layers: ["run", "-A", "tools/check_layers.ts"],
  exports: ["run", "-A", "tools/check_exports.ts"],
  pin: ["run", "-A", "tools/check_pin.ts"],
  "lock's addresses": ["run", "-A", "tools/check_lock.ts"],
  documents: ["run", "-A", "tools/check_docs.ts"],
  compatibility: ["run", "-A", "tools/compatibility.ts", "--check"],
  "metrics' table": ["run", "-A", "tools/metrics.ts", "--check"],
  "generated code": ["run", "-A", "protocol/generate/main.ts", "--check"],
  "bundle for a browser": ["run", "-A", "tools/check_bundle.ts"],
  ...Object.fromEntries(["compat", "bench"].flatMap((folder) => suiteOutside(folder))),
};

const results = await Promise.all(
  Object.entries(steps).map(async ([name, args]) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...args] }).output();
    return { name, code, said: [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("") };
  }),
);

for (const { name, code, said } of results) console.log(code === 0 ? `ok      ${name}` : `FAILED  ${name}\n${said}`);
if (results.some(({ code }) => code !== 0)) Deno.exit(1);

/** Suites with a configuration of their own: the root's steps do not see them. Their types are checked when they run, since that downloads. */
function suiteOutside(folder: string): [name: string, args: string[]][] {
  const config = `${folder}/deno.json`;
  return [
    [`format of ${folder}`, ["fmt", "--check", "--config", config, folder]],
    [`lint of ${folder}`, ["lint", "--config", config, folder]],
  ];
}
