import { exchangeMessages } from "../exchange/exchange.ts";
import { JavaMessages } from "../exchange/java_messages.ts";
import type { Context, Scenario } from "../scenario.ts";

/** As many as hold every end of every field, and a few by chance. */
const RUNS = 20;

export const javaReadsAndWritesTheSame: Scenario = {
  name: "messages: Kafka's classes and our codecs read and write each other's",
  onlyOttla: true,
  async run({ runs = RUNS, seed }: Context): Promise<void> {
    const java = new JavaMessages();
    const { pairs, apiPairs, ours, java: theirs, extended, problems } = await exchangeMessages(java, runs, seed);
    await java.close();
    console.log(`     seed ${seed}: ${apiPairs} requests and responses and ${pairs - apiPairs} records, counted by version;`);
    console.log(`     ${ours} messages of ours, ${theirs} of Java's, ${extended} with tagged fields that nobody knows`);
    failIfAny(problems);
  },
};

function failIfAny(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const more = problems.length > 20 ? [`… and ${problems.length - 20} more`] : [];
  throw new Error([...problems.slice(0, 20).map((problem) => problem.slice(0, 1000)), ...more].join("\n"));
}
