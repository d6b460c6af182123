import assert from "node:assert/strict";
import { runJava } from "../java.ts";
import { residentBytes } from "../procfs.ts";
import type { Context, Scenario } from "../scenario.ts";

const RECORDS = 2 * 1024 * 1024;
const RECORD_BYTES = 1024;
const MAX_RESIDENT_BYTES = 250 * 1000 * 1000;

export const twoGibibytesFitInLittleMemory: Scenario = {
  name: "2 GiB produced: little memory, and a consumer reads from offset 0 after a restart",
  onlyOttla: true,
  ownBroker: true,
  long: true,
  async run({ target, kafkajs }: Context): Promise<void> {
    await kafkajs.createTopic("large", 1);
    await runJava("org.apache.kafka.tools.ProducerPerformance", [
      ...["--topic", "large", "--num-records", String(RECORDS), "--record-size", String(RECORD_BYTES), "--throughput", "-1"],
      ...["--bootstrap-server", target.bootstrap, "--command-property", "acks=all", "batch.size=131072"],
    ]);
    const after = residentBytes(target.pid);
    await target.stop();
    await target.start();
    const output = await runJava("org.apache.kafka.tools.ConsumerPerformance", [
      ...[
        "--bootstrap-server",
        target.bootstrap,
        "--topic",
        "large",
        "--num-records",
        String(RECORDS),
        "--hide-header",
        "--timeout",
        "60000",
      ],
    ]);
    assert.equal(Number(output.split("\n").at(-1)?.split(", ")[4]), RECORDS, `records read: ${output}`);
    const afterReading = residentBytes(target.pid);
    console.log(`     resident: ${Math.round(after / 1e6)} MB after producing, ${Math.round(afterReading / 1e6)} MB after reading`);
    assert.ok(Math.max(after, afterReading) < MAX_RESIDENT_BYTES, `resident memory ${after} and ${afterReading} bytes`);
  },
};
