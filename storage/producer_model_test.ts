import { describe, it } from "node:test";
import { PRODUCER_STEPS, runProducers } from "./testing/producer_run.ts";

const RUNS = 100;

describe("the producers of a log and a model of them", () => {
  it(`agree over ${RUNS} runs of ${PRODUCER_STEPS} appends, repetitions, mistakes, stops, crashes and expiries`, async () => {
    for (let seed = 1; seed <= RUNS; seed++) await runProducers(seed);
  });
});
