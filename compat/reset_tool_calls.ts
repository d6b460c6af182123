/** How Kafka's StreamsResetter is asked about what an application of Kafka Streams has left, `app`; what it read is `orders` (history.ts). */

import { HISTORY_BEGAN } from "./history.ts";

/** Topics with their partitions. */
export const appTopics: Readonly<Record<string, number>> = {
  orders: 3,
  middle: 2,
  results: 1,
  "app-counts-changelog": 3,
  "app-by-customer-repartition": 3,
  "app-KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-0000000007-topic": 1,
  "app-results": 1,
  "application-counts-changelog": 1,
};

/** Files that the tool reads. */
export const resetFiles: Readonly<Record<string, string>> = {
  "plan.csv": "orders,0,2\norders,1,99\norders,2,0\n",
  "half.csv": "orders,0,2\n",
  "wrong.csv": "orders,0\n",
};

const dateTime = (minutes: number): string => new Date(HISTORY_BEGAN + minutes * 60_000).toISOString().slice(0, -1);

/** Lines behind `--application-id app`; nothing is changed. */
export const dryResets: readonly string[] = [
  "",
  "--input-topics orders",
  ...[
    "--to-earliest",
    "--to-latest",
    "--to-offset 4",
    "--to-offset 0",
    "--to-offset 99",
    "--shift-by -2",
    "--shift-by 100",
    "--shift-by -100",
  ],
  ...[`--to-datetime ${dateTime(9)}`, `--to-datetime ${dateTime(99)}`, "--by-duration PT1H", "--by-duration P9999D"],
  ...["--from-file TEMP/plan.csv", "--from-file TEMP/half.csv", "--from-file TEMP/wrong.csv"],
  "--input-topics none",
  "--input-topics orders,none --intermediate-topics middle,gone",
  "--internal-topics app-counts-changelog",
  "--internal-topics app-counts-changelog,app-results",
  "--input-topics app-counts-changelog",
].map((line) => `${/^--(to|by|from|shift)/.test(line) ? `--input-topics orders ${line}` : line} --dry-run`.trim());

/** The same while the application still has a member. */
export const whileActive: readonly string[] = [
  "--input-topics orders",
  "--input-topics orders --shift-by -3 --internal-topics app-counts-changelog --force",
];

/** In this order: each changes what is there. */
export const resets: readonly string[] = [
  "--input-topics orders --to-offset 4 --intermediate-topics middle --internal-topics app-by-customer-repartition",
  "--input-topics orders",
];
