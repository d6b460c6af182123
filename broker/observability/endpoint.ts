import type { Address, HttpListener, HttpRequest, HttpResponse, HttpServer, Logger } from "../../platform/mod.ts";
import { exposition, EXPOSITION_TYPE } from "./exposition.ts";
import { type Health, healthOf, healthWithout } from "./health.ts";
import { metrics } from "./metrics.ts";
import type { Source } from "./source.ts";

/** `GET /metrics` and `GET /health`. It answers from before the data directory is opened until the broker is closed, and changes nothing. */
export class ObservabilityEndpoint {
  readonly #listener: HttpListener;
  readonly #logger: Logger;
  #source: Source | null = null;
  #closing = false;

  /** Listens at once. Throws `NetworkError`. */
  constructor({ http, logger }: { readonly http: HttpServer; readonly logger: Logger }, address: Address) {
    this.#logger = logger;
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
    try {
      return resource();
    } catch (error) {
      this.#failed(path, error);
      return text(500, "The broker's log says why.\n");
    }
  }

  #metrics(): HttpResponse {
    if (this.#source === null) return text(503, "The broker is starting.\n");
    return { status: 200, headers: { "content-type": EXPOSITION_TYPE }, body: this.#logged(exposition(metrics, this.#source)) };
  }

  /** The pieces; an answer that breaks off in the middle is not silent. */
  *#logged(pieces: Iterable<string>): Iterable<string> {
    try {
      yield* pieces;
    } catch (error) {
      this.#failed("/metrics", error);
      throw error;
    }
  }

  #failed(path: string, error: unknown): void {
    this.#logger.error("an HTTP answer failed", { path, reason: error instanceof Error ? error.stack : String(error) });
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
