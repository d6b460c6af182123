import { ErrorCode } from "../errors.ts";
import { buildBatch } from "./builder.ts";
import { RecordsError } from "./records_error.ts";

/** What a control record says, by the type in its key (`ControlRecordType`). */
export const ControlRecordType = {
  ABORT: 0,
  COMMIT: 1,
  LEADER_CHANGE: 2,
  SNAPSHOT_HEADER: 3,
  SNAPSHOT_FOOTER: 4,
  KRAFT_VERSION: 5,
  KRAFT_VOTERS: 6,
} as const;

/** The end of a transaction in one partition (`EndTransactionMarker`). */
export interface EndTransactionMarker {
  readonly type: typeof ControlRecordType.ABORT | typeof ControlRecordType.COMMIT;
  /** Epoch of the transaction coordinator that wrote the marker. */
  readonly coordinatorEpoch: number;
}

/** Of a batch of {@link endTransactionBatch}. */
export const END_MARKER_BYTES = 78;

const KEY_BYTES = 4;
const MARKER_BYTES = 6;

/** The key of a control record: its version, 0, and its type. */
export function controlRecordKey(type: number): Uint8Array {
  const key = new Uint8Array(KEY_BYTES);
  key[2] = type >> 8;
  key[3] = type;
  return key;
}

/** The type in a control record's key, which may be one this version does not know. Throws {@link RecordsError} with INVALID_RECORD. */
export function parseControlRecordType(key: Uint8Array | null): number {
  if (key === null || key.length < KEY_BYTES) throw invalid(`a control record's key of ${key?.length ?? 0} bytes`);
  const view = new DataView(key.buffer, key.byteOffset, key.length);
  if (view.getInt16(0) < 0) throw invalid(`version ${view.getInt16(0)} of a control record's key`);
  return view.getInt16(2);
}

/** The value of an end-of-transaction marker, version 0. */
export function endTransactionMarkerValue(coordinatorEpoch: number): Uint8Array {
  const value = new Uint8Array(MARKER_BYTES);
  for (let i = 0; i < 4; i++) value[2 + i] = coordinatorEpoch >> (24 - 8 * i);
  return value;
}

/** The control batch that ends the transaction of a producer (`MemoryRecords.withEndTransactionMarker`). `timestamp` in milliseconds since 1970. */
export function endTransactionBatch(
  { producerId, producerEpoch, type, coordinatorEpoch }: EndTransactionMarker & {
    readonly producerId: number;
    readonly producerEpoch: number;
  },
  timestamp: number,
): Uint8Array {
  const record = { timestamp, key: controlRecordKey(type), value: endTransactionMarkerValue(coordinatorEpoch) };
  return buildBatch([record], { producerId, producerEpoch, isControl: true, isTransactional: true });
}

/** Reads a marker; undefined if the record is another control record. Throws {@link RecordsError} with INVALID_RECORD. */
export function parseEndTransactionMarker(key: Uint8Array | null, value: Uint8Array | null): EndTransactionMarker | undefined {
  const type = parseControlRecordType(key);
  if (type !== ControlRecordType.ABORT && type !== ControlRecordType.COMMIT) return undefined;
  if (value === null || value.length < MARKER_BYTES) throw invalid(`an end-of-transaction marker of ${value?.length ?? 0} bytes`);
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  if (view.getInt16(0) < 0) throw invalid(`version ${view.getInt16(0)} of an end-of-transaction marker`);
  return { type, coordinatorEpoch: view.getInt32(2) };
}

function invalid(what: string): RecordsError {
  return new RecordsError(ErrorCode.INVALID_RECORD, `Invalid control record: ${what}.`);
}
