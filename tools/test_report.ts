/** How many tests passed and failed. Groups (`describe`) are no tests. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Counts the tests in a report that `deno test --junit-path` wrote. A group counts only when it failed by itself, with nothing failed inside it
 * (a hook threw). Skipped tests do not count.
 */
export function countTests(junit: string): TestCounts {
  const cases = [...junit.matchAll(/<testcase name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(([, name, body = ""]) => ({
    name,
    failed: body.includes("<failure") || body.includes("<error"),
    skipped: body.includes("<skipped"),
  }));
  const groups = new Set<string>();
  const failedInside = new Set<string>();
  for (const { name, failed } of cases) {
    for (const outer of outerNames(name)) {
      groups.add(outer);
      if (failed) failedInside.add(outer);
    }
  }
  const failed = cases.filter((test) => test.failed && !failedInside.has(test.name)).length;
  const passed = cases.filter((test) => !test.failed && !test.skipped && !groups.has(test.name)).length;
  return { passed, failed };
}

/** The names of the groups around a test: the reporter joins them with ` > `. */
function outerNames(name: string): string[] {
  const parts = name.split(" &gt; ");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join(" &gt; "));
}
