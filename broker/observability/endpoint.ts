import type { Address, HttpListener, HttpRequest, HttpResponse, HttpServer } from "../../platform/mod.ts";
import { exposition, EXPOSITION_TYPE } from "./exposition.ts";
import { type Health, healthOf, healthWithout } from "./health.ts";
import { metrics } from "./metrics.ts";
import type { Source } from "./source.ts";

/** `GET /metrics` and `GET /health`. It answers from before the data directory is opened until the broker is closed, and changes nothing. */
export class ObservabilityEndpoint {
  readonly #listener: HttpListener;
  #source: Source | null = null;
  #closing = false;

  /** Listens at once. Throws `NetworkError`. */
  constructor(http: HttpServer, address: Address) {
    this.#listener = http.serve(address, (request) => this.#answer(request));
  }

  /** With the port that the system chose. */
  get address(): Address {
    return this.#listener.address;
  }

  /** The broker serves. */
  opened(source: Source): void {
    this.#source = source;
  }

  /** The broker has begun to close: it is not healthy any more, but can be looked at. */
  closing(): void {
    this.#closing = true;
  }

  close(): Promise<void> {
    return this.#listener.close();
  }

  #answer({ method, path }: HttpRequest): HttpResponse {
    const resource = path === "/metrics" ? () => this.#metrics() : path === "/health" ? () => this.#health() : null;
    if (resource === null) return text(404, "There are /metrics and /health.\n");
    if (method !== "GET" && method !== "HEAD") return { ...text(405, "Only GET and HEAD.\n"), headers: { ...PLAIN, allow: "GET, HEAD" } };
    return resource();
  }

  #metrics(): HttpResponse {
    if (this.#source === null) return text(503, "The broker is starting.\n");
    return { status: 200, headers: { "content-type": EXPOSITION_TYPE }, body: exposition(metrics, this.#source) };
  }

  #health(): HttpResponse {
    const health = this.#currentHealth();
    const headers = { "content-type": "application/json", "cache-control": "no-store" };
    return { status: health.status === "ok" ? 200 : 503, headers, body: JSON.stringify(health) + "\n" };
  }

  #currentHealth(): Health {
    if (this.#closing) return healthWithout("closing");
    return this.#source === null ? healthWithout("starting") : healthOf(this.#source);
  }
}

const PLAIN = { "content-type": "text/plain; charset=utf-8" };

function text(status: number, body: string): HttpResponse {
  return { status, headers: PLAIN, body };
}
