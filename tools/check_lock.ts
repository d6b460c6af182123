/** Addresses of registries in a lock file, one line each: they would bind everybody to the machine on which it was written. */
export function addressesIn(lock: string): string[] {
  return lock.split("\n").filter((line) => /https?:|"tarball"/.test(line)).map((line) => line.trim());
}

if (import.meta.main) {
  const found = addressesIn(Deno.readTextFileSync("deno.lock"));
  for (const line of found) console.error(`deno.lock records an address: ${line}`);
  if (found.length > 0) Deno.exit(1);
}
