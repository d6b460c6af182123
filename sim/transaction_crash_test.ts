import { describe, it } from "node:test";
import { runTransactionCrash } from "./transaction_crash.ts";

const CRASHES = 120;

describe("a crash while transactions are open", () => {
  it(`leaves each of them whole or not at all, in ${CRASHES} crashes`, async () => {
    for (let seed = 1; seed <= CRASHES; seed++) await runTransactionCrash(seed);
  });
});
