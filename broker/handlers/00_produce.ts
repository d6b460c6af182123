import { ErrorCode } from "../../protocol/errors.ts";
import {
  type PartitionProduceData,
  type PartitionProduceResponse,
  Produce,
  type ProduceRequest,
  type ProduceResponse,
  type TopicProduceData,
} from "../../protocol/generated/00_produce.ts";
import { RecordsError, validateProduceRecords } from "../../protocol/records/mod.ts";
import { StorageError, type VerificationGuard } from "../../storage/mod.ts";
import type { ClusterView, NodeEndpoint } from "../cluster.ts";
import type { TransactionService } from "../coordinator/transaction/service.ts";
import type { ConnectionInfo, Handler, RequestContext } from "../handler.ts";
import { CloseConnection, KafkaError } from "../kafka_error.ts";
import { leadershipProblem, NO_EPOCH } from "../leader_epochs.ts";
import { isInternal } from "../metadata/topic_names.ts";
import { lookUp } from "../partition_lookup.ts";
import type { Partition, Partitions } from "../partitions.ts";
import { isTransactional, type Verified, verifyTransaction } from "../transaction_verification.ts";

/** From this version on a refusal may say who leads (KIP-951). */
const CURRENT_LEADER_VERSION = 10;
/** From this version on topics are named by id (KIP-516). */
const TOPIC_ID_VERSION = 13;

const noRecords = new Uint8Array(0);

/** Refusals by the log that do not say where it starts (`ReplicaManager.appendRecordsToLeader`). */
const withoutStart: readonly number[] = [ErrorCode.CORRUPT_MESSAGE, ErrorCode.MESSAGE_TOO_LARGE, ErrorCode.RECORD_LIST_TOO_LARGE];

/** Appends batches to partitions. Each partition has an outcome of its own; the order of a connection's requests is the order of its appends. */
export function produce(
  partitions: Partitions,
  transactions: TransactionService,
  cluster: ClusterView,
): Handler<ProduceRequest, ProduceResponse> {
  /** Settle when what came before on the connection has been appended, where that waits for the transaction coordinator. */
  const turns = new WeakMap<ConnectionInfo, Promise<unknown>>();
  return {
    api: Produce,
    gaps: ["acks=all does not wait for the disk with durability `process`"],
    handle(context, request) {
      checkTransactionalId(context, request);
      const { connection } = context;
      const find = (topic: TopicProduceData, index: number) => findPartition(partitions, context, topic, index);
      const findLed = (topic: TopicProduceData, index: number) => {
        const partition = find(topic, index);
        return typeof partition === "number" ? partition : leadership(partition, connection) || partition;
      };
      const verify = (topics: readonly TopicProduceData[]) => verifyTransaction(transactions, request, topics, findLed, context);
      const append = (topics: readonly TopicProduceData[], verified: Verified) =>
        appendAll(context, request, topics, find, verified, cluster);
      const before = turns.get(connection);
      const topics = eachOnce(request.topicData);
      const begun = before === undefined ? verify(topics) : null;
      if (begun !== null && !(begun instanceof Promise)) return append(topics, begun);
      const kept = topics.map(withRecords);
      const appending = (async () => {
        await before;
        const verified = await (begun ?? verify(kept));
        return { answer: append(kept, verified) }; // nobody's turn waits for the disk
      })();
      const turn = Promise.allSettled([appending]).finally(() => {
        if (turns.get(connection) === turn) turns.delete(connection);
      });
      turns.set(connection, turn);
      return appending.then(({ answer }) => answer);
    },
    fail(request, code, message) {
      const outcomes = request.topicData.map(({ partitionData }) => partitionData.map(({ index }) => refused(index, code, message)));
      return respond(request, request.topicData, outcomes)!; // with acks=0 it has thrown: all is refused
    },
  };
}

