import { type BadInput, badInputs } from "../bad_input.ts";
import { waitAssigned } from "../clients/kafkajs_client.ts";
import { waitUntil } from "../processes.ts";
import { Bytes, frame, RawConnection } from "../raw.ts";
import { assertSameRecords, binaryRecords, FIRST_TIMESTAMP, type RecordLine } from "../records.ts";
import type { Context, Scenario } from "../scenario.ts";

const EXPECTED = new URL("../expected/bad_input.json", import.meta.url);
const SILENCE_MS = 1_000;
const SLOW_SILENCE_MS = 20_000;

/** Where Ottla answers otherwise on purpose. */
const OTTLA_DIFFERS: Record<string, { got: string; why: string }> = {
  "produce: no records at all": { got: "error 87", why: "Kafka fails inside and leaves the client to its timeout" },
  "produce: offset deltas with a gap": {
    got: "error 87",
    why:
      "no client produces them, and consumers would see offsets that the batch does not have; Kafka stores them if they are not compressed",
  },
  "Fetch v12 with a known tagged field that is shorter than its size": {
    got: "closed",
    why: "a size that lies is refused; Kafka does not look at it, and reads on behind the field",
  },
  "Fetch v12 with a known tagged field that is longer than its size": { got: "closed", why: "the same" },
  "DescribeGroups v4 of a group with 20000 bytes that are no UTF-8": {
    got: "closed",
    why: "each of them becomes three, which no answer has room for; Kafka fails to write it, and leaves the client to its timeout",
  },
  "Fetch v4 from an offset beyond 2^53": { got: "closed", why: "offsets are exact numbers here (DESIGN §4), and no log ever gets so far" },
  "produce: a compressed bomb": { got: "error 10", why: "what a batch may grow to is bounded; Kafka inflates all 256 MiB" },
};

/** "closed", "silent", "answered" or "error N". */
type Observation = string;

export const badInputCostsItsConnection: Scenario = {
  name: "bad input: each costs at most its own connection and gets Kafka's code",
  async run({ target, kafkajs, update }: Context): Promise<void> {
    await kafkajs.createTopic("bad-input", 1);
    await kafkajs.createTopic("good-neighbour", 1);
    const view = await kafkajs.consume("good-neighbours", "good-neighbour");
    await waitAssigned([view], 1);
    const neighbour = await RawConnection.open(target.bootstrap);
    const observed: Record<string, Observation> = {};
    const sent: RecordLine[] = [];
    for (const [i, input] of badInputs.entries()) {
      observed[input.name] = await observe(target.bootstrap, input);
      await assertAnswers(neighbour, i, input.name);
      if (i % 10 === 0) sent.push(...await kafkajs.send("good-neighbour", binaryRecords(5, 1, FIRST_TIMESTAMP, i + 1), "gzip"));
    }
    neighbour.close();
    await waitUntil("the well-behaved consumer has all records", 20_000, () => view.lines.length >= sent.length);
    await view.leave();
    assertSameRecords("the well-behaved client", view.lines, sent);
    if (update) await Deno.writeTextFile(EXPECTED, `${JSON.stringify(observed, null, 2)}\n`);
    const expected = JSON.parse(await Deno.readTextFile(EXPECTED)) as Record<string, Observation>;
    assertSame(observed, expected, target.name === "ottla");
  },
};

async function observe(bootstrap: string, { name, bytes, errorAt }: BadInput): Promise<Observation> {
  const connection = await RawConnection.open(bootstrap);
  try {
    await connection.send(bytes());
    const answer = await connection.receive(name.includes("bomb") ? SLOW_SILENCE_MS : SILENCE_MS);
    if (typeof answer === "string") return answer;
    return errorAt === undefined ? "answered" : `error ${new DataView(answer.buffer).getInt16(errorAt)}`;
  } finally {
    connection.close();
  }
}

async function assertAnswers(connection: RawConnection, correlationId: number, after: string): Promise<void> {
  await connection.send(frame(3, 1, correlationId, new Bytes().int32(0).done()));
  const answer = await connection.receive(5_000);
  if (typeof answer === "string") throw new Error(`after "${after}" a well-behaved connection is ${answer}`);
  if (new DataView(answer.buffer).getInt32(0) !== correlationId) {
    throw new Error(`after "${after}" a well-behaved connection got another's answer`);
  }
}

function assertSame(observed: Record<string, Observation>, expected: Record<string, Observation>, isOttla: boolean): void {
  const differences = Object.keys({ ...expected, ...observed }).flatMap((name) => {
    const purpose = isOttla ? OTTLA_DIFFERS[name] : undefined;
    const wanted = purpose?.got ?? expected[name];
    return observed[name] === wanted ? [] : [`${name}: expected ${wanted}, got ${observed[name]}`];
  });
  if (differences.length > 0) throw new Error(`${differences.length} differences from Apache Kafka\n    ${differences.join("\n    ")}`);
}
