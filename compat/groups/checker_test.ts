import assert from "node:assert/strict";
import { test } from "node:test";
import type { MemberEvent, Offsets } from "../drivers/driver.ts";
import { violations } from "./checker.ts";
import type { Entry, History } from "./history.ts";

type Said = MemberEvent extends infer E ? E extends MemberEvent ? Omit<E, "at"> : never : never;

/** A history written down line by line, a millisecond each. */
class Story {
  readonly entries: Entry[] = [];
  #at = 1_000;

  note(entry: Record<string, unknown>): this {
    this.entries.push({ ...entry, at: ++this.#at } as Entry);
    return this;
  }

  start(member: number, instanceId?: string): this {
    return this.note({ kind: "started", member, client: "java", instanceId });
  }

  say(member: number, said: Said): this {
    return this.note({ kind: "said", member, said: { ...said, at: this.#at + 1 } });
  }

  assigned(member: number, partitions: number[], generation: number | null = null): this {
    return this.say(member, { event: "assigned", partitions, generation });
  }

  revoked(member: number, partitions: number[]): this {
    return this.say(member, { event: "revoked", partitions, lost: false });
  }

  delivered(member: number, partition: number, from: number, to: number): this {
    for (let offset = from; offset <= to; offset++) this.say(member, { event: "record", line: line(partition, offset) });
    return this;
  }

  committed(member: number, ...offsets: Offsets): this {
    return this.say(member, { event: "committing", offsets }).say(member, { event: "committed", offsets });
  }

  read(offsets: Offsets, last = false): this {
    return this.note({ kind: "read", from: ++this.#at, offsets, last });
  }

  /** `count` records of partition 0, all acknowledged. */
  sent(count: number): this {
    for (let offset = 0; offset < count; offset++) {
      this.note({ kind: "sending", content: content(0, offset) });
      this.note({ kind: "acknowledged", partition: 0, offset, content: content(0, offset) });
    }
    return this;
  }

  violations(ends: number[] = [10]): string[] {
    const history: History = { partitions: 1, entries: this.entries, ends };
    return violations(history);
  }
}

function content(partition: number, offset: number): string {
  return `-\t${partition}${offset}\t`;
}

function line(partition: number, offset: number): string {
  return `${partition}\t${offset}\t0\t${content(partition, offset)}`;
}

/** Member 0 delivers and commits up to 5, and gives partition 0 up; member 1 delivers the rest. */
function handedOver(): Story {
  return new Story().sent(10).start(0).start(1)
    .assigned(0, [0], 1).delivered(0, 0, 0, 4).committed(0, [0, 5]).revoked(0, [0])
    .assigned(1, [0], 2);
}

function onlyViolation(story: Story, expected: RegExp): void {
  const found = story.violations();
  assert.equal(found.length, 1, found.join("\n"));
  assert.match(found[0], expected);
}

test("a partition handed over in good order", () => {
  const story = handedOver().read([[0, 5]]).delivered(1, 0, 5, 9).committed(1, [0, 10]).read([[0, 10]], true);
  assert.deepEqual(story.violations(), []);
});

test("records that were never delivered", () => {
  onlyViolation(handedOver().delivered(1, 0, 5, 8), /acknowledged and never delivered: 0-9 /);
});

test("records delivered again by the next owner are no violation, for they were not committed", () => {
  const story = new Story().sent(10).start(0).start(1).assigned(0, [0]).delivered(0, 0, 0, 7).committed(0, [0, 3]).revoked(0, [0]);
  assert.deepEqual(story.assigned(1, [0]).delivered(1, 0, 3, 9).violations(), []);
});

test("a record at an offset with another content", () => {
  const story = handedOver().delivered(1, 0, 5, 9).say(1, { event: "record", line: `0\t10\t0\t${content(0, 3)}` });
  assert.deepEqual(story.violations(), []);
  const other = handedOver().say(1, { event: "record", line: `0\t5\t0\t${content(0, 4)}` }).delivered(1, 0, 6, 9);
  assert.ok(other.violations().some((each) => each.startsWith("two contents at 0-5")));
});

test("a record that nobody sent", () => {
  onlyViolation(handedOver().delivered(1, 0, 5, 10), /delivered and never sent: 0\t10/);
});

test("a new owner that begins behind what was committed", () => {
  const story = handedOver().delivered(1, 0, 6, 9).delivered(0, 0, 5, 5);
  assert.ok(story.violations().includes("member 1 begins partition 0 at 6, committed was 5"));
});

test("a new owner that begins before what was committed: the commit was lost", () => {
  onlyViolation(handedOver().delivered(1, 0, 4, 9), /begins partition 0 at 4, committed was 5/);
});

test("a commit under way when its member died may count or not, one that was refused must not", () => {
  const died = (what: "failed" | "refused"): Story =>
    new Story().sent(10).start(0).start(1).assigned(0, [0]).delivered(0, 0, 0, 7).committed(0, [0, 5])
      .say(0, { event: "committing", offsets: [[0, 8]] }).say(0, { event: what, offsets: [[0, 8]], error: "" })
      .assigned(1, [0]);
  assert.deepEqual(died("failed").delivered(1, 0, 5, 9).violations(), []);
  assert.deepEqual(died("failed").delivered(1, 0, 8, 9).violations(), []);
  onlyViolation(died("refused").delivered(1, 0, 8, 9), /begins partition 0 at 8, committed was 5/);
  const repeated = died("refused");
  repeated.entries.push({ kind: "outage", killed: true, from: 1_000, at: 2_000 });
  assert.deepEqual(repeated.delivered(1, 0, 8, 9).violations(), []);
});

test("an old owner may go on where it was, for it has delivered what lies between", () => {
  const story = handedOver().delivered(1, 0, 5, 5).revoked(1, [0]).assigned(0, [0], 3);
  assert.deepEqual(story.delivered(0, 0, 5, 7).revoked(0, [0]).assigned(0, [0], 4).delivered(0, 0, 8, 9).violations(), []);
});

test("a gap in what one owner is delivered", () => {
  const story = new Story().sent(6).start(0).assigned(0, [0]).delivered(0, 0, 0, 2).delivered(0, 0, 4, 5);
  assert.ok(story.violations().includes("member 0 at 0-4: delivered where 3 was due"));
});

test("a record of a partition that is not the member's", () => {
  onlyViolation(handedOver().delivered(0, 0, 5, 5).delivered(1, 0, 5, 9), /member 0 at 0-5: delivered, and the partition is not its own/);
});

test("a commit that was lost, moved back, or never made", () => {
  onlyViolation(handedOver().delivered(1, 0, 5, 9).read([]), /read as 0, acknowledged was 5/);
  onlyViolation(handedOver().delivered(1, 0, 5, 9).committed(1, [0, 9]).read([[0, 5]]), /read as 5, acknowledged was 9/);
  onlyViolation(handedOver().delivered(1, 0, 5, 9).read([[0, 9]]), /read as 9, and none has tried more than 5/);
  onlyViolation(handedOver().delivered(1, 0, 5, 9).committed(1, [0, 9]).read([[0, 9]], true), /ends at 10, the group at 9/);
});

test("a commit of more than was delivered", () => {
  onlyViolation(handedOver().delivered(1, 0, 5, 9).committed(1, [0, 11]), /member 1 commits 0-11, and has delivered up to 10/);
});

test("a commit of a former owner that the broker takes", () => {
  const story = handedOver().delivered(1, 0, 5, 9);
  assert.deepEqual(
    handedOver().say(0, { event: "committing", offsets: [[0, 5]] }).say(0, { event: "refused", offsets: [[0, 5]], error: "" })
      .delivered(1, 0, 5, 9).violations(),
    [],
  );
  onlyViolation(story.committed(0, [0, 5]), /member 0's commit of 0-5 was taken after the partition had gone to member 1/);
});

test("two owners in one generation, eager or cooperative", () => {
  const eager = new Story().sent(0).start(0).start(1).assigned(0, [0], 4).assigned(1, [0], 4);
  onlyViolation(eager, /partition 0 in generation 4 belongs to member 0 and to member 1/);
  const cooperative = new Story().sent(0).start(0).start(1).assigned(0, [0], 4).assigned(0, [], 5).assigned(1, [0], 5);
  onlyViolation(cooperative, /partition 0 in generation 5 belongs to member 0 and to member 1/);
});

test("a static member that returns has what it had", () => {
  const returning = (generation: number): Story =>
    new Story().sent(0).start(0, "a").assigned(0, [0], 4).note({ kind: "ended", member: 0, how: "killed" })
      .start(1, "a").assigned(1, [0], generation).note({ kind: "returned", before: 0, after: 1 });
  assert.deepEqual(returning(4).violations(), []);
  onlyViolation(returning(5), /member 0 returned as 1: had .*"generation":4.* has .*"generation":5/);
});
