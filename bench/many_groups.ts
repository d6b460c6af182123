import type { WireClient } from "../broker/testing/wire_client.ts";
import { connectWire } from "../compat/wire.ts";
import { ErrorCode, errorName } from "../protocol/mod.ts";
import { JoinGroup } from "../protocol/generated/11_join_group.ts";
import { Heartbeat } from "../protocol/generated/12_heartbeat.ts";
import { SyncGroup } from "../protocol/generated/14_sync_group.ts";

const HEARTBEAT_MS = 3_000;
const SESSION_MS = 45_000;
const REBALANCE_MS = 60_000;
/** A subscription to nothing: the broker only hands it on. */
const SUBSCRIPTION = new Uint8Array(10);

/** Members of many groups, each on a connection of its own as a real one, speaking our own codecs so that they cost little. */
export class ManyGroups {
  heartbeats = 0;
  readonly #members: Member[] = [];
  #running: Promise<unknown> = Promise.resolve();

  constructor(bootstrap: string, readonly topic: string, groups: number, size: number) {
    for (let group = 0; group < groups; group++) {
      for (let i = 0; i < size; i++) this.#members.push(new Member(bootstrap, `standing-${group}`, size, () => this.heartbeats++));
    }
  }

  /** Starts them all; settles when every group has all its members in one generation. */
  async untilStable(): Promise<void> {
    this.#running = Promise.all(this.#members.map((member) => member.run()));
    await Promise.race([Promise.all(this.#members.map((member) => member.stable)), this.#running]);
    this.heartbeats = 0;
  }

  /** Hangs up on all. */
  async close(): Promise<void> {
    for (const member of this.#members) member.close();
    await this.#running;
  }
}

class Member {
  readonly stable: Promise<void>;
  #memberId = "";
  #generation = -1;
  #becameStable!: () => void;
  #client: WireClient | undefined;
  #closed = false;
  #wake = (): void => {};

  constructor(readonly bootstrap: string, readonly group: string, readonly groupSize: number, readonly beat: () => void) {
    this.stable = new Promise((resolve) => this.#becameStable = resolve);
  }

  async run(): Promise<void> {
    this.#client = await connectWire(this.bootstrap);
    while (!this.#closed) {
      if (await this.#join(this.#client)) await this.#beatWhileStable(this.#client);
    }
    this.#client.close();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** One round of join and sync; false if it must be tried again. */
  async #join(client: WireClient): Promise<boolean> {
    const joined = await client.call(JoinGroup, 7, {
      groupId: this.group,
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: REBALANCE_MS,
      memberId: this.#memberId,
      groupInstanceId: null,
      protocolType: "consumer",
      protocols: [{ name: "range", metadata: SUBSCRIPTION }],
      reason: null,
    });
    if (joined.errorCode === ErrorCode.MEMBER_ID_REQUIRED) this.#memberId = joined.memberId;
    if (joined.errorCode !== ErrorCode.NONE) return this.#again("join", joined.errorCode, [ErrorCode.MEMBER_ID_REQUIRED]);
    this.#generation = joined.generationId;
    const assignments = joined.members.map(({ memberId }) => ({ memberId, assignment: SUBSCRIPTION }));
    const synced = await client.call(SyncGroup, 5, { ...this.#identity(), protocolType: "consumer", protocolName: "range", assignments });
    if (synced.errorCode !== ErrorCode.NONE) return this.#again("sync", synced.errorCode, [ErrorCode.REBALANCE_IN_PROGRESS]);
    return true;
  }

  /** Until a rebalance begins or it is closed. Early on it asks often: others are still coming. */
  async #beatWhileStable(client: WireClient): Promise<void> {
    for (let beats = 0; !this.#closed; beats++) {
      if (beats > 2) this.#becameStable();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, beats > 2 ? HEARTBEAT_MS : 500);
      });
      if (this.#closed) return;
      this.beat();
      const { errorCode } = await client.call(Heartbeat, 4, this.#identity());
      if (errorCode === ErrorCode.NONE) continue;
      this.#again("heartbeat", errorCode, [ErrorCode.REBALANCE_IN_PROGRESS]);
      return;
    }
  }

  #identity(): { groupId: string; generationId: number; memberId: string; groupInstanceId: null } {
    return { groupId: this.group, generationId: this.#generation, memberId: this.#memberId, groupInstanceId: null };
  }

  #again(what: string, errorCode: number, expected: readonly number[]): false {
    if (!expected.includes(errorCode)) throw new Error(`${what} in ${this.group}: ${errorName(errorCode)}`);
    return false;
  }
}
