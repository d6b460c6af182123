import { ErrorCode } from "../../../protocol/errors.ts";
import { emptyGroup, type ModelGroup, type ModelJoin, type ModelMember, type ModelProtocol } from "./model_parts.ts";

/** What follows from the state of a group in the model, without changing it. */

/** A group as it is read from its record: only what its members said of the protocol in use is known. */
export function copyOf(group: ModelGroup): ModelGroup {
  const members = [...group.members.values()].map((member): [string, ModelMember] => {
    const protocols = member.protocols.filter(({ name }) => name === group.protocol);
    return [member.id, { ...member, protocols, isNew: false, joining: null, syncing: null }];
  });
  const { id, since, state, generation, protocolType, protocol } = group;
  return {
    ...emptyGroup(id, since),
    state,
    generation,
    protocolType,
    protocol,
    leaders: new Set(group.leaders),
    members: new Map(members),
  };
}

/** The protocols that may be chosen: each member votes for the first of its own that all know. */
export function winners({ members }: ModelGroup): Set<string> {
  const all = [...members.values()];
  const shared = (name: string): boolean => all.every(({ protocols }) => protocols.some((protocol) => protocol.name === name));
  const votes = new Map<string, number>();
  for (const { protocols } of all) {
    const vote = protocols.find(({ name }) => shared(name));
    if (vote !== undefined) votes.set(vote.name, (votes.get(vote.name) ?? 0) + 1);
  }
  const most = Math.max(...votes.values());
  return new Set([...votes].filter(([, count]) => count === most).map(([name]) => name));
}

export function supports(group: ModelGroup, { protocolType, protocols }: ModelJoin): boolean {
  if (group.state === "Empty") return protocolType !== "" && protocols.length > 0;
  const all = [...group.members.values()];
  return group.protocolType === protocolType &&
    protocols.some(({ name }) => all.every((member) => member.protocols.some((known) => known.name === name)));
}

export function identityError(group: ModelGroup, memberId: string, instance: string | null): number {
  if (instance !== null) {
    const current = withInstance(group, instance);
    if (current === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
    if (current.id !== memberId) return ErrorCode.FENCED_INSTANCE_ID;
  }
  return group.members.has(memberId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
}

export function withInstance({ members }: ModelGroup, instance: string): ModelMember | undefined {
  return [...members.values()].find((member) => member.instance === instance);
}

export function joining(members: ReadonlyMap<string, ModelMember>): string[] {
  return [...members.values()].filter((member) => member.joining !== null).map(({ id }) => id);
}

export function allJoined({ members, pending }: ModelGroup): boolean {
  return pending.size === 0 && joining(members).length === members.size;
}

export function rebalanceMs({ members }: ModelGroup): number {
  return Math.max(0, ...[...members.values()].map((member) => member.rebalanceMs));
}

export function sameProtocols(a: readonly ModelProtocol[], b: readonly ModelProtocol[]): boolean {
  const text = (protocols: readonly ModelProtocol[]): string => JSON.stringify(protocols.map(({ name, metadata }) => [name, metadata]));
  return text(a) === text(b);
}

/** What consumers of this generation read; null where that is not known. */
export function subscriptions({ protocolType, protocol, members }: ModelGroup): ReadonlySet<string> | null {
  if (protocolType !== "consumer" || (members.size > 0 && protocol === null)) return null;
  const topics = [...members.values()].map((member) => member.protocols.find(({ name }) => name === protocol)!.topics);
  return topics.includes(null) ? null : new Set(topics.flatMap((some) => some!));
}

export function metadataOf(member: ModelMember, protocol: string | null): readonly number[] {
  return member.protocols.find(({ name }) => name === protocol)!.metadata;
}

export function joined(group: ModelGroup, memberId: string, asLeader: boolean): Record<string, unknown> {
  const { generation, protocolType, protocol } = group;
  const members = [...group.members.values()].map((member) => [member.id, member.instance, metadataOf(member, protocol)].join(" ")).sort();
  const [leader] = group.leaders;
  return { error: 0, memberId, generation, protocolType, protocol, leader, members: asLeader ? members : [], skipAssignment: false };
}

export function synced({ protocolType, protocol }: ModelGroup, { assignment }: ModelMember): Record<string, unknown> {
  return { error: 0, protocolType, protocol, assignment };
}
