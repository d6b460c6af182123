import type { RequestRow } from "./rows/row.ts";
import { clusterRows } from "./rows/cluster.ts";
import { groupRows } from "./rows/groups.ts";
import { topicRows } from "./rows/topics.ts";
import { transactionRows } from "./rows/transactions.ts";

/** The table from which requests are counted and told of, by API key. What is not named in a row is never logged. */
export const requestRows: ReadonlyMap<number, RequestRow<unknown, unknown>> = new Map(
  [...topicRows, ...groupRows, ...transactionRows, ...clusterRows].map((row) => [row.api.key, row]),
);
