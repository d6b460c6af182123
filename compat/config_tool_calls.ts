/** What Kafka's tools are told to do with configurations and quotas, and what of their words is not the broker's. */

/** A call of `tool` with these arguments; blanks part them. */
export type ConfigCall = readonly [tool: "ConfigCommand" | "ClientMetricsCommand", line: string];

export const MAINS: Readonly<Record<ConfigCall[0], string>> = {
  ConfigCommand: "kafka.admin.ConfigCommand",
  ClientMetricsCommand: "org.apache.kafka.tools.ClientMetricsCommand",
};

const configs = (line: string): ConfigCall => ["ConfigCommand", line];
const metrics = (line: string): ConfigCall => ["ClientMetricsCommand", line];

const ofTopic = "--entity-type topics --entity-name orders";
const topics = [
  `--describe ${ofTopic}`,
  `--alter ${ofTopic} --add-config retention.ms=5000,cleanup.policy=[compact,delete]`,
  `--describe ${ofTopic}`,
  `--describe ${ofTopic} --all`,
  "--describe --entity-type topics",
  `--alter ${ofTopic} --add-config no.such.config=1`,
  `--alter ${ofTopic} --add-config segment.bytes=1`,
  `--alter ${ofTopic} --delete-config retention.ms`,
  `--alter ${ofTopic} --delete-config no.such.config`,
  "--describe --entity-type topics --entity-name nowhere",
  "--alter --entity-type topics --entity-name nowhere --add-config retention.ms=1",
  `--describe --topic orders`,
];

const ofBroker = "--entity-type brokers --entity-name 1";
const ofBrokers = "--entity-type brokers --entity-default";
const brokers = [
  `--describe ${ofBrokers}`,
  `--describe ${ofBroker}`,
  `--describe ${ofBroker} --all`,
  `--alter ${ofBroker} --add-config log.retention.ms=5000,num.io.threads=4`,
  `--alter ${ofBrokers} --add-config log.retention.ms=6000,log.cleanup.policy=[compact,delete]`,
  `--describe ${ofBroker}`,
  `--describe ${ofBrokers}`,
  "--describe --entity-type brokers",
  "--describe --broker-defaults",
  "--describe --broker 1",
  `--describe ${ofBroker} --all`,
  `--describe --entity-type topics --entity-name stock --all`,
  `--alter ${ofBroker} --add-config num.partitions=3`,
  `--alter ${ofBroker} --add-config log.retention.ms=never`,
  `--alter ${ofBroker} --add-config num.network.threads=100`,
  `--alter ${ofBroker} --add-config min.insync.replicas=1`,
  `--alter ${ofBrokers} --add-config ssl.protocol=TLSv1.3`,
  `--alter ${ofBrokers} --delete-config min.insync.replicas`,
  `--alter ${ofBroker} --delete-config log.retention.ms,num.io.threads`,
  `--alter ${ofBroker} --delete-config log.roll.ms`,
  `--alter ${ofBrokers} --delete-config log.retention.ms,log.cleanup.policy`,
  `--describe ${ofBroker}`,
  "--describe --entity-type brokers --entity-name 9",
  "--alter --entity-type brokers --entity-name nine --add-config log.retention.ms=1",
];

const ofLoggers = "--entity-type broker-loggers --entity-name 1";
const loggers = [
  `--alter ${ofLoggers} --add-config root=ERROR`,
  `--describe ${ofLoggers}`,
  `--alter ${ofLoggers} --add-config root=LOUD`,
  `--alter ${ofLoggers} --add-config no.such.logger=INFO`,
  `--alter ${ofLoggers} --delete-config root`,
];

const ofGroup = "--entity-type groups --entity-name readers";
const groups = [
  `--describe ${ofGroup}`,
  `--describe ${ofGroup} --all`,
  `--alter ${ofGroup} --add-config consumer.session.timeout.ms=50000`,
  `--describe ${ofGroup}`,
  `--describe ${ofGroup} --all`,
  "--describe --entity-type groups",
  "--describe --group readers",
  `--alter ${ofGroup} --add-config consumer.session.timeout.ms=1`,
  `--alter ${ofGroup} --add-config session.timeout.ms=50000`,
  `--alter ${ofGroup} --delete-config consumer.session.timeout.ms`,
  `--alter ${ofGroup} --delete-config consumer.session.timeout.ms`,
  "--describe --entity-type groups",
];

