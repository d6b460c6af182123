/**
 * A scenario as data: what a user of Kafka does, step by step, and what that user must see. `run_scenario.ts` plays it through any client's driver.
 *
 * Names of topics, groups and transactional ids are the scenario's own: the runner puts a scope before each, so that scenarios share a broker.
 */
import type { ClientName } from "../drivers/driver.ts";
import type { Matcher } from "./match.ts";

export const AREAS = [
  "produce",
  "fetch",
  "offsets",
  "groups",
  "commits",
  "idempotence",
  "topics",
  "metadata",
  "errors",
  "transactions",
  "administration",
] as const;
export type Area = typeof AREAS[number];

export interface RowScenario {
  /** Unique; what is observed, in a user's words. */
  readonly name: string;
  readonly area: Area;
  /** What it shows: a KIP, or a property or section of Kafka's documentation. */
  readonly features: readonly string[];
  /** Clients it is about; all of them if left out. One that lacks a command or an option is told by its driver, not here. */
  readonly clients?: readonly ClientName[];
  /** Properties of a broker of its own; without them the broker is shared. */
  readonly broker?: Readonly<Record<string, string>>;
  /** Why Ottla does not pass yet. Whoever makes it pass takes this away: until then passing fails the suite. */
  readonly notYet?: string;
  readonly steps: readonly Step[];
}

/** What a step must come to; without `expect` and `error` it must succeed. */
export interface Outcome {
  /** What the answer must match (match.ts). */
  readonly expect?: Matcher;
  /** The error's name in Kafka's table, or one of several where clients see different ones. */
  readonly error?: string | readonly string[];
  /** Keeps the answer under this name, for `$kept` in later steps. */
  readonly keep?: string;
  /** The step is repeated until it comes to this, for so many milliseconds. */
  readonly within?: number;
}

/** A value alone, or what else a record has; without a partition the client's partitioner chooses. Texts are sent as UTF-8. */
export type StepRecord = string | {
  readonly key?: string | null;
  readonly value?: string | null;
  readonly headers?: readonly (readonly [string, string | null])[];
  readonly partition?: number;
  readonly timestamp?: number;
};

type Offsets = readonly (readonly [topic: string, partition: number, offset: number])[];
type Start = "earliest" | "latest" | number | { readonly timestamp: number };
/** Offsets by their place that the consumer has no word for. */
type SpecialPlace = "max-timestamp" | "earliest-local" | "latest-tiered" | "earliest-pending-upload";
type ConfigType = "topic" | "broker" | "broker_logger" | "client_metrics" | "group";

interface ProducerOptions {
  readonly acks?: 0 | 1 | -1;
  readonly compression?: "none" | "gzip" | "snappy" | "lz4" | "zstd";
  readonly idempotent?: boolean;
  /** A producer of its own, kept under this name; without it producers of equal options are shared. */
  readonly producer?: string;
  readonly transactionalId?: string;
  readonly transactionTimeoutMs?: number;
  readonly timeoutMs?: number;
  /** The records' timestamps are answered in place of their offsets. */
  readonly timestamps?: boolean;
}

