/** Linux's text of what a process may have: the only way to ask for it without native code. */
const LIMITS = "/proc/self/limits";

/** How many files and sockets this process may have open (`ulimit -n`), or null where the system or Deno's permissions keep that back. */
export function descriptorLimit(): number | null {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(Deno.readTextFileSync(LIMITS)) ?? [];
    return soft === undefined ? null : Number(soft);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
