/** `deno run -A --config compat/deno.json compat/launcher/main.ts [port]`: exit code 0 when nothing is left behind. */
import { killAll } from "../processes.ts";
import { checkOrphans } from "./orphans.ts";

const dir = await Deno.makeTempDir({ prefix: "ottla-launcher-" });
try {
  await checkOrphans(Number(Deno.args[0] ?? 19092), `${dir}/data`, (line) => console.log(line));
} finally {
  await killAll();
  await Deno.remove(dir, { recursive: true });
}
