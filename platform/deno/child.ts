/** What the launcher needs of Deno: a door of its own, so that it loads nothing else. */
export { watchStarters } from "./ancestors.ts";
export { descriptorLimit } from "./limits.ts";
export { denoProcess } from "./process.ts";

/** A Deno program that runs as a child of this process. */
export interface Child {
  /** Settles with the exit code; 128 + n when signal n ended it. */
  readonly exitCode: Promise<number>;
  /** Asks it to stop. Nothing happens when it has ended. */
  stop(): void;
}

/**
 * Runs this same Deno with `args`. The child's standard input is a pipe that only this process holds: however this process ends, the pipe ends
 * with it, and the child can tell. Output goes where this process's output goes.
 */
export function spawnDeno(args: readonly string[]): Child {
  const child = new Deno.Command(Deno.execPath(), { args: [...args], stdin: "piped", stdout: "inherit", stderr: "inherit" }).spawn();
  return {
    exitCode: child.status.then(({ code }) => code),
    stop() {
      try {
        child.kill("SIGTERM");
      } catch (error) {
        // It has ended by itself.
        if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
      }
    },
  };
}

/** The text of a file, or null when it cannot be read. */
export function readTextFile(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** Where a path leads once all links on the way are followed, whether there is something or not. */
export function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  const [, parent, name] = /^(.*?)([^/\\]+)[/\\]*$/.exec(path) ?? [];
  if (name === undefined || path === ".") return path;
  return `${realPath(parent === "" ? "." : parent).replace(/[/\\]$/, "")}/${name}`;
}

/** Calls `handler` when the terminal that this process belongs to is closed. */
export function onHangUp(handler: () => void): void {
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGHUP", handler);
}
