import { ErrorCode } from "../errors.ts";
import { batchSizeAt, HEADER_BYTES, MAGIC, Offset, RecordBatch } from "./batch.ts";
import { LegacyBatch } from "./legacy_batch.ts";
import { RecordsError } from "./records_error.ts";

/**
 * The batches in `bytes`, of any format, up to an incomplete one at the end, which is left out (a fetch may cut one off). Their records all
 * have one shape, {@link LogRecord}. CRCs are not checked. Throws {@link RecordsError} with CORRUPT_MESSAGE at an impossible length or format.
 */
export function* batchesOfAnyFormat(bytes: Uint8Array): Generator<RecordBatch | LegacyBatch, void, void> {
  for (let position = 0;;) {
    const size = batchSizeAt(bytes, position);
    if (size === undefined || size > bytes.length - position) return;
    const batch = bytes.subarray(position, position + size);
    if (bytes[position + Offset.MAGIC] < MAGIC) yield new LegacyBatch(batch);
    else if (size >= HEADER_BYTES) yield new RecordBatch(batch);
    else throw new RecordsError(ErrorCode.CORRUPT_MESSAGE, `A batch of ${size} bytes.`);
    position += size;
  }
}

/** The same where only format 2 may stand: an older one is a {@link RecordsError} with CORRUPT_MESSAGE too. */
export function* batches(bytes: Uint8Array): Generator<RecordBatch, void, void> {
  for (const batch of batchesOfAnyFormat(bytes)) {
    if (batch instanceof LegacyBatch) throw new RecordsError(ErrorCode.CORRUPT_MESSAGE, `A batch of format ${batch.magic}.`);
    yield batch;
  }
}
