import { ErrorCode } from "../../../protocol/errors.ts";
import { KafkaError } from "../../kafka_error.ts";
import type { ProducerIdAndEpoch } from "./transitions.ts";

/** What of a connection matters: the node that it is to, and when it was opened, on the monotonic clock. */
export interface ProducerConnection {
  readonly nodeId: number;
  readonly openedAt: number;
}

/** To whom requests go: a producer sends all of one kind, to one node, on one connection. */
export type RequestKind = "coordinator" | "leader";

/**
 * The newest connection on which each producer of transaction version 1 has spoken. With that version all transactions of a producer have one epoch, so
 * that a request that was held up on an old connection would count for a later transaction. A client opens another connection only when it
 * has given up the one before, so what still comes on that is late. Kafka cannot tell (docs/decisions/0016).
 */
export class NewestConnections {
  readonly #newest = new Map<string, Map<string, ProducerIdAndEpoch & { readonly openedAt: number }>>();

  /** Throws PRODUCER_FENCED for what comes on an older connection than the producer, with this id and epoch, has spoken on. */
  check(
    transactionalId: string,
    { producerId, producerEpoch }: ProducerIdAndEpoch,
    connection: ProducerConnection,
    kind: RequestKind,
  ): void {
    const { nodeId, openedAt } = connection;
    const ofId = this.#newest.get(transactionalId) ?? new Map();
    const place = `${kind} ${nodeId}`;
    const newest = ofId.get(place);
    const isSame = newest?.producerId === producerId && newest.producerEpoch === producerEpoch;
    if (isSame && openedAt < newest.openedAt) throw new KafkaError(ErrorCode.PRODUCER_FENCED);
    if (isSame && openedAt === newest.openedAt) return;
    ofId.set(place, { producerId, producerEpoch, openedAt });
    this.#newest.set(transactionalId, ofId);
  }

  /** Forgets transactional ids that are gone. */
  keepOnly(isKnown: (transactionalId: string) => boolean): void {
    for (const transactionalId of this.#newest.keys()) if (!isKnown(transactionalId)) this.#newest.delete(transactionalId);
  }
}
