import { java } from "./java.ts";
import { type Child, waitUntil } from "./processes.ts";
import { freePort } from "./target.ts";

const START_MS = 60_000;

/** Kafka's ConnectStandalone in a process of its own, asked over its REST interface on loopback. */
export class Connect {
  private constructor(readonly child: Child, private readonly address: string) {}

  /** A worker with these properties and those that it needs; `connectors` are files with the properties of one each. Resolves when it answers. */
  static async start(bootstrap: string, temp: string, ...connectors: readonly string[]): Promise<Connect> {
    const address = `http://127.0.0.1:${freePort()}`;
    const converter = "org.apache.kafka.connect.storage.StringConverter";
    const worker = `${temp}/worker.properties`;
    await writeProperties(worker, {
      "bootstrap.servers": bootstrap,
      listeners: address,
      "key.converter": converter,
      "value.converter": converter,
      "offset.storage.file.filename": `${temp}/connect.offsets`,
      "offset.flush.interval.ms": "200",
      "plugin.discovery": "service_load",
    });
    const child = java("org.apache.kafka.connect.cli.ConnectStandalone", [worker, ...connectors], { small: true });
    const connect = new Connect(child, address);
    await waitUntil("Connect answers", START_MS, () => {
      if (child.hasExited) throw new Error(`Connect ended at start:\n${child.tail.join("\n")}`);
      return connect.ask("GET", "connectors").then(() => true, () => false);
    }, 50);
    return connect;
  }

  /** Answers status and body; an error's message is as Connect gives it. */
  async ask(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<string> {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${this.address}/${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
    return `${response.status} ${(await response.text()).replaceAll(this.address.slice("http://".length), "127.0.0.1:ppppp")}`;
  }
}

export async function writeProperties(path: string, properties: Readonly<Record<string, string>>): Promise<void> {
  await Deno.writeTextFile(path, Object.entries(properties).map(([name, value]) => `${name}=${value}\n`).join(""));
}
