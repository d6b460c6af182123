import assert from "node:assert/strict";
import { KafkaError } from "../../kafka_error.ts";
import type { Decision } from "../shard.ts";
import { type TransactionRecord, transactionRecordCodec } from "../transaction/records.ts";
import { TransactionShard } from "../transaction/shard.ts";

export const transactionSettings = {
  transactionPartitionVerification: true,
  transactionMaxTimeoutMs: 900_000,
  transactionalIdExpirationMs: 604_800_000,
  maxBatchBytes: 1_048_588,
};

/** A shard whose decisions are written to an array and replayed from its bytes, as by a runtime. */
export class TransactionWorld {
  now = 1_000;
  nextProducerId = 0;
  readonly log: { key: Uint8Array | null; value: Uint8Array | null }[] = [];
  shard = this.#make();

  /** Decides, writes and replays; answers the response, or the code of the error. */
  decide<Res>(
    ask: (shard: TransactionShard) => Decision<Res, TransactionRecord>,
  ): { response: Res; records: TransactionRecord[] } | number {
    const before = new Map(this.shard.transactions);
    try {
      const { response, records } = ask(this.shard);
      assert.deepEqual(this.shard.transactions, before, "a decision changed hard state");
      for (const record of records) this.#write(record);
      return { response: response as Res, records: [...records] };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      assert.deepEqual(this.shard.transactions, before, "a refusal changed hard state");
      return error.code;
    }
  }

  /** The shard that the log makes. */
  reload(): TransactionShard {
    const shard = this.#make();
    for (const { key, value } of this.log) shard.replay(transactionRecordCodec.decode(key, value)!);
    return shard;
  }

  #make(): TransactionShard {
    return new TransactionShard({ settings: transactionSettings, newProducerId: () => this.nextProducerId++ });
  }

  #write(record: TransactionRecord): void {
    const bytes = transactionRecordCodec.encode(record);
    this.log.push(bytes);
    this.shard.replay(record);
    assert.deepEqual(transactionRecordCodec.decode(bytes.key, bytes.value), record);
  }
}
