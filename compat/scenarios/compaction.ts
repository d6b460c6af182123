import assert from "node:assert/strict";
import { compareCompactions } from "../compaction/compare.ts";
import { complaints, dump, dumpRecords, unlistedEntries } from "../dump_log.ts";
import type { Context, Scenario } from "../scenario.ts";
import { JavaTools } from "../tools.ts";

const RUNS = 100;
/** So many logs are shown to DumpLogSegments. */
const DUMPED = 20;

/** The same logs compacted by Ottla and by the cleaner in Kafka's jars; no broker takes part. */
export const compactionIsKafkas: Scenario = {
  name: "compaction leaves the records that Kafka's cleaner leaves",
  onlyOttla: true,
  async run({ runs = RUNS, seed, temp }: Context): Promise<void> {
    const { records, kept, differences, ours } = await compareCompactions(seed, runs, temp);
    assert.deepEqual(differences, []);
    assert.ok(kept > 0 && kept < records / 2, `${kept} of ${records} records are left`);
    const tools = new JavaTools();
    try {
      for (const directory of ours.slice(0, DUMPED)) await checkFiles(tools, directory);
    } finally {
      await tools.close();
    }
    console.log(`     seeds from ${seed} on: ${runs} logs, of ${records} records ${kept} are left, the same on both sides`);
  },
};

async function checkFiles(tools: JavaTools, directory: string): Promise<void> {
  const files = [...Deno.readDirSync(directory)].map(({ name }) => `${directory}/${name}`).sort();
  const [logs, indexes, transactions] = [/\.log$/, /\.(time)?index$/, /\.txnindex$/].map((kind) => files.filter((file) => kind.test(file)));
  assert.deepEqual(complaints(await dumpRecords(tools, logs), logs), []);
  const listed = await dump(tools, indexes);
  assert.deepEqual([...complaints(listed, indexes), ...unlistedEntries(listed, indexes)], []);
  assert.deepEqual(complaints(await dump(tools, indexes, "--index-sanity-check"), indexes), []);
  if (transactions.length > 0) assert.deepEqual(complaints(await dump(tools, transactions), transactions), []);
}
