import type { HttpListener, HttpRequest, HttpResponse, HttpServer } from "../http.ts";
import { type Address, NetworkError } from "../network.ts";

/** HTTP in memory: requests are function calls. */
export class SimulatedHttp implements HttpServer {
  readonly #servers = new Map<string, (request: HttpRequest) => HttpResponse>();
  #nextPort = 40_000;

  serve({ hostname, port }: Address, answer: (request: HttpRequest) => HttpResponse): HttpListener {
    const address = { hostname, port: port === 0 ? this.#nextPort++ : port };
    const key = keyOf(address);
    if (this.#servers.has(key)) throw new NetworkError("EADDRINUSE", `${key} is taken`, { address });
    this.#servers.set(key, answer);
    return { address, close: () => Promise.resolve(void this.#servers.delete(key)) };
  }

  /** Asks the server at `host:port`, and reads the whole body. */
  request(server: string, method: string, path: string): { status: number; headers: Readonly<Record<string, string>>; body: string } {
    const answer = this.#servers.get(server);
    if (answer === undefined) throw new NetworkError("ECONNREFUSED", `nobody listens on ${server}`);
    const { status, headers, body } = answer({ method, path });
    return { status, headers, body: method === "HEAD" ? "" : typeof body === "string" ? body : [...body].join("") };
  }

  /** The end of the machine. */
  reset(): void {
    this.#servers.clear();
  }
}

function keyOf({ hostname, port }: Address): string {
  return `${hostname}:${port}`;
}
