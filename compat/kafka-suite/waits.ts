/** What tests that do not pass wait for: told by what they say or by their names, never test by test. */
import { served } from "../../broker/handlers/mod.ts";
import type { Outcome } from "./runner.ts";

interface Rule {
  /** What is waited for: the name of an API, or words where it is none. */
  readonly area: string;
  /** Matches the test's name. */
  readonly test?: RegExp;
  /** Matches why it did not pass. */
  readonly why?: RegExp;
}

/** The first that matches in all it has. Names tell where a test swallows what it was told, and waits for something else until its time is over. */
const rules: readonly Rule[] = [
  { area: "several log directories", test: /AlterReplicaLogDirs|testAlterLogDirs/ },
  { area: "listeners with SASL", why: /Ottla has no SASL_PLAINTEXT/ },
  { area: "ShareGroupHeartbeat", test: /Share/ },
  { area: "StreamsGroupHeartbeat", test: /Streams/ },
  { area: "ConsumerGroupHeartbeat", why: /the new CONSUMER group protocol|protocol CONSUMER|\.consumerGroupHeartbeat\(/ },
  {
    area: "ConsumerGroupHeartbeat",
    test:
      /Async|groupProtocol=consumer|Re2J|NewConsumerGroupProtocol|ConsumerProtocol|GroupProtocolConsumer|ConsumerGroup(Describe|Heartbeat)Request/,
  },
  { area: "AlterUserScramCredentials", test: /Scram/ },
  { area: "loggers by the names of Java classes", test: /Log4jLogLevels/ },
  { area: "CreateAcls", test: /Acl/ },
  { area: "other forms of the metadata log", test: /MetadataVersion|DescribeFeatures/ },
  { area: "every API of Kafka", test: /ApiVersionsRequestTest/ },
  // They compare an error's message, word for word. The codes are the protocol; our messages are our own.
  {
    area: "Kafka's words in a message",
    test:
      /testProduceWithInvalidTimestamp|testNullConfigs|testInvalidIncrementalAlterConfigs|testIncrementalAlterAndDescribeGroupConfigs|ClientQuotasRequestTest/,
  },
];

/** What a test waits for that does not pass, or null when no rule knows. */
export function waitsFor({ test, why }: Outcome): string | null {
  const rule = rules.find((rule) => (rule.test?.test(test) ?? true) && (rule.why?.test(why) ?? true));
  if (rule !== undefined) return rule.area;
  const api = /(?:node|broker) does not support ([A-Z_]+)|The ([A-Z_]+) API is not supported/.exec(why);
  return api === null ? null : pascalCase(api[1] ?? api[2]);
}

/** Whether it is an API that Ottla does not serve: what waits for it need not be tried. */
export function isMissingApi(area: string): boolean {
  return !area.includes(" ") && !served().some(({ handler }) => handler.api.name === area);
}

/** `DESCRIBE_PRODUCERS` as Kafka's definitions have it: `DescribeProducers`. */
function pascalCase(name: string): string {
  return name.split("_").map((word) => word[0] + word.slice(1).toLowerCase()).join("");
}
