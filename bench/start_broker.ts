/** Prints as JSON how many milliseconds each of eight `startBroker()` in one process took, the first of them cold. */
import { startBroker } from "../broker/mod.ts";

const took: number[] = [];
for (let i = 0; i < 8; i++) {
  const started = performance.now();
  await using broker = await startBroker({ topics: { orders: { partitions: 3 } } });
  took.push(performance.now() - started);
  if (!broker.bootstrapServers.includes(":")) throw new Error("no address");
}
console.log(JSON.stringify(took));
