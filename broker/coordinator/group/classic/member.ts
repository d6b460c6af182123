import type { JoinGroupRequest, JoinGroupResponse } from "../../../../protocol/generated/11_join_group.ts";
import type { SyncGroupResponse } from "../../../../protocol/generated/14_sync_group.ts";
import type { Parked } from "../../shard.ts";

/** Something a member can do, and what it tells the leader about it. For consumers: an assignor and a subscription. */
export interface Protocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

/** A member of a classic group. Kafka: `ClassicGroupMember`. */
export interface ClassicMember {
  readonly memberId: string;
  /** `group.instance.id` of a static member (KIP-345), or null. */
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  /** Milliseconds without a sign of life after which it is out. */
  sessionTimeoutMs: number;
  /** Milliseconds that the group waits for it to rejoin. */
  rebalanceTimeoutMs: number;
  /** Best first, each name once. */
  protocols: readonly Protocol[];
  /** Whether it has never been told its member id: then it cannot send heartbeats, and waiting for the group is no sign of life. */
  isNew: boolean;
  /** The assignment with which it is described: the last it was given, through a rebalance too, until a generation fails to get its own. */
  described: Uint8Array;
  /** Its JoinGroup, while that waits for the rest of the group. */
  awaitingJoin: Parked<JoinGroupResponse> | null;
  /** Its SyncGroup, while that waits for the leader. */
  awaitingSync: Parked<SyncGroupResponse> | null;
}

/** The protocols of a request, in bytes of our own. Of two with the same name the first counts. */
export function copyProtocols(protocols: JoinGroupRequest["protocols"]): Protocol[] {
  const byName = new Map<string, Protocol>();
  for (const { name, metadata } of protocols) {
    if (!byName.has(name)) byName.set(name, { name, metadata: metadata.slice() });
  }
  return [...byName.values()];
}

/** Whether a request names the same protocols, in the same order, with the same metadata. */
export function sameProtocols(member: ClassicMember, protocols: JoinGroupRequest["protocols"]): boolean {
  return member.protocols.length === protocols.length &&
    member.protocols.every(({ name, metadata }, index) => name === protocols[index].name && sameBytes(metadata, protocols[index].metadata));
}

/** What a member said about a protocol that the whole group shares. */
export function metadataOf(member: ClassicMember, protocol: string): Uint8Array {
  const found = member.protocols.find(({ name }) => name === protocol);
  if (found === undefined) throw new Error(`member ${member.memberId} does not know protocol ${protocol}`);
  return found.metadata;
}

/** Whether a member needs no heartbeat now, because a request of its is parked here. */
export function isWaiting(member: ClassicMember): boolean {
  return !member.isNew && (member.awaitingJoin !== null || member.awaitingSync !== null);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
