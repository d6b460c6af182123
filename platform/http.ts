import type { Address } from "./network.ts";

/** An HTTP server for what people and scrapers look at. Bodies of requests are not read. */
export interface HttpServer {
  /** Starts to listen and answers requests with `answer`. Port 0 lets the system choose. Throws {@link NetworkError}. */
  serve(address: Address, answer: (request: HttpRequest) => HttpResponse): HttpListener;
}

export interface HttpRequest {
  /** In capitals: `GET`. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Not sent where HEAD was asked. Pieces are asked for one by one as the peer takes them, so that a long answer need never be there as a whole. */
  readonly body: string | Iterable<string>;
}

export interface HttpListener {
  readonly address: Address;
  /** Takes no more requests and cuts off the answers under way. */
  close(): Promise<void>;
}
