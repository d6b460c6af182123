import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock } from "../platform/mod.ts";
import { type Delayed, Purgatory } from "./purgatory.ts";

/** An operation that completes when told to, and remembers what became of it. */
function operation(): Delayed & { ready: boolean; outcome: string } {
  return {
    ready: false,
    outcome: "waiting",
    tryComplete() {
      if (this.ready) this.outcome = "completed";
      return this.ready;
    },
    expire() {
      this.outcome = "expired";
    },
  };
}

describe("purgatory", () => {
  it("does not park what can be completed", () => {
    const clock = new ManualClock();
    const purgatory = new Purgatory<string>(clock);
    const one = operation();
    one.ready = true;
    purgatory.park(["a"], 100, one);
    assert.equal(one.outcome, "completed");
    assert.equal(purgatory.waiting("a"), 0);
    assert.equal(clock.untilNext, null);
  });

  it("completes under any of its keys, and forgets all of them and the timer", () => {
    const clock = new ManualClock();
    const purgatory = new Purgatory<string>(clock);
    const one = operation();
    purgatory.park(["a", "b"], 100, one);
    purgatory.check("b");
    assert.equal(one.outcome, "waiting");
    one.ready = true;
    purgatory.check("c");
    assert.equal(one.outcome, "waiting");
    purgatory.check("b");
    assert.equal(one.outcome, "completed");
    assert.equal(purgatory.waiting("a"), 0);
    assert.equal(clock.untilNext, null);
  });

  it("expires when its time is up, not before", () => {
    const clock = new ManualClock();
    const purgatory = new Purgatory<string>(clock);
    const one = operation();
    purgatory.park(["a"], 100, one);
    clock.advance(99);
    assert.equal(one.outcome, "waiting");
    clock.advance(1);
    assert.equal(one.outcome, "expired");
    assert.equal(purgatory.waiting("a"), 0);
  });

  it("expires at once what has no time to wait", () => {
    const one = operation();
    new Purgatory<string>(new ManualClock()).park(["a"], 0, one);
    assert.equal(one.outcome, "expired");
  });

  it("expires everything when it closes, and whatever comes afterwards", () => {
    const purgatory = new Purgatory<string>(new ManualClock());
    const [before, after] = [operation(), operation()];
    purgatory.park(["a", "b"], 100, before);
    purgatory.close();
    purgatory.park(["a"], 100, after);
    assert.deepEqual([before.outcome, after.outcome], ["expired", "expired"]);
  });
});
