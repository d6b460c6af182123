/** What the suites fetch once and keep in `.cache`: the parts that every kind of it shares. */

export const HERE = new URL(".", import.meta.url).pathname;
export const CACHE = `${HERE}.cache`;

/** A machine without what the suite needs: told to the user as one sentence. */
export class MissingTool extends Error {}

/** Whether the command is on the PATH and exits 0. */
export async function succeeds(command: string, ...args: readonly string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args: [...args], stdout: "null", stderr: "null" }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Runs `work` unless the stamp file already holds the digest of `content`. */
export async function once(stamp: string, content: string, work: () => Promise<void>): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(content))).toHex();
  try {
    if (await Deno.readTextFile(stamp) === digest) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await work();
  await Deno.mkdir(CACHE, { recursive: true });
  await Deno.writeTextFile(stamp, digest);
}

export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
