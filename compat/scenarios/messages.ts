import { exampleFiles } from "../../protocol/testing/examples.ts";
import { schemasText } from "../../protocol/testing/schemas.ts";
import { exampleProblems, exchangeMessages } from "../exchange/exchange.ts";
import { JavaMessages } from "../exchange/java_messages.ts";
import { compareWithKafkaPython } from "../exchange/kafka_python.ts";
import { vectorFiles } from "../exchange/vectors.ts";
import type { Context, Scenario } from "../scenario.ts";

/** As many as hold the ends of every field, and a few by chance. */
const RUNS = 20;

const TESTDATA = new URL("../../protocol/testdata/", import.meta.url).pathname;

export const javaReadsAndWritesTheSame: Scenario = {
  name: "messages: Kafka's classes and our codecs read and write each other's",
  onlyOttla: true,
  run: ({ runs = RUNS, seed }: Context) =>
    withJava(async (java) => {
      const { pairs, apiPairs, ours, java: theirs, extended, problems } = await exchangeMessages(java, runs, seed);
      console.log(`     seed ${seed}: ${apiPairs} requests and responses and ${pairs - apiPairs} records, counted by version;`);
      console.log(`     ${ours} messages of ours, ${theirs} of Java's, ${extended} with tagged fields that nobody knows`);
      failIfAny([...await exampleProblems(java), ...problems]);
    }),
};

export const testdataIsFresh: Scenario = {
  name: "messages: what is written down for `deno task test` is what Kafka's schemas and classes say",
  run: ({ update }: Context) =>
    withJava(async (java) => {
      const { version, schemas } = await java.schemas();
      const schemaFiles = new Map([["schemas.jsonl", schemasText(version, schemas.values())]]);
      const folders = { schemas: schemaFiles, vectors: await vectorFiles(java), examples: exampleFiles() };
      const stale = Object.entries(folders).flatMap(([folder, files]) => differentFiles(`${TESTDATA}${folder}/`, files, update));
      failIfAny(stale.map((name) => `${name} is stale: \`deno task compat --target kafka --update messages\``));
    }),
};

/** Which files of a folder are not as given; with `update` they are made so. */
function differentFiles(folder: string, files: ReadonlyMap<string, string>, update: boolean): string[] {
  Deno.mkdirSync(folder, { recursive: true });
  const there = new Map([...Deno.readDirSync(folder)].map(({ name }) => [name, Deno.readTextFileSync(folder + name)]));
  const strangers = [...there.keys()].filter((name) => !files.has(name));
  const stale = [...files.keys()].filter((name) => there.get(name) !== files.get(name));
  if (!update) return [...strangers, ...stale];
  for (const name of strangers) Deno.removeSync(folder + name);
  for (const name of stale) Deno.writeTextFileSync(folder + name, files.get(name)!);
  return [];
}

export const kafkaPythonSaysTheSame: Scenario = {
  name: "messages: kafka-python reads and writes those written down by hand as we do",
  onlyOttla: true,
  async run(): Promise<void> {
    const { count, old, problems } = await compareWithKafkaPython();
    console.log(`     ${count} messages, ${old} of them also by the codec of its earlier releases`);
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
