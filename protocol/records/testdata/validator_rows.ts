/**
 * What Apache Kafka 4.3.1 answers to batches that a client produces, and what it then stores. `compat/validator-rows` sends every row to a live
 * broker and prints the rows whose `kafka` or `stored` differ from what is written here; the unit test runs them without one.
 */
import { compressionRows } from "./compression_rows.ts";
import { envelopeRows } from "./envelope_rows.ts";
import { headerRows } from "./header_rows.ts";
import { recordRows } from "./record_rows.ts";
import type { ValidatorRow } from "./row.ts";
import { timestampRows } from "./timestamp_rows.ts";

/** All rows. */
export const validatorRows: readonly ValidatorRow[] = [...envelopeRows, ...headerRows, ...recordRows, ...timestampRows, ...compressionRows];
