/** One planted bug: a piece of source, found once in a file, and what stands there instead. */
export interface Mutation {
  /** What goes wrong, in a few words. */
  readonly name: string;
  /** A path below the root of the repository. */
  readonly file: string;
  /** The text that is replaced. It must stand in the file exactly once. */
  readonly from: string;
  readonly to: string;
  /** More arguments for the campaign's command: what of it has to find this bug. */
  readonly only?: readonly string[];
}

/** Bugs in one part of the project, and the command that must find them. */
export interface Campaign {
  /** What of the repository the command needs, as paths that `git ls-files` takes. */
  readonly files: readonly string[];
  /** Folders that git ignores and the copy shares with the repository: what takes long to fetch. */
  readonly shared?: readonly string[];
  /** What is run after a bug was planted, before the command: arguments of `deno`. A bug that it refuses is found. */
  readonly prepare?: readonly string[];
  /** Arguments of `deno`. Its last line is `N passed, N failed`; it may tell each failure in a line `FAIL name`, with the reason in the next. */
  readonly command: readonly string[];
  readonly mutations: readonly Mutation[];
}

/** What finds a bug in the broker or below it: tests that each mutation names. */
export const brokerTests: Pick<Campaign, "files" | "command"> = {
  files: ["storage", "broker", "sim", "inspect", "protocol", "platform", "tools", "deno.json", "deno.lock"],
  command: ["run", "-A", "tools/run_tests.ts"],
};

/**
 * The source with the bug in it.
 * @throws {Error} when the text to replace is not there, or not once: the bug has to be written anew.
 */
export function mutate(source: string, { name, file, from, to }: Mutation): string {
  const pieces = source.split(from);
  if (pieces.length !== 2) throw new Error(`${name}: ${file} has the text to replace ${pieces.length - 1} times, not once`);
  return pieces.join(to);
}

/** The step of a scenario as JSON, before what is not as expected. */
const step = /(?<=: step \S+ )\{.*?(\}|…): /;

/** What a command's output says it found, a line each; nothing where it does not come to its end: then it was not the bug that it found. */
export function findings(output: string): string[] {
  const failed = Number(/^\d+ passed, (\d+) failed\s*$/m.exec(output.split("\n").slice(-2).join("\n"))?.[1] ?? 0);
  if (failed === 0) return [];
  const told = [...output.matchAll(/^FAIL (.*)\n *(.*)/gm)].map(([, name, why]) => `${name}: ${why}`.replace(step, ""));
  return told.length > 0 ? told : [`${failed} tests fail`];
}
