import type { Platform } from "../../platform/mod.ts";
import type { ClientMetrics } from "../client_metrics/service.ts";
import type { ClusterView } from "../cluster.ts";
import type { BrokerSettings } from "../config/settings.ts";
import type { GroupService } from "../coordinator/group/service.ts";
import type { TransactionService } from "../coordinator/transaction/service.ts";
import type { FetchSessions } from "../fetch_sessions.ts";
import type { MetadataService } from "../metadata/service.ts";
import type { MemoryBudget } from "../network/memory_budget.ts";
import type { BrokerNode } from "../node.ts";
import type { Partitions } from "../partitions.ts";
import type { RequestWatch } from "./request_watch.ts";

/** The parts of a broker that metrics and health are read from. */
export interface Source {
  readonly platform: Pick<Platform, "usage">;
  readonly settings: BrokerSettings;
  readonly cluster: ClusterView;
  readonly nodes: readonly BrokerNode[];
  readonly budget: MemoryBudget;
  readonly requests: RequestWatch;
  readonly partitions: Partitions;
  readonly metadata: MetadataService;
  readonly groups: GroupService;
  readonly transactions: TransactionService;
  readonly fetchSessions: FetchSessions;
  /** Null where nobody receives metrics of clients. */
  readonly clientMetrics: ClientMetrics | null;
}
