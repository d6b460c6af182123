import { KAFKA_VERSION } from "../broker/version.ts";
import { java, runJava } from "./java.ts";
import { type Child, waitUntil } from "./processes.ts";
import { listenerOf } from "./procfs.ts";
import { answersMetadata } from "./raw.ts";
import { freePort, type Target } from "./target.ts";

const CLUSTER_ID = "b3R0bGEtY29tcGF0LTAwMQ";

/** Which node of a cluster a JVM is. The first is its controller, too. */
export interface KafkaNode {
  readonly id: number;
  readonly controllerPort: number;
  readonly heap: string;
}

/** Apache Kafka, one KRaft node: broker and controller in one JVM, or one of several brokers ({@link KafkaNode}). */
export class KafkaTarget implements Target {
  readonly name = "kafka";
  readonly broker = `Apache Kafka ${KAFKA_VERSION}`;
  readonly dataDir: string;
  readonly bootstrap: string;
  readonly #configFile: string;
  #child: Child | undefined;
  #formatted: boolean;

  /**
   * `advertised`: host:port that clients are sent to, if that is not the broker's own. `more`: lines of its server.properties. `small`: as it costs least while
   * it lives for a minute or so: what the second compiler costs never comes back then. `takesOver`: its data directory, `kafka-data` in `dir`, was written by
   * somebody else, who told nothing of voters in the metadata log.
   */
  constructor(
    dir: string,
    advertised?: string,
    more: readonly string[] = [],
    private readonly small = true,
    takesOver = false,
    private readonly node: KafkaNode = { id: 1, controllerPort: freePort(), heap: "1g" },
  ) {
    const port = freePort();
    this.dataDir = `${dir}/kafka-data`;
    this.bootstrap = `127.0.0.1:${port}`;
    this.#configFile = `${dir}/kafka.properties`;
    this.#formatted = takesOver;
    const quorum = takesOver
      ? `controller.quorum.voters=1@127.0.0.1:${node.controllerPort}`
      : `controller.quorum.bootstrap.servers=127.0.0.1:${node.controllerPort}`;
    Deno.writeTextFileSync(
      this.#configFile,
      properties(node, port, this.dataDir, advertised ?? this.bootstrap) + [quorum, ...more].join("\n"),
    );
  }

  get pid(): number {
    return this.#running().pid;
  }

  async start(): Promise<void> {
    if (!this.#formatted) {
      const controllers = isController(this.node) ? "--standalone" : "--no-initial-controllers";
      await runJava("kafka.tools.StorageTool", ["format", "-t", CLUSTER_ID, "-c", this.#configFile, controllers]);
      this.#formatted = true;
    }
    const child = java("kafka.Kafka", [this.#configFile], { heap: this.node.heap, small: this.small });
    this.#child = child;
    await waitUntil("Apache Kafka answers", 60_000, () => {
      // Somebody else may have taken the port: its answers count for nothing.
      if (child.hasExited) throw new Error(`Apache Kafka ended at start:\n${child.tail.join("\n")}`);
      if (listenerOf(Number(this.bootstrap.split(":")[1])) !== child.pid) return false;
      return answersMetadata(this.bootstrap);
    }, 50);
  }

  async stop(): Promise<void> {
    await this.#running().terminate(30_000);
  }

  async kill9(): Promise<void> {
    this.#running().kill("SIGKILL");
    await this.#running().exited;
  }

  output(): readonly string[] {
    return this.#child?.tail ?? [];
  }

  #running(): Child {
    if (this.#child === undefined) throw new Error("Apache Kafka has not been started");
    return this.#child;
  }
}

function isController({ id }: KafkaNode): boolean {
  return id === 1;
}

function properties(node: KafkaNode, port: number, dataDir: string, advertised: string): string {
  const controller = isController(node) ? `,CONTROLLER://127.0.0.1:${node.controllerPort}` : "";
  return `process.roles=broker${isController(node) ? ",controller" : ""}
node.id=${node.id}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:${port}${controller}
advertised.listeners=PLAINTEXT://${advertised}${controller}
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=${dataDir}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
`;
}
