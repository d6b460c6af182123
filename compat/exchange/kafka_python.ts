/** The messages that are written down by hand, read and written by kafka-python's codecs: a second voice beside Kafka's own classes. */
import { apiSpecs } from "../../protocol/schema/mod.ts";
import { codecs } from "../../protocol/testing/codecs.ts";
import { fixtureFolders, fixtures, fromJson } from "../../protocol/testing/fixtures.ts";
import { run } from "../processes.ts";
import { preparePython } from "../python.ts";
import { difference } from "./exchange.ts";
import { schemaName } from "../../protocol/testing/schemas.ts";

const PROGRAM = new URL("kafka_python.py", import.meta.url).pathname;

/** What `kafka_python.py` answers; bytes are hexadecimal. */
interface Answer {
  readonly message: Record<string, unknown>;
  readonly bytes: string;
  readonly oldBytes?: string;
  readonly oldSame?: boolean;
  readonly error?: string;
}

/** How many messages there are, how many of them the older codec knows, and what is different. */
export async function compareWithKafkaPython(): Promise<{ count: number; old: number; problems: string[] }> {
  const written = fixtureFolders().flatMap((folder) => {
    const { name } = apiSpecs.find(({ key }) => key === parseInt(folder))!;
    return fixtures(folder).map(({ source, type, version, message }) => {
      const codec = codecs.find((one) => one.name === name && one.type === type)!;
      const value = fromJson(codec.fields, version, message);
      return { source, codec, version, message, value, bytes: codec.write(value, version).toHex() };
    });
  });
  const input = written.map(({ codec, version, message, bytes }) =>
    `${toTheirNames(JSON.stringify({ name: schemaName(codec), version, message, bytes }))}\n`
  );
  const answers = (await run(await preparePython(), [PROGRAM], { input: input.join("") })).split("\n").map((line): Answer =>
    JSON.parse(line)
  );
  const problems = written.flatMap(({ source, codec, version, message, value, bytes }, index) => {
    const { error, ...theirs } = answers[index];
    if (error !== undefined) return [`${source}: ${error}`];
    const found = {
      "its bytes": difference(bytes, theirs.bytes),
      "what we read in its bytes": difference(value, codec.read(Uint8Array.fromHex(theirs.bytes), version)),
      "what it reads in ours": difference(JSON.parse(toTheirNames(JSON.stringify(message))), theirs.message),
      "the older codec's bytes": difference(bytes, theirs.oldBytes ?? bytes),
      "what the older codec reads in ours": difference(true, theirs.oldSame ?? true),
    };
    return Object.entries(found).flatMap(([what, problem]) => problem === null ? [] : [`${source}, ${what}${problem}`]);
  });
  return { count: written.length, old: answers.filter(({ oldSame }) => oldSame !== undefined).length, problems };
}

/** kafka-python calls these two fields alike. */
function toTheirNames(json: string): string {
  return json.replace(/"(topic|cluster)AuthorizedOperations"/g, '"authorized_operations"');
}
