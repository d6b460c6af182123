/** A member of a group, a simple consumer and an administrator by hand: requests whose every field the history chooses. */

import { Bytes, RawConnection } from "./raw.ts";

const OFFSET_COMMIT = 8;
const OFFSET_FETCH = 9;
const FIND_COORDINATOR = 10;
const JOIN_GROUP = 11;
const HEARTBEAT = 12;
const LEAVE_GROUP = 13;
const SYNC_GROUP = 14;
const CREATE_TOPICS = 19;
const DELETE_TOPICS = 20;
const MEMBER_ID_REQUIRED = 79;
/** Longer than any run: members live on without heartbeats. */
const SESSION_MS = 600_000;

export interface Joining {
  readonly group: string;
  readonly instance?: string;
  readonly protocolType?: string;
  readonly protocol?: string;
  readonly metadata?: Uint8Array;
}

/** What JoinGroup answered. */
export interface Joined {
  readonly generation: number;
  readonly memberId: string;
}

export interface Committing {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch?: number;
  readonly metadata?: string;
}

/** What a consumer says of its subscription. Kafka: `ConsumerProtocolSubscription` v0. */
export function subscription(...topics: readonly string[]): Uint8Array {
  const bytes = new Bytes().int16(0).int32(topics.length);
  for (const topic of topics) bytes.string(topic);
  return bytes.int32(-1).done();
}

/** Kafka: `ConsumerProtocolAssignment` v0. */
export function assignment(topic: string, ...partitions: readonly number[]): Uint8Array {
  const bytes = new Bytes().int16(0).int32(1).string(topic).int32(partitions.length);
  for (const partition of partitions) bytes.int32(partition);
  return bytes.int32(-1).done();
}

/** One connection; its requests are answered one after the other, and one that is refused throws. */
export class GroupClient {
  readonly #connection: RawConnection;
  readonly #clientId: string;
  #correlationId = 0;

  private constructor(connection: RawConnection, clientId: string) {
    this.#connection = connection;
    this.#clientId = clientId;
  }

  /** `clientId` begins the member ids that the broker gives. */
  static async open(bootstrap: string, clientId: string): Promise<GroupClient> {
    return new GroupClient(await RawConnection.open(bootstrap), clientId);
  }

  close(): void {
    this.#connection.close();
  }

