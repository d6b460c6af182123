import type { RowScenario } from "../steps/step.ts";
import { administrationRows } from "./administration.ts";
import { clusterRows } from "./cluster.ts";
import { commitsRows } from "./commits.ts";
import { compactedRows } from "./compacted.ts";
import { configsRows } from "./configs.ts";
import { errorsRows } from "./errors.ts";
import { fetchRows } from "./fetch.ts";
import { groupsRows } from "./groups.ts";
import { idempotenceRows } from "./idempotence.ts";
import { internalTopicsRows } from "./internal_topics.ts";
import { isolationRows } from "./isolation.ts";
import { logEndsRows } from "./log_ends.ts";
import { membersRows } from "./members.ts";
import { metadataRows } from "./metadata.ts";
import { offsetsRows } from "./offsets.ts";
import { partitionsRows } from "./partitions.ts";
import { produceRows } from "./produce.ts";
import { quotasRows } from "./quotas.ts";
import { retentionRows } from "./retention.ts";
import { topicConfigsRows } from "./topic_configs.ts";
import { topicCreationRows } from "./topic_creation.ts";
import { topicsRows } from "./topics.ts";
import { transactionOffsetsRows } from "./transaction_offsets.ts";
import { transactionStatesRows } from "./transaction_states.ts";
import { transactionsRows } from "./transactions.ts";

/** All scenarios that are data. */
export const rows: readonly RowScenario[] = [
  ...produceRows,
  ...fetchRows,
  ...compactedRows,
  ...offsetsRows,
  ...logEndsRows,
  ...retentionRows,
  ...groupsRows,
  ...membersRows,
  ...commitsRows,
  ...idempotenceRows,
  ...topicsRows,
  ...topicCreationRows,
  ...metadataRows,
  ...errorsRows,
  ...transactionsRows,
  ...isolationRows,
  ...transactionOffsetsRows,
  ...transactionStatesRows,
  ...administrationRows,
  ...clusterRows,
  ...partitionsRows,
  ...configsRows,
  ...topicConfigsRows,
  ...quotasRows,
  ...internalTopicsRows,
];
