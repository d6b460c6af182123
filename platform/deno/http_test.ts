import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { HttpResponse } from "../http.ts";
import { denoHttp } from "./http.ts";

const loopback = { hostname: "127.0.0.1", port: 0 };

function serve(answer: (what: string) => HttpResponse) {
  const listener = denoHttp.serve(loopback, ({ method, path }) => answer(`${method} ${path}`));
  const { hostname, port } = listener.address;
  return { listener, url: `http://${hostname}:${port}` };
}

describe("denoHttp", () => {
  it("answers with text and with pieces, and HEAD without either", async () => {
    const headers = { "content-type": "text/x" };
    const { listener, url } = serve((what) => ({ status: 203, headers, body: what.endsWith("/pieces") ? ["a", "ä", ""] : what }));
    const text = await fetch(`${url}/a%20b?query`);
    assert.deepEqual([text.status, text.headers.get("content-type"), await text.text()], [203, "text/x", "GET /a%20b"]);
    assert.equal(await (await fetch(`${url}/pieces`)).text(), "aä");
    const head = await fetch(`${url}/pieces`, { method: "HEAD" });
    assert.deepEqual([head.status, head.headers.get("content-length"), await head.text()], [203, null, ""]);
    await listener.close();
  });

  it("says nothing of an answer that failed", async () => {
    const { listener, url } = serve(() => {
      throw new Error("a secret");
    });
    const answer = await fetch(url);
    assert.deepEqual([answer.status, await answer.text()], [500, ""]);
    await listener.close();
  });

  it("names the address that it cannot have", async () => {
    const { listener } = serve(() => ({ status: 200, headers: {}, body: "" }));
    assert.throws(() => denoHttp.serve(listener.address, () => ({ status: 200, headers: {}, body: "" })), {
      name: "NetworkError",
      code: "EADDRINUSE",
      address: listener.address,
    });
    await listener.close();
  });

  it("closes while an answer without an end is under way, and ends its pieces", async () => {
    let ended = false;
    function* endless(): Iterable<string> {
      try {
        for (;;) yield "x".repeat(1000);
      } finally {
        ended = true;
      }
    }
    const { listener, url } = serve(() => ({ status: 200, headers: {}, body: endless() }));
    const reader = (await fetch(url)).body!.getReader();
    await reader.read();
    await listener.close();
    await assert.rejects(async () => {
      while (!(await reader.read()).done);
    });
    assert.ok(ended);
  });
});
