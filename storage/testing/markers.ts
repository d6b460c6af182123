import { ControlRecordType, endTransactionBatch, RecordBatch } from "../../protocol/records/mod.ts";
import type { AppendResult, Log } from "../mod.ts";

/** What a transaction coordinator writes at the end of a transaction. */
export function markerBatch(producerId: number, producerEpoch: number, type: "COMMIT" | "ABORT", timestamp = 1_000): Uint8Array {
  return endTransactionBatch({ producerId, producerEpoch, type: ControlRecordType[type], coordinatorEpoch: 0 }, timestamp);
}

/** Appends a batch, of which the transaction coordinator says that its transaction goes on where it is part of one. */
export function appendVerified(log: Log, records: Uint8Array, leaderEpoch = 0): AppendResult {
  const batch = new RecordBatch(records);
  const verification = batch.isTransactional && !batch.isControl ? log.startVerification(batch, false) : null;
  return log.append(records, { leaderEpoch, origin: "coordinator", verification });
}
