/**
 * A broker in memory that receives metrics of clients, as a program, run with the configuration of the root: says where it is, then what each client pushes,
 * a line of JSON each, until its input ends.
 */
import { startBroker } from "../broker/mod.ts";

await using broker = await startBroker({
  topics: { orders: {} },
  clientTelemetry({ metrics, ...push }) {
    console.log(JSON.stringify({ ...push, metrics: [...metrics] }));
  },
});
console.log(broker.bootstrapServers);
for await (const _ of Deno.stdin.readable);
