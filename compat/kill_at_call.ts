/** A broker's process that ends itself at its k-th system call on its data directory: `kill_at_call.c` before the C library. */

import { CACHE, HERE, once, succeeds } from "./prepare.ts";
import { run } from "./processes.ts";

const SOURCE = `${HERE}kill_at_call.c`;
const LIBRARY = `${CACHE}/kill_at_call.so`;

/** The call at which a process is to end. */
export interface LastCall {
  /** Counted from 1, over all that write, sync, cut, rename, remove or make something. */
  readonly number: number;
  /** Hundredths of it that are written, if it is a write. */
  readonly part: number;
}

/** Compiles what does it. False when there is no C compiler here. */
export async function prepareLastCalls(): Promise<boolean> {
  if (!await succeeds("cc", "--version")) return false;
  await once(`${CACHE}/kill_at_call.stamp`, await Deno.readTextFile(SOURCE), async () => {
    await run("cc", ["-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC", "-o", LIBRARY, SOURCE]);
  });
  return true;
}

/** The environment of a process that ends so. */
export function endingAt({ number, part }: LastCall, directory: string): Record<string, string> {
  return { LD_PRELOAD: LIBRARY, KILL_BELOW: directory, KILL_AT: String(number), KILL_PART: String(part) };
}
