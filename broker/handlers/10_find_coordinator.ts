import { ErrorCode, errorMessage } from "../../protocol/errors.ts";
import {
  FindCoordinator,
  type FindCoordinatorCoordinator,
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
} from "../../protocol/generated/10_find_coordinator.ts";
import type { Node } from "../cluster.ts";
import type { ConnectionInfo, Handler, RequestContext } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";

/** What a key names. Kafka: `FindCoordinatorRequest.CoordinatorType`. */
const GROUP = 0;
const TRANSACTION = 1;

/** Those of groups, or of transactional ids. */
interface Coordinators {
  /** Throws COORDINATOR_NOT_AVAILABLE. */
  ensureStarted(): Promise<void>;
  /** The id of the node. Throws COORDINATOR_NOT_AVAILABLE where nobody coordinates it. */
  coordinatorOf(key: string): number;
}

/**
 * Finds the coordinator: the node that leads the key's partition. Makes `__consumer_offsets` when it is first asked for a group's, and `__transaction_state` for a transactional id's.
 * One key up to version 3, several from 4 on (KIP-699); share-group keys from 6 on. Kafka: `KafkaApis.handleFindCoordinatorRequest`.
 */
export function findCoordinator(
  groups: Coordinators,
  transactions: Coordinators,
  nodes: (connection: ConnectionInfo) => readonly Node[],
): Handler<FindCoordinatorRequest, FindCoordinatorResponse> {
  return {
    api: FindCoordinator,
    gaps: [
      "Coordinators of share-group state are not found: INVALID_REQUEST, as by a Kafka that has no share coordinator.",
    ],
    async handle(context, { key, keyType, coordinatorKeys }) {
      const keys = context.apiVersion >= 4 ? coordinatorKeys : [key];
      const found = await Promise.all(keys.map((one) => find(context, { groups, transactions }, nodes, keyType, one)));
      return context.apiVersion >= 4 ? several(found) : only(found[0]);
    },
    fail({ key, coordinatorKeys }, code, message) {
      if (coordinatorKeys.length === 0) return only(nobody(key, code, message));
      return several(coordinatorKeys.map((one) => nobody(one, code, message)));
    },
  };
}

async function find(
  context: RequestContext,
  coordinators: { readonly groups: Coordinators; readonly transactions: Coordinators },
  nodes: (connection: ConnectionInfo) => readonly Node[],
  keyType: number,
  key: string,
): Promise<FindCoordinatorCoordinator> {
  if (keyType !== GROUP && keyType !== TRANSACTION) {
    return nobody(key, ErrorCode.INVALID_REQUEST, `This broker has no coordinators of key type ${keyType}.`);
  }
  const [type, code] = keyType === GROUP
    ? ["Group", ErrorCode.GROUP_AUTHORIZATION_FAILED] as const
    : ["TransactionalId", ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED] as const;
  if (!context.authorize("Describe", type, key)) return nobody(key, code);
  let coordinator: number;
  try {
    const ofType = keyType === GROUP ? coordinators.groups : coordinators.transactions;
    await ofType.ensureStarted();
    coordinator = ofType.coordinatorOf(key);
  } catch (error) {
    if (error instanceof KafkaError) return nobody(key, error.code, error.clientMessage);
    throw error;
  }
  const node = nodes(context.connection).find(({ id }) => id === coordinator);
  if (node === undefined) return nobody(key, ErrorCode.COORDINATOR_NOT_AVAILABLE);
  const { id: nodeId, host, port } = node;
  // Kafka fills the message of versions 1 to 3 with the name of the error that is none.
  return { key, nodeId, host, port, errorCode: ErrorCode.NONE, errorMessage: context.apiVersion < 4 ? "NONE" : "" };
}

function nobody(key: string, errorCode: number, message: string | null = null): FindCoordinatorCoordinator {
  return { key, nodeId: -1, host: "", port: -1, errorCode, errorMessage: message ?? errorMessage(errorCode) };
}

/** A response with one answer. */
function only({ errorCode, errorMessage, nodeId, host, port }: FindCoordinatorCoordinator): FindCoordinatorResponse {
  return { throttleTimeMs: 0, errorCode, errorMessage, nodeId, host, port, coordinators: [] };
}

/** A response of version 4 or later. The fields of older ones have their defaults, else they could not be written. */
function several(coordinators: FindCoordinatorCoordinator[]): FindCoordinatorResponse {
  return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, errorMessage: "", nodeId: 0, host: "", port: 0, coordinators };
}
