import { crc32c } from "../protocol/records/mod.ts";

/** What a snapshot keeps of a producer: its epoch and the last batch that the log has of it. */
export interface ProducerSnapshotEntry {
  readonly producerId: number;
  readonly epoch: number;
  /** -1 where the log has no batch of this epoch. */
  readonly lastSequence: number;
  /** -1 where the log has no batch of this epoch. */
  readonly lastOffset: number;
  /** Records of the last batch, less one. */
  readonly offsetDelta: number;
  /** The largest timestamp of the last batch. */
  readonly timestamp: number;
  /** Of the transaction coordinator that wrote its last marker, or -1. */
  readonly coordinatorEpoch: number;
  /** The first offset of its open transaction, or -1. */
  readonly transactionStart: number;
}

const VERSION = 1;
const CRC_POSITION = 2;
const ENTRIES_POSITION = 6;
const HEADER_BYTES = 10;
const ENTRY_BYTES = 46;

/**
 * The bytes of a `.snapshot` file (Kafka's `ProducerSnapshot`, version 1): int16 version, uint32 CRC-32C of what follows it, int32 count, and a
 * producer each 46 bytes: int64 id, int16 epoch, int32 last sequence, int64 last offset, int32 offset delta, int64 timestamp, int32 coordinator
 * epoch, int64 first offset of the open transaction.
 */
export function encodeProducerSnapshot(entries: readonly ProducerSnapshotEntry[]): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + entries.length * ENTRY_BYTES);
  const view = new DataView(bytes.buffer);
  view.setInt16(0, VERSION);
  view.setInt32(ENTRIES_POSITION, entries.length);
  for (const [index, entry] of entries.entries()) {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    view.setBigInt64(at, BigInt(entry.producerId));
    view.setInt16(at + 8, entry.epoch);
    view.setInt32(at + 10, entry.lastSequence);
    view.setBigInt64(at + 14, BigInt(entry.lastOffset));
    view.setInt32(at + 22, entry.offsetDelta);
    view.setBigInt64(at + 26, BigInt(entry.timestamp));
    view.setInt32(at + 34, entry.coordinatorEpoch);
    view.setBigInt64(at + 38, BigInt(entry.transactionStart));
  }
  view.setUint32(CRC_POSITION, crc32c(bytes, ENTRIES_POSITION));
  return bytes;
}

/** The producers of a `.snapshot` file, or null if it is damaged or of another version. */
export function decodeProducerSnapshot(bytes: Uint8Array): ProducerSnapshotEntry[] | null {
  if (bytes.length < HEADER_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getInt16(0) !== VERSION || view.getUint32(CRC_POSITION) !== crc32c(bytes, ENTRIES_POSITION)) return null;
  const count = view.getInt32(ENTRIES_POSITION);
  if (bytes.length !== HEADER_BYTES + count * ENTRY_BYTES) return null;
  return Array.from({ length: count }, (_, index) => {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    return {
      producerId: Number(view.getBigInt64(at)),
      epoch: view.getInt16(at + 8),
      lastSequence: view.getInt32(at + 10),
      lastOffset: Number(view.getBigInt64(at + 14)),
      offsetDelta: view.getInt32(at + 22),
      timestamp: Number(view.getBigInt64(at + 26)),
      coordinatorEpoch: view.getInt32(at + 34),
      transactionStart: Number(view.getBigInt64(at + 38)),
    };
  });
}