/** Requests to a client; a driver's `can` names the ones it knows and their parameters. */
type ClientStep =
  | {
    readonly op: "createTopic";
    readonly topic: string;
    readonly partitions?: number;
    readonly replicas?: number;
    readonly config?: Readonly<Record<string, string>>;
    readonly validateOnly?: boolean;
    /** Brokers of each partition; "broker" is the one that there is. */
    readonly assignments?: readonly (readonly (number | "broker")[])[];
  }
  | { readonly op: "deleteTopic" | "describeTopic"; readonly topic: string }
  /** By its id, which an earlier step has kept. */
  | { readonly op: "deleteTopic" | "describeTopic"; readonly topicId: { readonly $kept: string } }
  | { readonly op: "listTopics" | "describeCluster" | "describeFeatures" | "describeQuorum" | "describeLogDirs" }
  /** Of every feature the range of levels that is supported and the one that is finalized. */
  | { readonly op: "featureLevels" }
  /** Of the broker that there is, whatever `name` says; but that a broker named "" is all brokers. */
  | {
    readonly op: "describeConfigs";
    readonly type: ConfigType;
    readonly name: string;
    /** Each with where its value comes from and what would be there without it, the first one that counts. */
    readonly synonyms?: boolean;
    /** Each with its type and its description (KIP-569). */
    readonly documentation?: boolean;
    /** These alone. */
    readonly keys?: readonly string[];
  }
  | ({ readonly op: "listOffsets"; readonly topic: string; readonly partition?: number; readonly at: Start | SpecialPlace } & Isolation)
  | ({ readonly op: "produce"; readonly topic: string; readonly records: readonly StepRecord[] } & ProducerOptions)
  | ({
    readonly op: "fetch";
    readonly topic: string;
    readonly partition?: number;
    readonly from: Start;
    readonly count: number;
    /** How long to wait for so many; then what has come is the answer. */
    readonly waitMs?: number;
    readonly reset?: "none" | "earliest" | "latest";
    readonly maxBytes?: number;
    readonly maxPartitionBytes?: number;
    readonly minBytes?: number;
    /** `fetch.max.wait.ms`; 200 without it. */
    readonly maxWaitMs?: number;
    readonly autoCreate?: boolean;
  } & Isolation)
  | ({
    readonly op: "join";
    readonly member: string;
    readonly group: string;
    readonly topics?: readonly string[];
    /** Topics that match, in place of `topics`. */
    readonly pattern?: string;
    readonly assignor?: "range" | "roundrobin" | "sticky" | "cooperative-sticky";
    readonly protocol?: "consumer";
    readonly instanceId?: string;
    readonly sessionTimeoutMs?: number;
    readonly reset?: "earliest" | "latest";
    readonly autoCommit?: boolean;
    /** In a process of this name, which {@link RunnerStep} can kill. */
    readonly process?: string;
  } & Isolation)
  | { readonly op: "status" | "leave"; readonly member: string }
  | { readonly op: "poll"; readonly member: string; readonly count: number; readonly waitMs?: number }
  | { readonly op: "commit"; readonly member: string; readonly offsets: Offsets }
  | { readonly op: "groupOffsets" | "describeGroup" | "deleteGroup" | "removeAllMembers"; readonly group: string }
  | { readonly op: "listGroups"; readonly states?: readonly string[]; readonly types?: readonly string[] }
  | { readonly op: "deleteGroupOffsets"; readonly group: string; readonly topic: string; readonly partition: number }
  | { readonly op: "alterGroupOffsets"; readonly group: string; readonly offsets: Offsets; readonly metadata?: string }
  | { readonly op: "removeMember"; readonly group: string; readonly instanceId: string }
  | { readonly op: "leaderEpochEnd"; readonly topic: string; readonly partition: number; readonly epoch: number }
  | {
    readonly op: "createPartitions";
    readonly topic: string;
    readonly count: number;
    readonly validateOnly?: boolean;
    /** Brokers of each new partition. */
    readonly assignments?: readonly (readonly (number | "broker")[])[];
  }
  /** Sets these and gives up all others, as before KIP-339. */
  | { readonly op: "replaceConfigs"; readonly type: ConfigType; readonly name: string; readonly set: Readonly<Record<string, string>> }
  | {
    readonly op: "alterConfigs";
    readonly type: ConfigType;
    readonly name: string;
    readonly set?: Readonly<Record<string, string>>;
    readonly append?: Readonly<Record<string, string>>;
    readonly subtract?: Readonly<Record<string, string>>;
    readonly remove?: readonly string[];
    readonly validateOnly?: boolean;
  }
  | { readonly op: "deleteRecords"; readonly topic: string; readonly partition: number; readonly before: number }
  | {
    readonly op: "describeProducers" | "listReassignments" | "describeReplica";
    readonly topic: string;
    readonly partition: number;
  }
  | { readonly op: "electLeaders"; readonly topic: string; readonly partition: number; readonly unclean?: boolean }
  | {
    /** Without replicas a move that is under way is cancelled. */
    readonly op: "reassign";
    readonly topic: string;
    readonly partition: number;
    readonly replicas?: readonly (number | "broker")[];
  }
  /** Without a directory to where it is. */
  | { readonly op: "moveReplica"; readonly topic: string; readonly partition: number; readonly directory?: string }
  | { readonly op: "describePages"; readonly topic: string; readonly limit: number }
  /** One page, of topics of these names, from such a place on. */
  | {
    readonly op: "describePage";
    readonly topics: readonly string[];
    readonly limit: number;
    readonly cursor?: { readonly topic: string; readonly partition: number };
  }
  | { readonly op: "authorizedOperations"; readonly topic: string }
  | {
    readonly op: "updateFeature";
    readonly feature: string;
    readonly level: number;
    readonly how?: "safe" | "unsafe";
    readonly validateOnly?: boolean;
  }
  | { readonly op: "unregisterBroker"; readonly broker: number }
  | { readonly op: "addVoter" | "removeVoter"; readonly voter: number | "broker" }
  | {
    readonly op: "listTransactions";
    readonly states?: readonly string[];
    readonly olderThanMs?: number;
    /** Of transactional ids. */
    readonly pattern?: string;
  }
  | { readonly op: "describeTransaction" | "fenceProducer"; readonly transactionalId: string }
  | { readonly op: "describeAcls" }
  /** Of one type; of topics without it. */
  | { readonly op: "listConfigResources"; readonly type?: ConfigType }
  | ({
    readonly op: "alterQuotas";
    readonly set?: Readonly<Record<string, number>>;
    readonly remove?: readonly string[];
    readonly validateOnly?: boolean;
  } & QuotaEntity)
  /** Of exactly this entity. */
  | ({ readonly op: "describeQuotas" } & QuotaEntity)
  /** Of all entities that have such parts, and only such if it is strict; a part is matched by a name, "" is the default, and anything by true. */
  | {
    readonly op: "findQuotas";
    readonly strict?: boolean;
    readonly user?: string | true;
    readonly client?: string | true;
    readonly ip?: string | true;
  }
  | { readonly op: "describeScram"; readonly user: string }
  | { readonly op: "alterScram"; readonly user: string; readonly iterations: number }
  | ({ readonly op: "initTransactions" | "beginTransaction" | "commitTransaction" | "abortTransaction" } & NamedProducer)
  | ({
    readonly op: "sendOffsets";
    readonly group: string;
    readonly offsets: Offsets;
    /** With what this member of the group knows of it, and so fenced (KIP-447). */
    readonly member?: string;
    /** As if the member had not heard of the newest generation. */
    readonly stale?: boolean;
  } & NamedProducer)
  /** Ends what is open in a partition, whatever the coordinator knows (KIP-664). */
  | { readonly op: "abortHanging"; readonly topic: string; readonly partition: number };

/** What is not committed, or comes after it, is not read. */
interface Isolation {
  readonly isolation?: "read_committed";
}

/** Whom quotas are for; "" is the default of its kind. */
interface QuotaEntity {
  readonly user?: string;
  readonly client?: string;
  readonly ip?: string;
}

type NamedProducer =
  & { readonly producer: string; readonly transactionalId?: string }
  & Pick<ProducerOptions, "transactionTimeoutMs">;

/** What the runner does itself. */
type RunnerStep =
  /** A topic that the scenario needs and is not about: made by a raw request, so that what a client makes of CreateTopics decides nothing else. */
  | { readonly op: "topic"; readonly topic: string; readonly partitions: number; readonly config?: Readonly<Record<string, string>> }
  | { readonly op: "killProcess"; readonly process: string }
  /** Once in a scenario: all scenarios that do so share one restart, and what they do before comes before it. */
  | { readonly op: "restartBroker" | "killBroker" }
  | { readonly op: "wait"; readonly ms: number }
  /** Each of these at the same time; an array within is one thing after the other. */
  | { readonly op: "together"; readonly steps: readonly (Step | readonly Step[])[] };

export type Step = (ClientStep | RunnerStep) & Outcome;
