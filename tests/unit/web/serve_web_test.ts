import assert from "node:assert/strict";
import { ConfigError } from "../../../lib/errors/mod.ts";
import { type OpenPort, serveWeb } from "../../../lib/web/mod.ts";

const handler = () => new Response("here");
const never = () => new AbortController().signal;

Deno.test("serve web: answers until it is disposed", async () => {
  const server = serveWeb({ host: "127.0.0.1", port: 0, handler, signal: never() });
  assert.equal(server.url, `http://127.0.0.1:${server.port}/`);
  assert.equal(await (await fetch(server.url)).text(), "here");
  await server[Symbol.asyncDispose]();
  // Its port may be somebody else's by now, so that it ended is all that can be said.
  await server.finished;
});

Deno.test("serve web: the signal ends it", async () => {
  const stop = new AbortController();
  const server = serveWeb({ host: "127.0.0.1", port: 0, handler, signal: stop.signal });
  stop.abort();
  await server.finished;
});

Deno.test("serve web: :: is every address, also where there is no IPv6", async () => {
  const without: OpenPort = (options, answer) => {
    // What Deno says on a machine whose kernel has no IPv6.
    if (options.hostname === "::") {
      throw new Error("Address family not supported by protocol (os error 97)");
    }
    return Deno.serve(options, answer);
  };
  for (const open of [Deno.serve, without]) {
    await using server = serveWeb({ host: "::", port: 0, handler, signal: never() }, open);
    assert.equal(await (await fetch(`http://127.0.0.1:${server.port}/`)).text(), "here");
  }
});

function refusal(options: { readonly host: string; readonly port: number }): ConfigError {
  try {
    void serveWeb({ ...options, handler, signal: never() })[Symbol.asyncDispose]();
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error;
  }
  throw new Error("it was served");
}

Deno.test("serve web: a port in use is named, with the flag that changes it", () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const error = refusal({ host: "127.0.0.1", port });
  assert.match(error.message, new RegExp(`port ${port} of 127\\.0\\.0\\.1 is in use`));
  assert.match(error.hint ?? "", /--web-port/);
});

Deno.test("serve web: an address of another machine is named, with the flag that changes it", () => {
  const error = refusal({ host: "192.0.2.1", port: 0 });
  assert.match(error.message, /192\.0\.2\.1 is no address of this machine/);
  assert.match(error.hint ?? "", /--web-host/);
});

Deno.test("serve web: an unusable certificate is a fault of the configuration", () => {
  const tls = { cert: "no certificate", key: "no key" };
  assert.throws(
    () => serveWeb({ host: "127.0.0.1", port: 0, tls, handler, signal: never() }),
    (error) => error instanceof ConfigError && /certificate and key/.test(error.message),
  );
});

Deno.test("serve web: a client that never ends its request does not hold up the end", async () => {
  const server = serveWeb({ host: "127.0.0.1", port: 0, handler, signal: never() });
  using client = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await client.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: x"));
  await fetch(server.url).then((answer) => answer.text());
  await server[Symbol.asyncDispose]();
});