  /** Brokers know of it a little later. It keeps its records for ever. */
  async createTopic(topic: string, partitions: number): Promise<void> {
    const body = new Bytes().int32(1).string(topic).int32(partitions).int16(1).int32(0).int32(1).string("retention.ms").string("-1");
    const answer = (await this.#call(CREATE_TOPICS, 2, body.int32(10_000).int8(0).done())).skip(4 + 4);
    answer.string(); // topic
    assertNoError("CreateTopics", topic, answer.int16());
  }

  async deleteTopic(topic: string): Promise<void> {
    const answer = (await this.#call(DELETE_TOPICS, 1, new Bytes().int32(1).string(topic).int32(10_000).done())).skip(4 + 4);
    answer.string(); // topic
    assertNoError("DeleteTopics", topic, answer.int16());
  }

  /** Answers the error code: Kafka makes `__consumer_offsets` when it is first asked, and says meanwhile that it is not available. */
  async findCoordinator(group: string): Promise<number> {
    return (await this.#call(FIND_COORDINATOR, 1, new Bytes().string(group).int8(0).done())).skip(4).int16();
  }

  /** With `memberId`, as the member it is already; without, as a new one that comes back with the id it is given. */
  async join(joining: Joining, memberId = ""): Promise<Joined> {
    await this.#send(JOIN_GROUP, 5, joinBody(joining, memberId));
    const answer = (await this.#receive()).skip(4);
    const errorCode = answer.int16();
    const generation = answer.int32();
    answer.string(); // the protocol
    answer.string(); // the leader
    const given = answer.string();
    if (errorCode === MEMBER_ID_REQUIRED) return await this.join(joining, given);
    if (errorCode !== 0) throw new Error(`JoinGroup of ${joining.group} answered ${errorCode}`);
    return { generation, memberId: given };
  }

  /** As a new member that nobody lets in: its answer is not waited for. */
  async joinInVain(joining: Joining): Promise<void> {
    await this.#send(JOIN_GROUP, 5, joinBody(joining, ""));
    const answer = (await this.#receive()).skip(4 + 2 + 4);
    answer.string(); // the protocol
    answer.string(); // the leader
    await this.#send(JOIN_GROUP, 5, joinBody(joining, answer.string()));
  }

  /** As the leader, with everybody's assignment; as another member, with none. */
  async sync(group: string, joined: Joined, assignments: ReadonlyMap<string, Uint8Array>, instance: string | null = null): Promise<void> {
    const body = new Bytes().string(group).int32(joined.generation).string(joined.memberId).string(instance).int32(assignments.size);
    for (const [memberId, bytes] of assignments) body.string(memberId).int32(bytes.length).raw(bytes);
    assertNoError("SyncGroup", group, (await this.#call(SYNC_GROUP, 3, body.done())).skip(4).int16());
  }

  /** Answers the error code. */
  async heartbeat(group: string, { generation, memberId }: Joined): Promise<number> {
    const body = new Bytes().string(group).int32(generation).string(memberId).string(null).done();
    return (await this.#call(HEARTBEAT, 3, body)).skip(4).int16();
  }

  async leave(group: string, memberId: string, instance: string | null = null): Promise<void> {
    const body = new Bytes().string(group).int32(1).string(memberId).string(instance);
    assertNoError("LeaveGroup", group, (await this.#call(LEAVE_GROUP, 3, body.done())).skip(4).int16());
  }

  /** As `member`, or as a consumer that is in no group. Answers the error code of each partition. */
  async commit(group: string, offsets: readonly Committing[], member?: Joined, instance: string | null = null): Promise<number[]> {
    const body = new Bytes().string(group).int32(member?.generation ?? -1).string(member?.memberId ?? "").string(instance);
    body.int32(offsets.length);
    for (const { topic, partition, offset, leaderEpoch = -1, metadata = "" } of offsets) {
      body.string(topic).int32(1).int32(partition).int64(BigInt(offset)).int32(leaderEpoch).string(metadata);
    }
    const answer = (await this.#call(OFFSET_COMMIT, 7, body.done())).skip(4);
    return Array.from({ length: answer.int32() }, () => {
      answer.string(); // topic
      return answer.skip(4 + 4).int16();
    });
  }

  /** What is committed for a partition; -1 for nothing. */
  async committed(group: string, topic: string, partition: number): Promise<number> {
    const body = new Bytes().string(group).int32(1).string(topic).int32(1).int32(partition).done();
    const answer = (await this.#call(OFFSET_FETCH, 5, body)).skip(4);
    if (answer.int32() === 0) return -1; // the coordinator is loading
    answer.string(); // topic
    return answer.skip(4 + 4 + 4).int32(); // the lower half of the offset
  }

  async #call(apiKey: number, version: number, body: Uint8Array): Promise<Answer> {
    await this.#send(apiKey, version, body);
    return await this.#receive();
  }

  async #send(apiKey: number, version: number, body: Uint8Array): Promise<void> {
    const content = new Bytes().int16(apiKey).int16(version).int32(++this.#correlationId).string(this.#clientId).raw(body).done();
    await this.#connection.send(new Bytes().int32(content.length).raw(content).done());
  }

  /** The next response, behind its correlation id. */
  async #receive(): Promise<Answer> {
    const answer = await this.#connection.receive(20_000);
    if (typeof answer === "string") throw new Error(`the connection of ${this.#clientId} is ${answer}`);
    return new Answer(answer).skip(4);
  }
}

function joinBody(joining: Joining, memberId: string): Uint8Array {
  const { group, instance = null, protocolType = "consumer", protocol = "range", metadata = subscription("stock") } = joining;
  const body = new Bytes().string(group).int32(SESSION_MS).int32(SESSION_MS).string(memberId).string(instance).string(protocolType);
  return body.int32(1).string(protocol).int32(metadata.length).raw(metadata).done();
}

function assertNoError(api: string, name: string, errorCode: number): void {
  if (errorCode !== 0) throw new Error(`${api} of ${name} answered ${errorCode}`);
}

/** Reads a response field by field. */
class Answer {
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  skip(count: number): this {
    this.#at += count;
    return this;
  }

  int16(): number {
    return this.skip(2).#view.getInt16(this.#at - 2);
  }

  int32(): number {
    return this.skip(4).#view.getInt32(this.#at - 4);
  }

  string(): string {
    const length = Math.max(0, this.int16());
    return new TextDecoder().decode(new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.skip(length).#at - length, length));
  }
}
