/** One planted bug: a piece of source, found once in a file, and what stands there instead. */
export interface Mutation {
  /** What goes wrong, in a few words. */
  readonly name: string;
  /** A path below the root of the repository. */
  readonly file: string;
  /** The text that is replaced. It must stand in the file exactly once. */
  readonly from: string;
  readonly to: string;
}

/** Bugs in one part of the project, and the tests that must find them. */
export interface Campaign {
  /** What of the repository the tests need, as paths that `git ls-files` takes. */
  readonly files: readonly string[];
  /** What is run after a bug was planted, before the tests: arguments of `deno`. A bug that it refuses is found. */
  readonly prepare: readonly string[];
  /** Paths of the tests, as `deno task test` takes them. */
  readonly tests: readonly string[];
  readonly mutations: readonly Mutation[];
}

/**
 * The source with the bug in it.
 * @throws {Error} when the text to replace is not there, or not once: the bug has to be written anew.
 */
export function mutate(source: string, { name, file, from, to }: Mutation): string {
  const pieces = source.split(from);
  if (pieces.length !== 2) throw new Error(`${name}: ${file} has the text to replace ${pieces.length - 1} times, not once`);
  return pieces.join(to);
}
