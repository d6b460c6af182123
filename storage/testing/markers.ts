import { buildBatch, controlRecordKey, ControlRecordType, endTransactionMarkerValue } from "../../protocol/records/mod.ts";

/** What a transaction coordinator writes at the end of a transaction. */
export function markerBatch(producerId: number, producerEpoch: number, type: "COMMIT" | "ABORT", timestamp = 1_000): Uint8Array {
  const record = { timestamp, key: controlRecordKey(ControlRecordType[type]), value: endTransactionMarkerValue(0) };
  return buildBatch([record], { producerId, producerEpoch, isControl: true, isTransactional: true });
}
