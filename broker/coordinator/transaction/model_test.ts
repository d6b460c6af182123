import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runTransactions, TRANSACTION_STEPS } from "../testing/transaction_run.ts";

const RUNS = 2_000;

describe("transactions and a model of them", () => {
  it(`agree over ${RUNS} runs of ${TRANSACTION_STEPS} random steps, over restarts and time-outs`, async () => {
    let ended = 0;
    for (let seed = 1; seed <= RUNS; seed++) ended += await runTransactions(seed);
    assert.ok(ended > RUNS * 5, `only ${ended} transactions were ended`);
  });
});
