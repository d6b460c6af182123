import { boundaries } from "../boundaries.ts";
import type { History } from "../history.ts";
import { bases } from "./bases.ts";
import { clusterHistories } from "./cluster.ts";
import { configHistories } from "./configs.ts";
import { groupHistories } from "./groups.ts";
import { partitionHistories } from "./partitions.ts";
import { recordHistories } from "./records.ts";
import { resourceHistories } from "./resources.ts";
import { isTelemetry } from "./telemetry.ts";
import { topicHistories } from "./topics.ts";
import { transactionalOffsetHistories } from "./transactional_offsets.ts";
import { transactionHistories } from "./transactions.ts";
import { versionHistories } from "./versions.ts";

export { coordinator, stock } from "./fixture.ts";
export { afterKill, back, keeper, limited, otherProperties, withoutCoordinator } from "./others.ts";

export { telemetryHistories, withReceiver } from "./telemetry.ts";

/** Everything that is asked of both brokers, many histories at a time. */
export const histories: readonly History[] = [
  ...bases.filter((base) => !isTelemetry(base)).flatMap(boundaries),
  ...recordHistories,
  ...topicHistories,
  ...configHistories,
  ...clusterHistories,
  ...resourceHistories,
  ...partitionHistories,
  ...groupHistories,
  ...transactionHistories,
  ...transactionalOffsetHistories,
  ...versionHistories,
];
