import { batchOf, produceTo } from "../broker/testing/requests.ts";
import { connectWire } from "../compat/wire.ts";
import { waitUntil } from "../compat/processes.ts";
import { Produce } from "../protocol/generated/00_produce.ts";
import { FindCoordinator } from "../protocol/generated/10_find_coordinator.ts";
import { InitProducerId, type InitProducerIdResponse } from "../protocol/generated/22_init_producer_id.ts";
import { EndTxn } from "../protocol/generated/26_end_txn.ts";
import { errorName } from "../protocol/mod.ts";

const LIMIT_MS = 30_000;
const PARTITIONS = 16;
/** Who begins, with nothing of before. */
const ANEW = { producerId: -1, producerEpoch: -1, enable2Pc: false, keepPreparedTxn: false };

/** One after the other, `count` transactional ids are given to producers, and each commits a transaction of a record. */
export async function manyTransactions(bootstrap: string, topic: string, count: number): Promise<void> {
  const client = await connectWire(bootstrap);
  try {
    for (let i = 0; i < count; i++) {
      const transactionalId = `many-${i}`;
      await client.call(FindCoordinator, 3, { key: transactionalId, keyType: 1, coordinatorKeys: [] });
      const { producerId, producerEpoch } = await waitUntil(`${transactionalId} has a producer`, LIMIT_MS, async () => {
        const answer = await client.call(InitProducerId, 5, { transactionalId, transactionTimeoutMs: 60_000, ...ANEW });
        return isThere(answer) ? answer : undefined;
      }, 5);
      const records = batchOf(["one"], { isTransactional: true, producerId, producerEpoch, baseSequence: 0 });
      const { responses } = await client.call(Produce, 12, { ...produceTo(topic, i % PARTITIONS, records), transactionalId });
      require(responses[0].partitionResponses[0].errorCode, "Produce");
      require((await client.call(EndTxn, 5, { transactionalId, producerId, producerEpoch, committed: true })).errorCode, "EndTxn");
    }
  } finally {
    client.close();
  }
}

/** A coordinator that is about to be there is asked again. */
function isThere({ errorCode }: InitProducerIdResponse): boolean {
  const name = errorName(errorCode);
  if (["NONE", "COORDINATOR_NOT_AVAILABLE", "COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR"].includes(name)) return name === "NONE";
  throw new Error(`InitProducerId: ${name}`);
}

function require(errorCode: number, what: string): void {
  if (errorCode !== 0) throw new Error(`${what}: ${errorName(errorCode)}`);
}
