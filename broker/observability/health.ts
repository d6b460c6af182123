import { METADATA_TOPIC, OFFSETS_TOPIC, TRANSACTION_TOPIC } from "../metadata/topic_names.ts";
import type { Source } from "./source.ts";

/** How many partitions of a kind are named; the counts are of all. */
const MOST_NAMED = 100;

/** What `GET /health` answers. */
export interface Health {
  /** `ok`: everything that there is can be read and written. Anything else is answered with 503. */
  readonly status: "starting" | "ok" | "degraded" | "closing";
  readonly offlinePartitions: Named;
  /** Partitions that take no more writes because a disk operation failed; what they hold can be read. */
  readonly readOnlyPartitions: Named;
  /** Partitions of which some offsets cannot be read, as far as somebody has come across that since the start. */
  readonly damagedPartitions: Named;
  /** Coordinators that could not be read back from their logs, and refuse what is asked of them. */
  readonly failedCoordinators: readonly string[];
  /** Coordinators that are being read back; clients ask again. */
  readonly loadingCoordinators: readonly string[];
}

interface Named {
  readonly count: number;
  /** The first of them: `orders-0`. */
  readonly names: readonly string[];
}

const none: Named = { count: 0, names: [] };

/** A broker that cannot say more of itself yet, or no longer. */
export function healthWithout(status: "starting" | "closing"): Health {
  return {
    status,
    offlinePartitions: none,
    readOnlyPartitions: none,
    damagedPartitions: none,
    failedCoordinators: [],
    loadingCoordinators: [],
  };
}

/** How a broker that serves is. A coordinator that loads is no reason to be `degraded`: it is the matter of a moment, in which clients wait. */
export function healthOf(source: Source): Health {
  const { offline, readOnly, damaged } = troubledPartitions(source);
  const states = [...coordinatorStates(source)];
  const inState = (wanted: string): string[] => states.filter(([, state]) => state === wanted).map(([name]) => name);
  const failed = inState("failed");
  return {
    status: offline.count + readOnly.count + damaged.count + failed.length > 0 ? "degraded" : "ok",
    offlinePartitions: offline,
    readOnlyPartitions: readOnly,
    damagedPartitions: damaged,
    failedCoordinators: failed,
    loadingCoordinators: inState("loading"),
  };
}

function troubledPartitions({ partitions }: Source): Record<"offline" | "readOnly" | "damaged", Named> {
  const kinds = {
    offline: { count: 0, names: [] as string[] },
    readOnly: { count: 0, names: [] as string[] },
    damaged: { count: 0, names: [] as string[] },
  };
  for (const [topic, index, partition] of partitions.all()) {
    const add = (kind: keyof typeof kinds): void => {
      if (kinds[kind].count++ < MOST_NAMED) kinds[kind].names.push(`${topic}-${index}`);
    };
    if (partition === null) add("offline");
    if (partition?.log.isFenced) add("readOnly");
    if (partition?.log.isDamaged) add("damaged");
  }
  return kinds;
}

function* coordinatorStates({ metadata, groups, transactions }: Source): Iterable<[name: string, state: string]> {
  yield [`${METADATA_TOPIC}-0`, metadata.state];
  for (const [partition, state] of groups.states()) yield [`${OFFSETS_TOPIC}-${partition}`, state];
  for (const [partition, state] of transactions.states()) yield [`${TRANSACTION_TOPIC}-${partition}`, state];
}
