import type { HttpListener, HttpRequest, HttpResponse, HttpServer } from "../http.ts";
import type { Address } from "../network.ts";
import { networkError } from "./errors.ts";

const encoder = new TextEncoder();

/** HTTP through `Deno.serve`. */
export const denoHttp: HttpServer = {
  serve(address, answer): HttpListener {
    const { hostname, port } = address;
    const abort = new AbortController();
    try {
      const options = { hostname, port, signal: abort.signal, onListen() {}, onError: () => new Response(null, { status: 500 }) };
      const server = Deno.serve(options, (request) => toResponse(answer(toRequest(request))));
      return new DenoHttpListener(server, abort);
    } catch (error) {
      throw networkError(error, "cannot listen on", address);
    }
  },
};

class DenoHttpListener implements HttpListener {
  readonly address: Address;

  constructor(private readonly server: Deno.HttpServer<Deno.NetAddr>, private readonly abort: AbortController) {
    const { hostname, port } = server.addr;
    this.address = { hostname, port };
  }

  /** `shutdown()` would wait for a peer that does not read, and once it was called nothing can cut that off. */
  async close(): Promise<void> {
    this.abort.abort();
    await this.server.finished;
  }
}

function toRequest({ method, url }: Request): HttpRequest {
  return { method, path: new URL(url).pathname };
}

function toResponse({ status, headers, body }: HttpResponse): Response {
  return new Response(typeof body === "string" ? body : streamOf(body), { status, headers: { ...headers } });
}

function streamOf(pieces: Iterable<string>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.iterator]();
  return new ReadableStream({
    async pull(controller) {
      // Otherwise all pieces that the socket takes would be made in one turn of the event loop, and nobody else be served meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const { done, value } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: () => void iterator.return?.(),
  }, { highWaterMark: 0 });
}
