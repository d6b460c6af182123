import { apiSpecs, recordSpecs } from "../../protocol/schema/mod.ts";
import { differences } from "../exchange/definitions.ts";
import { exchangeMessages } from "../exchange/exchange.ts";
import { JavaMessages } from "../exchange/java_messages.ts";
import { compareWithKafkaPython } from "../exchange/kafka_python.ts";
import { meantDifferences } from "../exchange/meant_differences.ts";
import { vectorFiles } from "../exchange/vectors.ts";
import type { Context, Scenario } from "../scenario.ts";

/** As many as hold the ends of every field, and a few by chance. */
const RUNS = 20;

const VECTORS = new URL("../../protocol/testdata/vectors/", import.meta.url).pathname;

export const definitionsAreKafkas: Scenario = {
  name: "messages: our definitions are the schemas in Kafka's jars",
  onlyOttla: true,
  run: () =>
    withJava(async (java) => {
      const { schemas } = await java.schemas();
      failIfAny(differences(apiSpecs, recordSpecs, schemas, meantDifferences));
    }),
};

export const javaReadsAndWritesTheSame: Scenario = {
  name: "messages: Kafka's classes and our codecs read and write each other's",
  onlyOttla: true,
  run: ({ runs = RUNS, seed }: Context) =>
    withJava(async (java) => {
      const { pairs, apiPairs, ours, java: theirs, extended, problems } = await exchangeMessages(java, runs, seed);
      console.log(`     seed ${seed}: ${apiPairs} requests and responses and ${pairs - apiPairs} records, counted by version;`);
      console.log(`     ${ours} messages of ours, ${theirs} of Java's, ${extended} with tagged fields that nobody knows`);
      failIfAny(problems);
    }),
};

export const vectorsAreFresh: Scenario = {
  name: "messages: the vectors written down for `deno task test` are what Kafka's classes make",
  run: ({ update }: Context) =>
    withJava(async (java) => {
      const files = await vectorFiles(java);
      const there = [...Deno.readDirSync(VECTORS)].map(({ name }) => name);
      const strangers = there.filter((name) => !files.has(name));
      if (update) {
        for (const name of strangers) Deno.removeSync(VECTORS + name);
        for (const [name, text] of files) Deno.writeTextFileSync(VECTORS + name, text);
        return;
      }
      const stale = [...files].filter(([name, text]) => !there.includes(name) || Deno.readTextFileSync(VECTORS + name) !== text);
      failIfAny(
        [...strangers, ...stale.map(([name]) => name)].map((name) => `${name}: \`deno task compat --target kafka --update messages\``),
      );
    }),
};

export const kafkaPythonSaysTheSame: Scenario = {
  name: "messages: kafka-python's codec reads and writes those written down by hand as ours does",
  onlyOttla: true,
  async run(): Promise<void> {
    const { count, problems } = await compareWithKafkaPython();
    console.log(`     ${count} messages`);
    failIfAny(problems);
  },
};

async function withJava(work: (java: JavaMessages) => Promise<void>): Promise<void> {
  const java = new JavaMessages();
  try {
    await work(java);
  } finally {
    await java.close();
  }
}

function failIfAny(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const more = problems.length > 20 ? [`… and ${problems.length - 20} more`] : [];
  throw new Error([...problems.slice(0, 20).map((problem) => problem.slice(0, 1000)), ...more].join("\n"));
}
