import type { Clock, Logger, Random } from "../../../platform/mod.ts";
import type { BrokerSettings } from "../../config/settings.ts";
import type { Decision, Parked, Reply, ShardTimers } from "../shard.ts";
import type { GroupRecord } from "./records.ts";

/** The settings that groups go by. */
export type GroupSettings =
  & Pick<
    BrokerSettings,
    | "groupMinSessionTimeoutMs"
    | "groupMaxSessionTimeoutMs"
    | "groupInitialRebalanceDelayMs"
    | "groupMaxSize"
    | "offsetMetadataMaxBytes"
    | "offsetsRetentionMs"
    | "offsetsRetentionCheckIntervalMs"
  >
  & {
    /** The largest batch that the log takes: `max.message.bytes` of `__consumer_offsets`, which may change. */
    readonly maxBatchBytes: number;
  };

/** What a group shard may know of the world. */
export interface GroupEnvironment {
  readonly settings: GroupSettings;
  readonly timers: ShardTimers<GroupRecord>;
  /** Whether records can be written now. What is decided all the same stands, as in Kafka, but is not in the log. */
  readonly canWrite: () => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Who sent a request, as far as groups want to know. */
export interface Caller {
  readonly apiVersion: number;
  readonly clientId: string;
  /** The address as Kafka writes it into group metadata: `/127.0.0.1`. */
  readonly clientHost: string;
}

/** What a decision brings about besides its answer, gathered on the way. */
export class Effects {
  readonly records: GroupRecord[] = [];
  readonly replies: Reply[] = [];

  decide<Res>(response: Res | Parked<Res>): Decision<Res, GroupRecord> {
    return { response, records: this.records, replies: this.replies };
  }
}