const ofMetrics = "--entity-type client-metrics --entity-name slow";
const subscriptions = [
  configs("--describe --entity-type client-metrics"),
  configs(`--describe ${ofMetrics}`),
  configs(`--alter ${ofMetrics} --add-config interval.ms=1000,metrics=[a,b],match=[client_id=x]`),
  configs(`--describe ${ofMetrics}`),
  configs(`--describe ${ofMetrics} --all`),
  configs(`--alter ${ofMetrics} --add-config interval.ms=1`),
  configs(`--alter ${ofMetrics} --delete-config match`),
  configs("--describe --entity-type client-metrics"),
  metrics("--list"),
  metrics("--describe"),
  metrics("--alter --name fast --metrics org.apache.kafka.producer. --interval 500 --match client_id=y"),
  metrics("--list"),
  metrics("--describe --name fast"),
  metrics("--describe --name nowhere"),
  metrics("--alter --name fast --interval 1"),
  metrics("--alter --name fast --match everybody"),
  metrics("--delete --name fast"),
  metrics("--delete --name nowhere"),
  metrics("--list"),
];

const ann = "--entity-type users --entity-name ann";
const annsApp = `${ann} --entity-type clients --entity-name app`;
const address = "--entity-type ips --entity-name 192.0.2.1";
const quotas = [
  `--describe ${ann}`,
  `--alter ${ann} --add-config producer_byte_rate=1000000,request_percentage=12.5`,
  `--describe ${ann}`,
  `--alter ${annsApp} --add-config consumer_byte_rate=2000000`,
  `--alter ${ann} --entity-type clients --entity-default --add-config consumer_byte_rate=3000000`,
  `--describe ${annsApp}`,
  `--describe ${ann} --entity-type clients --entity-default`,
  `--describe ${ann} --entity-type clients`,
  "--describe --entity-type users",
  "--describe --entity-type users --entity-type clients",
  "--describe --user ann",
  "--alter --entity-type clients --entity-name app --add-config controller_mutation_rate=5",
  "--describe --entity-type clients",
  "--describe --entity-type clients --entity-default",
  `--alter ${ann} --add-config producer_byte_rate=0`,
  `--alter ${ann} --add-config producer_byte_rate=1.5`,
  `--alter ${ann} --add-config speed=1`,
  `--alter ${ann} --delete-config request_percentage`,
  `--alter ${ann} --delete-config request_percentage`,
  `--describe ${ann}`,
  `--alter ${address} --add-config connection_creation_rate=5`,
  "--alter --entity-type ips --entity-default --add-config connection_creation_rate=1000",
  `--describe ${address}`,
  "--describe --entity-type ips",
  "--describe --entity-type ips --entity-default",
  `--alter ${address} --add-config producer_byte_rate=5`,
  `--alter ${address} --delete-config connection_creation_rate`,
  "--describe --ip 192.0.2.1",
];

/** By area, in this order: each looks at what those before it have done. */
export const configCalls: Readonly<Record<string, readonly ConfigCall[]>> = {
  topics: topics.map(configs),
  brokers: brokers.map(configs),
  "broker loggers": loggers.map(configs),
  groups: groups.map(configs),
  "client metrics": subscriptions,
  quotas: quotas.map(configs),
};

/** Properties that a server.properties sets, or whose default is not Kafka's here, for the reasons that stand in their rows. */
const OWN_VALUES = [
  "advertised.listeners",
  "broker.heartbeat.interval.ms",
  "broker.id",
  "broker.session.timeout.ms",
  "controller.listener.names",
  "controller.quorum.bootstrap.servers",
  "controller.quorum.voters",
  "group.initial.rebalance.delay.ms",
  "inter.broker.listener.name",
  "listener.security.protocol.map",
  "listeners",
  "log.dir",
  "log.dirs",
  "max.connections",
  "node.id",
  "offsets.topic.num.partitions",
  "offsets.topic.replication.factor",
  "process.roles",
  "queued.max.request.bytes",
  "share.coordinator.state.topic.min.isr",
  "share.coordinator.state.topic.num.partitions",
  "share.coordinator.state.topic.replication.factor",
  "transaction.state.log.min.isr",
  "transaction.state.log.num.partitions",
  "transaction.state.log.replication.factor",
];

/** What counts of the lines that a tool has printed: of properties with a value of one's own the name, of loggers the root, of errors the kind. */
export function comparable(lines: readonly string[], area: string): string[] {
  return lines.flatMap((line) => {
    const [, name] = /^ ?([\w.]+)=.* sensitive=/.exec(line) ?? [];
    if (name !== undefined && OWN_VALUES.includes(name)) return [` ${name}=(its own)`];
    if (name !== undefined && area === "broker loggers" && name !== "root") return [];
    return [
      line.replace(/((?:\w+\.)*\w+(?:Exception|Error)): .*/, "$1: (words)").replace(/(executing client metrics command : ).*/, "$1(words)"),
    ];
  });
}
