/** How Kafka's tools are asked to administer topics and a cluster of one node, broker 1. */

export interface AdminCall {
  readonly tool: keyof typeof TOOLS;
  /** Words between spaces; TEMP is the directory of {@link files}. */
  readonly line: string;
  /** Groups, members and topics come in the order of somebody's hash table. */
  readonly inAnyOrder?: true;
}

/** Where each tool is, and whether it is told of the broker behind its line instead of before it, as subcommands have it. */
export const TOOLS = {
  TopicCommand: { main: "org.apache.kafka.tools.TopicCommand", behind: false },
  LogDirsCommand: { main: "org.apache.kafka.tools.LogDirsCommand", behind: false },
  LeaderElectionCommand: { main: "org.apache.kafka.tools.LeaderElectionCommand", behind: false },
  ReassignPartitionsCommand: { main: "org.apache.kafka.tools.reassign.ReassignPartitionsCommand", behind: false },
  ConfigCommand: { main: "kafka.admin.ConfigCommand", behind: false },
  MetadataQuorumCommand: { main: "org.apache.kafka.tools.MetadataQuorumCommand", behind: false },
  FeatureCommand: { main: "org.apache.kafka.tools.FeatureCommand", behind: false },
  ClusterTool: { main: "org.apache.kafka.tools.ClusterTool", behind: true },
} as const;

/** Files that the tools read, by name. LOG_DIR in them is the broker's directory. */
export const files: Readonly<Record<string, unknown>> = {
  "elect.json": { partitions: [{ topic: "one", partition: 0 }, { topic: "one", partition: 2 }] },
  "elect-none.json": { partitions: [{ topic: "none", partition: 0 }] },
  "move.json": { version: 1, topics: [{ topic: "one" }] },
  "stay.json": reassignment([1]),
  "away.json": reassignment([9]),
  "more.json": reassignment([1, 9]),
  "same-dir.json": reassignment([1], ["LOG_DIR"]),
  "other-dir.json": reassignment([1], ["/none"]),
  "move-two.json": { version: 1, topics: [{ topic: "two" }, { topic: "one" }] },
  "move-none.json": { version: 1, topics: [{ topic: "none" }] },
  "none.json": { version: 1, partitions: [{ topic: "none", partition: 0, replicas: [1] }] },
  "beyond.json": { version: 1, partitions: [{ topic: "one", partition: 9, replicas: [1] }] },
  "twice.json": { version: 1, partitions: [{ topic: "one", partition: 0, replicas: [1, 1] }] },
  "nobody.json": reassignment([]),
  "nothing.json": { version: 1, partitions: [] },
  "version-2.json": { version: 2, partitions: [] },
  "all.json": { version: 1, partitions: [0, 1, 2].map((partition) => ({ topic: "one", partition, replicas: [1] })) },
};

function reassignment(replicas: readonly number[], log_dirs: readonly string[] = replicas.map(() => "any")): unknown {
  return { version: 1, partitions: [{ topic: "one", partition: 0, replicas, log_dirs }] };
}

const of = (tool: keyof typeof TOOLS, ...lines: readonly string[]): AdminCall[] => lines.map((line) => ({ tool, line }));
const anyOrder = (calls: readonly AdminCall[]): AdminCall[] => calls.map((call) => ({ ...call, inAnyOrder: true }));

/** What is there before anything is looked at. */
export const makes: readonly AdminCall[] = of(
  "TopicCommand",
  "--create --topic one --partitions 3 --replication-factor 1",
  "--create --topic two --partitions 2 --config retention.ms=86400000 --config cleanup.policy=compact",
  "--create --topic defaults",
  "--create --topic assigned --replica-assignment 1,1",
  "--create --topic one --partitions 3",
  "--create --topic one --if-not-exists",
  "--create --topic elsewhere --replica-assignment 9",
  "--create --topic wide --replication-factor 2",
  "--create --topic not/right",
  "--create --topic wrong --config no.such.property=1",
  "--create --topic dotted.name",
  "--create --topic dotted_name",
  "--create --topic doomed",
);

/** Where a move's throttles are set. */
const throttles: readonly AdminCall[] = [
  ...of("ConfigCommand", "--describe --entity-type brokers --entity-name 1", "--describe --entity-type topics --entity-name one"),
];

