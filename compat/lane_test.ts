import assert from "node:assert/strict";
import { it } from "node:test";
import { Lane } from "./lane.ts";

/** Three records sent, the first two acknowledged for offsets 10 and 11. */
function lane(): Lane {
  const made = new Lane(1, 0);
  assert.equal(made.take(2), 0);
  assert.equal(made.take(1), 2);
  made.acknowledge(0, 2, 10);
  return made;
}

function found(made: Lane, ...numbersAndOffsets: [number, number][]): Lane {
  for (const [number, offset] of numbersAndOffsets) made.see(made.value(number), offset);
  made.end();
  return made;
}

it("what was acknowledged must be there, what was sent may be", () => {
  found(lane(), [0, 10], [1, 11]);
  found(lane(), [0, 10], [1, 11], [2, 15]);
  assert.equal(lane().acknowledged, 2);
});

it("a reader may go on after a later answer, or begin anew", () => {
  const made = found(lane(), [0, 10], [1, 11], [2, 15]);
  made.acknowledge(2, 1, 15);
  made.rewind();
  found(made, [0, 10], [1, 11], [2, 15]);
});

it("a loss, a duplicate, a gap, another order, place or content, and what was never sent are told", () => {
  assert.throws(() => found(lane(), [0, 10]), /2 acknowledged, 2 acknowledged or read, 1 found/);
  assert.throws(() => found(lane(), [0, 10], [0, 11]), /offset 11 where number 1 comes next/);
  assert.throws(() => found(lane(), [1, 10]), /where number 0 comes next/);
  assert.throws(() => found(lane(), [0, 11]), /0 is at offset 11 and was at 10/);
  assert.throws(() => lane().see("1 0 0 ", 10 + 1), /and was at 10/);
  assert.throws(() => lane().see("1 0 0 x", 10), /"1 0 0 x" at offset 10/);
  assert.throws(() => found(lane(), [0, 10], [1, 11], [2, 12], [3, 13]), /3 at offset 13 was never sent/);
});

it("an answer that contradicts an earlier one or a reader is told", () => {
  assert.throws(() => lane().acknowledge(0, 2, 10), /0 was acknowledged where 2 comes next/);
  assert.throws(() => found(lane(), [0, 10], [1, 11], [2, 15]).acknowledge(2, 1, 16), /2 is at offset 16 and was at 15/);
});

it("what a reader has found once must be there ever after, though nobody acknowledged it", () => {
  const made = found(lane(), [0, 10], [1, 11], [2, 15]);
  made.rewind();
  assert.throws(() => found(made, [0, 10], [1, 11]), /2 acknowledged, 3 acknowledged or read, 2 found/);
});

it("what may be lost is lost from the end on, and sent again", () => {
  const made = lane();
  made.see(made.value(0), 10);
  assert.equal(made.loseUnread(), 1);
  made.end();
  assert.equal(made.take(2), 1);
  made.acknowledge(1, 2, 11);
  found(made, [1, 11], [2, 12]);
});
