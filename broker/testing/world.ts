import { type SimulatedPlatform, simulatedPlatform } from "../../platform/mod.ts";
import type { Compression } from "../../platform/mod.ts";
import { Broker } from "../broker.ts";
import type { BrokerOptions } from "../config/options.ts";
import { resolveSettings } from "../config/resolve.ts";
import { poisoning } from "./poisoning_network.ts";
import { WireClient } from "./wire_client.ts";

/** A broker of which everything is simulated, clients for it, and the end of either. Requests are overwritten as soon as they were handled. */
export class BrokerWorld {
  platform: SimulatedPlatform;
  broker!: Broker;
  readonly #options: BrokerOptions;

  private constructor(platform: SimulatedPlatform, options: BrokerOptions) {
    this.platform = platform;
    this.#options = options;
  }

  /** `options` as `startBroker` takes them; with data on the simulated disk unless they say otherwise. */
  static async start(seed: number, options: BrokerOptions = {}, compression?: Compression): Promise<BrokerWorld> {
    const world = BrokerWorld.stopped(seed, options, compression);
    await world.#start();
    return world;
  }

  /** The same before its first start: {@link restart} is the first. */
  static stopped(seed: number, options: BrokerOptions, compression?: Compression): BrokerWorld {
    return new BrokerWorld(simulatedPlatform(seed, compression), options);
  }

  /** A client of the first node, or of the one with this id. */
  async connect(clientId?: string, nodeId?: number): Promise<WireClient> {
    const port = nodeId === undefined ? this.broker.port : Number(this.broker.node(nodeId).address.split(":").at(-1));
    return new WireClient(await this.platform.network.connect({ hostname: "127.0.0.1", port }), clientId);
  }

  /**
   * Ends the broker as a signal or a power cut does, and starts it again on what is left of the disk. This disk ends before its operation
   * `diskEndsAt`, perhaps while the broker starts, which then throws.
   */
  async restart(how: "kill" | "power cut", diskEndsAt = Infinity): Promise<void> {
    this.platform = this.platform.restart(how);
    this.platform.disk.endAt(diskEndsAt);
    await this.#start();
  }

  /** Ends the broker in good order and starts it again. */
  async reopen(): Promise<void> {
    await this.broker.close();
    await this.#start();
  }

  async #start(): Promise<void> {
    const { settings } = resolveSettings(this.#options, {}, { port: 9092, dataDir: "data" });
    this.broker = await Broker.start({ ...this.platform, network: poisoning(this.platform.network) }, settings);
  }
}
