import assert from "node:assert/strict";
import { it } from "node:test";
import { Pending } from "./pending.ts";

it("settles idle() once everything that was tracked has settled, also what failed", async () => {
  const pending = new Pending();
  await pending.idle();
  let finish = (): void => {};
  const tracked = pending.track(new Promise<void>((resolve) => finish = resolve));
  const failed = assert.rejects(pending.track(Promise.reject(new Error("no"))), /no/);
  let idle = false;
  const waiting = pending.idle().then(() => idle = true);
  await failed;
  assert.equal(pending.count, 1);
  assert.equal(idle, false);
  finish();
  await Promise.all([tracked, waiting]);
  assert.equal(pending.count, 0);
});
