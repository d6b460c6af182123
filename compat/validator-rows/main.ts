/**
 * Sends every row of `protocol/records/testdata/validator_rows.ts` to a live broker and prints what differs from the row, one JSON line each.
 *
 *     deno run -A compat/validator-rows/main.ts                        # starts Apache Kafka, and ends it
 *     deno run -A compat/validator-rows/main.ts --target host:port     # a broker that runs already
 */
import { denoCompression } from "../../platform/deno/mod.ts";
import { errorName } from "../../protocol/errors.ts";
import { describeStored } from "../../protocol/records/testdata/batches.ts";
import type { ValidatorRow } from "../../protocol/records/testdata/row.ts";
import { validatorRows } from "../../protocol/records/testdata/validator_rows.ts";
import { prepareJava } from "../java.ts";
import { KafkaTarget } from "../kafka.ts";
import { RemoteTarget } from "../target.ts";
import { Client } from "./client.ts";

interface Observed {
  readonly kafka: string;
  readonly recordErrors?: readonly number[];
  readonly stored?: string;
  readonly message: string | null;
}

const at = Deno.args.indexOf("--target");
const scratch = await Deno.makeTempDir();
if (at < 0) await prepareJava();
const target = at < 0 ? new KafkaTarget(scratch) : new RemoteTarget(Deno.args[at + 1]);
let different = 0;
try {
  await target.start();
  for (const [index, row] of validatorRows.entries()) {
    const { message, ...observed } = await observe(target.bootstrap, row, `rows-${Date.now()}-${index}`);
    const expected = { kafka: row.kafka, recordErrors: row.recordErrors, stored: row.stored };
    if (JSON.stringify(expected) === JSON.stringify(observed)) continue;
    different++;
    console.log(JSON.stringify({ name: row.name, ...observed, message }));
  }
  console.log(`${validatorRows.length} rows, ${different} different`);
} finally {
  await target.stop();
  await Deno.remove(scratch, { recursive: true });
}
Deno.exit(different === 0 ? 0 : 1);

async function observe(bootstrap: string, row: ValidatorRow, topic: string): Promise<Observed> {
  const client = await Client.open(bootstrap);
  try {
    await client.createTopic(topic, row.topic ?? {});
    const now = Date.now();
    const sent = row.bytes(now, denoCompression);
    const answer = await client.produce(topic, sent, row.version ?? 8);
    if (answer === "closed") return { kafka: "connection closed", message: null };
    const kafka = errorName(answer.code);
    const recordErrors = answer.recordErrors.length === 0 ? undefined : answer.recordErrors;
    if (answer.code !== 0) return { kafka, recordErrors, stored: undefined, message: answer.message };
    const stored = await client.fetch(topic);
    return { kafka, recordErrors, stored: describeStored(stored, sent, now, denoCompression), message: null };
  } finally {
    client.close();
  }
}
