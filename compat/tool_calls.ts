/** How Kafka's tools are asked about the history. */

import { HISTORY_BEGAN } from "./history.ts";

export interface ToolCall {
  readonly name: string;
  readonly main: string;
  /** `temp` is a directory for the tool's files. */
  readonly args: (bootstrap: string, temp: string) => string[];
}

function groups(line: string): ToolCall {
  return call("ConsumerGroupCommand", "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", line);
}

function offsets(line: string): ToolCall {
  return call("GetOffsetShell", "org.apache.kafka.tools.GetOffsetShell", line);
}

/** Words of `line` are arguments; TEMP in them is the directory. */
function call(tool: string, main: string, line: string): ToolCall {
  const words = line === "" ? [] : line.split(" ");
  return {
    name: `${tool} ${line}`,
    main,
    args: (bootstrap, temp) => ["--bootstrap-server", bootstrap, ...words.map((word) => word.replace("TEMP", temp))],
  };
}

const describe: readonly ToolCall[] = [
  groups("--list --state --type"),
  ...["simple", "bereft", "java", "stable", "static", "empty", "workers", "completing", "rebalancing"].flatMap((group) => [
    groups(`--describe --group ${group} --offsets`),
    groups(`--describe --group ${group} --members --verbose`),
    groups(`--describe --group ${group} --state`),
  ]),
];

const reset = "--reset-offsets --group reset";

/** In this order: some change what is there. */
export function looks(isOttla: boolean): ToolCall[] {
  return [
    groups("--list"),
    groups("--list --state"),
    groups("--list --state Stable,PreparingRebalance"),
    groups("--list --type classic"),
    groups("--list --type consumer"),
    ...describe,
    groups("--describe --all-groups --state"),
    groups("--describe --all-groups"),
    groups("--describe --group nobody"),
    groups("--describe --group nobody --members"),
    ...resets,
    groups("--delete-offsets --group partly --topic orders"),
    groups("--delete-offsets --group partly --topic stock:1"),
    groups("--delete-offsets --group partly --topic no-such-topic"),
    groups("--delete-offsets --group stable --topic stock"),
    groups("--delete-offsets --group nobody --topic stock"),
    groups("--describe --group partly"),
    groups("--delete --group doomed"),
    groups("--delete --group stable"),
    groups("--delete --group nobody"),
    groups("--list"),
    ...offsetLooks,
    call(
      "ClientCompatibilityTest",
      "org.apache.kafka.tools.ClientCompatibilityTest",
      "--topic orders --offsets-for-times-supported true --cluster-id-supported true --expect-record-too-large-exception false " +
        "--num-cluster-nodes 1 --create-topics-supported true --describe-configs-supported true --idempotent-producer-supported true " +
        // ACLs are not served yet; Kafka without an authorizer says that security is disabled, which the tool counts as support.
        `--describe-acls-supported ${!isOttla}`,
    ),
  ];
}

const resets: readonly ToolCall[] = [
  groups(`${reset} --all-topics --to-earliest`),
  groups(`${reset} --all-topics --to-latest --dry-run`),
  groups(`${reset} --topic stock --to-current`),
  groups(`${reset} --topic stock:0,1 --shift-by -2 --execute`),
  groups(`${reset} --topic stock:2 --shift-by 100 --execute`),
  groups(`${reset} --topic orders --to-offset 3 --execute`),
  groups(`${reset} --topic stock --to-datetime ${new Date(HISTORY_BEGAN + 9 * 60_000).toISOString().slice(0, -1)}`),
  groups(`${reset} --all-topics --by-duration PT1H`),
  groups(`${reset} --topic no-such-topic --to-latest`),
  groups("--describe --group reset"),
  groups("--reset-offsets --group new --topic orders --to-latest --execute"),
  groups("--reset-offsets --group stable --all-topics --to-latest --execute"),
  groups("--reset-offsets --all-groups --all-topics --to-earliest"),
  groups(`${reset} --all-topics --to-current --export`),
];

const offsetLooks: readonly ToolCall[] = [
  offsets(""),
  ...["-1", "-2", "-3", "-4", "-5", "-6"].map((time) => offsets(`--topic stock --time ${time}`)),
  offsets(`--topic stock --time ${HISTORY_BEGAN + 7 * 60_000}`),
  offsets(`--topic stock --time ${HISTORY_BEGAN + 99 * 60_000}`),
  offsets("--topic-partitions stock:0-1,orders --time latest"),
  offsets("--topic-partitions .*:1- --time earliest --exclude-internal-topics"),
  offsets("--topic stock --partitions 2 --time max-timestamp"),
  offsets("--topic no-such-topic"),
  offsets("--topic stock --partitions 9"),
];

/** Groups are what their log says: what was between two states is back in the one before. */
export const afterRestart: readonly ToolCall[] = describe;
