import { OttlaTarget } from "../ottla.ts";
import type { Context, Scenario } from "../scenario.ts";
import { connectWire, createTopic, endOffsets } from "../wire.ts";

export const startsBehindLinks: Scenario = {
  name: "a data directory behind symbolic links, there or not yet",
  onlyOttla: true,
  ownBroker: true,
  async run({ temp }: Context): Promise<void> {
    const real = `${temp}/real`;
    for (const [name, isThere] of [["there", true], ["absent", false]] as const) {
      await Deno.mkdir(isThere ? `${real}/${name}/ottla-data` : `${real}/${name}`, { recursive: true });
      await Deno.symlink(`${real}/${name}`, `${temp}/${name}`);
      await startTwice(`${temp}/${name}`);
    }
    // The directory itself is the link, too.
    await Deno.mkdir(`${temp}/outside`);
    await Deno.symlink(`${real}/there/ottla-data`, `${temp}/outside/ottla-data`);
    await startTwice(`${temp}/outside`);
  },
};

async function startTwice(dir: string): Promise<void> {
  for (const topic of ["first", "second"]) {
    const broker = new OttlaTarget(dir);
    await broker.start();
    const client = await connectWire(broker.bootstrap);
    await createTopic(client, `${topic}-${dir.split("/").at(-1)}`, 1);
    await endOffsets(client, `${topic}-${dir.split("/").at(-1)}`, 1);
    client.close();
    await broker.stop();
  }
}