/** In this order: some change what is there. */
export const administers: readonly AdminCall[] = [
  ...of("TopicCommand", "--list", "--list --exclude-internal", "--list --topic d.*"),
  ...anyOrder(of("TopicCommand", "--describe")),
  ...of(
    "TopicCommand",
    "--describe --topic one",
    "--describe --topic one --partition-size-limit-per-response 2",
    "--describe --topic none",
    "--describe --topic none --if-exists",
    "--describe --under-replicated-partitions",
    "--describe --unavailable-partitions",
    "--describe --under-min-isr-partitions",
    "--describe --at-min-isr-partitions --topic two",
    "--alter --topic defaults --partitions 3",
    "--alter --topic defaults --partitions 2",
    "--alter --topic defaults --partitions 4 --replica-assignment 1,1,1,1",
    "--alter --topic defaults --partitions 5 --replica-assignment 1,1,1,1,9",
    "--alter --topic none --partitions 2",
    "--describe --topic defaults",
    "--delete --topic doomed",
    "--delete --topic none",
    "--delete --topic none --if-exists",
    "--list",
  ),
  ...of(
    "LogDirsCommand",
    "--describe --topic-list one",
    "--describe --broker-list 1 --topic-list one",
    "--describe --broker-list 1 --topic-list none",
    "--describe --broker-list 9",
  ),
  ...of(
    "LeaderElectionCommand",
    "--election-type preferred --topic one --partition 0",
    "--election-type preferred --all-topic-partitions",
    "--election-type unclean --topic one --partition 1",
    "--election-type unclean --all-topic-partitions",
    "--election-type preferred --path-to-json-file TEMP/elect.json",
    "--election-type preferred --path-to-json-file TEMP/elect-none.json",
    "--election-type preferred --topic one --partition 9",
  ),
  ...of(
    "ReassignPartitionsCommand",
    "--list",
    "--generate --topics-to-move-json-file TEMP/move.json --broker-list 1",
    "--generate --topics-to-move-json-file TEMP/move.json --broker-list 9",
    "--execute --reassignment-json-file TEMP/stay.json",
    "--verify --preserve-throttles --reassignment-json-file TEMP/stay.json",
    "--execute --reassignment-json-file TEMP/away.json",
    "--execute --reassignment-json-file TEMP/more.json",
    "--execute --disallow-replication-factor-change --reassignment-json-file TEMP/stay.json",
    "--verify --preserve-throttles --reassignment-json-file TEMP/away.json",
    "--cancel --preserve-throttles --reassignment-json-file TEMP/stay.json",
    "--execute --reassignment-json-file TEMP/same-dir.json",
    "--verify --preserve-throttles --reassignment-json-file TEMP/same-dir.json",
    "--execute --timeout 1000 --reassignment-json-file TEMP/other-dir.json",
    "--generate --topics-to-move-json-file TEMP/move-two.json --broker-list 1 --disable-rack-aware",
    "--generate --topics-to-move-json-file TEMP/move-none.json --broker-list 1",
    ...["none", "beyond", "twice", "nobody", "nothing", "version-2", "absent"].map((name) =>
      `--execute --reassignment-json-file TEMP/${name}.json`
    ),
    "--verify --reassignment-json-file TEMP/none.json",
    "--cancel --reassignment-json-file TEMP/beyond.json",
    "--execute --throttle 1000000 --replica-alter-log-dirs-throttle 2000000 --reassignment-json-file TEMP/all.json",
  ),
  ...throttles,
  ...of(
    "ReassignPartitionsCommand",
    "--execute --additional --throttle 3000000 --reassignment-json-file TEMP/same-dir.json",
    "--verify --preserve-throttles --reassignment-json-file TEMP/all.json",
  ),
  ...throttles,
  ...of("ReassignPartitionsCommand", "--verify --reassignment-json-file TEMP/all.json"),
  ...throttles,
  ...of(
    "ReassignPartitionsCommand",
    "--execute --throttle 1000000 --reassignment-json-file TEMP/stay.json",
    "--cancel --reassignment-json-file TEMP/stay.json",
  ),
  ...throttles,
  ...of("ReassignPartitionsCommand", "--list"),
  ...of(
    "MetadataQuorumCommand",
    "describe --status",
    "describe --replication",
    "describe --replication --human-readable",
    "remove-controller --controller-id 9 --controller-directory-id c29tZSBkaXJlY3RvcnkgIA",
  ),
  ...of(
    "FeatureCommand",
    "describe",
    "upgrade --metadata 4.3-IV0",
    "upgrade --metadata 4.3-IV0 --dry-run",
    "upgrade --feature metadata.version=99",
    "upgrade --feature no.such.version=1",
    "downgrade --metadata 3.9-IV0",
    "downgrade --metadata 3.9-IV0 --unsafe",
    "disable --feature metadata.version",
    "version-mapping --release-version 4.3",
  ),
  ...of("ClusterTool", "cluster-id", "list-endpoints", "list-endpoints --include-fenced-brokers", "unregister --id 9"),
];
