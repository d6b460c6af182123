import assert from "node:assert/strict";
import { it } from "node:test";
import { diskError, networkError } from "./errors.ts";

function named(name: string, code?: string): Error {
  return Object.assign(new Error("said so"), { name }, code === undefined ? {} : { code });
}

it("tells why in errno's words, whether the runtime gives an errno or a class", () => {
  assert.equal(diskError(named("Error", "ENOSPC"), "append", "a").code, "ENOSPC");
  assert.equal(diskError(named("Error", "EDQUOT"), "append", "a").code, "ENOSPC");
  assert.equal(diskError(named("NotCapable"), "open", "a").code, "EACCES");
  assert.equal(diskError(named("Error", "ELOOP"), "open", "a").code, "EOTHER");
  assert.equal(diskError("no error", "open", "a").code, "EOTHER");
  assert.equal(networkError(named("AddrInUse", "EADDRINUSE"), "cannot listen").code, "EADDRINUSE");
  assert.equal(networkError(named("BrokenPipe"), "cannot write").code, "ECONNRESET");
});

it("keeps what the runtime said", () => {
  const cause = named("Error", "EWEIRD");
  assert.equal(networkError(cause, "cannot listen").message, "cannot listen: said so");
  assert.equal(diskError(cause, "open", "a/b").message, "open a/b: EOTHER");
  assert.equal(diskError(cause, "open", "a/b").cause, cause);
});
