import { ErrorCode } from "../../../../protocol/errors.ts";
import type { HeartbeatRequest } from "../../../../protocol/generated/12_heartbeat.ts";
import { KafkaError } from "../../../kafka_error.ts";
import type { ClassicGroup } from "./group.ts";
import type { Rebalancer } from "./rebalance.ts";

/**
 * Heartbeat: a sign of life, answered with NONE, or with REBALANCE_IN_PROGRESS while the group waits for its members to rejoin.
 * Kafka: `GroupMetadataManager.classicGroupHeartbeatToClassicGroup`.
 */
export function heartbeat(rebalancer: Rebalancer, group: ClassicGroup, request: HeartbeatRequest): number {
  const member = group.member(request.memberId, request.groupInstanceId);
  if (request.generationId !== group.generation) throw new KafkaError(ErrorCode.ILLEGAL_GENERATION);
  rebalancer.expectHeartbeat(group, member);
  return group.state === "PreparingRebalance" ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
}