/** Throws TRANSACTIONAL_ID_AUTHORIZATION_FAILED. */
function checkTransactionalId(context: RequestContext, { transactionalId, topicData }: ProduceRequest): void {
  if (!topicData.some(({ partitionData }) => partitionData.some(({ records }) => isTransactional(records)))) return;
  if (transactionalId !== null && context.authorize("Write", "TransactionalId", transactionalId)) return;
  throw new KafkaError(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
}

type Find = (topic: TopicProduceData, index: number) => Partition | ErrorCode;

function findPartition(partitions: Partitions, context: RequestContext, topic: TopicProduceData, index: number): Partition | ErrorCode {
  return lookUp(partitions, context, "Write", { ...topic, byId: context.apiVersion >= TOPIC_ID_VERSION }, index);
}

/** All is appended before anything is waited for: the order of requests is the order of appends. */
function appendAll(
  context: RequestContext,
  request: ProduceRequest,
  topics: readonly TopicProduceData[],
  find: Find,
  verified: Verified,
  cluster: ClusterView,
): ProduceResponse | null | Promise<ProduceResponse | null> {
  const outcomes = topics.map((topic) =>
    topic.partitionData.map((data) => appendTo(find(topic, data.index), context, request.acks, data, verified))
  );
  const answer = (settled: PartitionProduceResponse[][]) =>
    respond(request, topics, settled, (leaders) => cluster.endpointsOf(leaders, context.connection));
  if (outcomes.every(areSettled)) return answer(outcomes);
  return Promise.all(outcomes.map((ofTopic) => Promise.all(ofTopic))).then(answer);
}

/** NONE where the node that was asked leads the partition. */
function leadership(partition: Partition, { nodeId }: ConnectionInfo): ErrorCode {
  return leadershipProblem(partition, nodeId, NO_EPOCH, { onlyLeader: true });
}

/** The topic with records of its own: those of the request are gone when something has been waited for. */
function withRecords(topic: TopicProduceData): TopicProduceData {
  return { ...topic, partitionData: topic.partitionData.map(({ index, records }) => ({ index, records: records && records.slice() })) };
}

/** What became of a partition's records; a promise while the disk is waited for. */
type Outcome = PartitionProduceResponse | Promise<PartitionProduceResponse>;

function areSettled(outcomes: Outcome[]): outcomes is PartitionProduceResponse[] {
  return outcomes.every((outcome) => !(outcome instanceof Promise));
}

/**
 * The request's topics with each partition once, the last that names it, and no topic without partitions: Kafka keeps the records of a request
 * in a map (`KafkaApis.handleProduceRequest`).
 */
function eachOnce(topicData: readonly TopicProduceData[]): readonly TopicProduceData[] {
  // Most requests are of one partition.
  if (topicData.length === 1 && topicData[0].partitionData.length === 1) return topicData;
  const topics = new Map<string, TopicProduceData>();
  for (const topic of topicData) {
    if (topic.partitionData.length === 0) continue;
    const key = `${topic.topicId} ${topic.name}`;
    const partitions = new Map((topics.get(key)?.partitionData ?? []).map((data) => [data.index, data]));
    for (const data of topic.partitionData) partitions.set(data.index, data);
    topics.set(key, { ...topic, partitionData: [...partitions.values()] });
  }
  return [...topics.values()];
}

/** The response, which acks=0 does not want: then it hangs up if something was refused. */
function respond(
  request: ProduceRequest,
  topics: readonly TopicProduceData[],
  outcomes: PartitionProduceResponse[][],
  endpointsOf: (leaders: ReadonlySet<number>) => NodeEndpoint[] = () => [],
): ProduceResponse | null {
  const responses = topics.map(({ name, topicId }, topic) => ({ name, topicId, partitionResponses: outcomes[topic] }));
  if (request.acks === 0) {
    hangUpIfRefused(responses);
    return null;
  }
  const leaders = outcomes.flatMap((ofTopic) => ofTopic.flatMap(({ currentLeader }) => currentLeader?.leaderId ?? []));
  return { responses, throttleTimeMs: 0, ...(leaders.length === 0 ? {} : { nodeEndpoints: endpointsOf(new Set(leaders)) }) };
}

function appendTo(
  partition: Partition | ErrorCode,
  { apiVersion, connection }: RequestContext,
  acks: number,
  { index, records }: PartitionProduceData,
  verified: Verified,
): Outcome {
  if (typeof partition === "number") return refused(index, partition);
  if (acks < -1 || acks > 1) return refused(index, ErrorCode.INVALID_REQUIRED_ACKS);
  if (isInternal(partition.topic)) {
    return refused(index, ErrorCode.INVALID_TOPIC_EXCEPTION, `Cannot append to internal topic ${partition.topic}`);
  }
  const problem = leadership(partition, connection);
  if (problem !== ErrorCode.NONE) return misdirected(partition, problem, apiVersion);
  if (acks === -1 && !partition.hasEnoughReplicas) return refused(index, ErrorCode.NOT_ENOUGH_REPLICAS);
  const verification = verified.get(partition) ?? null;
  if (verification !== null && "code" in verification) return refused(index, verification.code, verification.message);
  const response = append(partition, records ?? noRecords, apiVersion, verification);
  if (acks !== -1 || response.errorCode !== ErrorCode.NONE) return response;
  const durable = partition.durable();
  return durable === null ? response : whenDurable(durable, response);
}

/** The response once a power cut cannot take back what it says. */
async function whenDurable(durable: Promise<void>, response: PartitionProduceResponse): Promise<PartitionProduceResponse> {
  try {
    await durable;
    return response;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return refused(response.index, ErrorCode.KAFKA_STORAGE_ERROR, error.message);
  }
}

function append(
  partition: Partition,
  records: Uint8Array,
  version: number,
  verification: VerificationGuard | null,
): PartitionProduceResponse {
  const { index } = partition;
  let logStartOffset = -1;
  try {
    validateProduceRecords(records, version);
    logStartOffset = partition.log.logStartOffset;
    const result = partition.append(records, "client", verification);
    return {
      index,
      errorCode: ErrorCode.NONE,
      baseOffset: result.baseOffset,
      logAppendTimeMs: result.logAppendTime,
      logStartOffset: result.logStartOffset,
      recordErrors: [],
      errorMessage: null,
    };
  } catch (error) {
    if (error instanceof StorageError) return refused(index, ErrorCode.KAFKA_STORAGE_ERROR, error.message);
    if (!(error instanceof RecordsError)) throw error;
    const recordErrors = error.recordErrors.map(({ batchIndex, message }) => ({ batchIndex, batchIndexErrorMessage: message }));
    const refusal = { ...refused(index, error.code, error.message), recordErrors };
    return withoutStart.includes(error.code) ? refusal : { ...refusal, logStartOffset };
  }
}

/** Who has asked a node that does not lead is told who does (KIP-951). */
function misdirected({ index, leader, leaderEpoch }: Partition, errorCode: number, version: number): PartitionProduceResponse {
  const refusal = refused(index, errorCode);
  return version < CURRENT_LEADER_VERSION ? refusal : { ...refusal, currentLeader: { leaderId: leader, leaderEpoch } };
}

function refused(index: number, errorCode: number, errorMessage: string | null = null): PartitionProduceResponse {
  return { index, errorCode, baseOffset: -1, logAppendTimeMs: -1, logStartOffset: -1, recordErrors: [], errorMessage };
}

/** With acks=0 nobody waits for an answer; as in Kafka the connection is closed, so that the client looks for its metadata again. */
function hangUpIfRefused(responses: ProduceResponse["responses"]): void {
  for (const { name, partitionResponses } of responses) {
    const failed = partitionResponses.find(({ errorCode }) => errorCode !== ErrorCode.NONE);
    if (failed) throw new CloseConnection(`records for ${name}-${failed.index}, sent with acks=0, failed with error ${failed.errorCode}`);
  }
}
