/** The messages that are written down by hand, read and written by kafka-python's codec: a second voice beside Kafka's own classes. */
import { codecs } from "../../protocol/testing/codecs.ts";
import { type Example, fixtureFolders, fixtures, fromJson } from "../../protocol/testing/fixtures.ts";
import { apiSpecs } from "../../protocol/schema/mod.ts";
import { run } from "../processes.ts";
import { preparePython } from "../python.ts";
import { difference } from "./exchange.ts";
import { schemaName } from "./java_messages.ts";

const PROGRAM = new URL("kafka_python.py", import.meta.url).pathname;

interface Answer {
  readonly message?: Record<string, unknown>;
  /** Hexadecimal. */
  readonly bytes?: string;
  readonly error?: string;
}

/** How many messages there are, and of which something is different. */
export async function compareWithKafkaPython(): Promise<{ count: number; problems: string[] }> {
  const written = fixtureFolders().flatMap((folder) => {
    const { name } = apiSpecs.find(({ key }) => key === Number(folder.slice(0, 2)))!;
    return fixtures(folder).map((example) => ({ name: schemaName({ name, ...example }), api: name, example }));
  });
  const questions = written.flatMap(({ name, api, example }) => {
    const { codec, value } = ours(api, example);
    const { version, message } = example;
    return [{ name, version, message }, { name, version, bytes: codec.write(value, version).toHex() }];
  });
  const input = questions.map((question) => `${toTheirNames(JSON.stringify(question))}\n`).join("");
  const answers = (await run(await preparePython(), [PROGRAM], { input })).split("\n").map((line): Answer => JSON.parse(line));
  const problems = written.flatMap(({ api, example }, index) =>
    problemsOf(api, example, answers[2 * index], answers[2 * index + 1]).map((problem) => `${example.source}: ${problem}`)
  );
  return { count: written.length, problems };
}

function problemsOf(api: string, example: Example, encoded: Answer, decoded: Answer): string[] {
  const { codec, value } = ours(api, example);
  if (encoded.bytes === undefined || decoded.message === undefined) return [encoded.error ?? decoded.error ?? "no answer"];
  const theirs = Uint8Array.fromHex(encoded.bytes);
  const problems = [
    ["written", difference(example.bytes, theirs)],
    ["read by us", difference(value, codec.read(theirs, example.version))],
    ["read by kafka-python", difference(JSON.parse(toTheirNames(JSON.stringify(example.message))), decoded.message)],
  ];
  return problems.filter(([, problem]) => problem !== null).map(([what, problem]) => `${what}: ${problem}`);
}

function ours(api: string, { type, version, message }: Example): { codec: typeof codecs[number]; value: Record<string, unknown> } {
  const codec = codecs.find((one) => one.name === api && one.type === type)!;
  return { codec, value: fromJson(codec.fields, version, message) };
}

/** kafka-python calls these two fields alike. */
function toTheirNames(json: string): string {
  return json.replace(/"(topic|cluster)AuthorizedOperations"/g, '"authorized_operations"');
}
