import assert from "node:assert/strict";
import { ConfigError, CoreUnreachableError } from "../../../lib/errors/mod.ts";
import { startTlsFront } from "../../support/connect_proxy.ts";
import { verifyToken } from "../../../lib/core/mod.ts";
import { call, connect, listen, never, startCore } from "./connection_support.ts";

/** A port on which nobody listens. */
function deadPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Accepts and closes, or accepts and says nothing. */
function startMute(how: "close" | "hold"): Disposable & { readonly port: number } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const held: Deno.Conn[] = [];
  (async () => {
    for await (const connection of listener) {
      if (how === "close") connection.close();
      else held.push(connection);
    }
  })();
  return {
    port: listener.addr.port,
    [Symbol.dispose]: () => {
      for (const connection of held) connection.close();
      listener.close();
    },
  };
}

async function fault(promise: Promise<unknown>): Promise<CoreUnreachableError> {
  const error = await promise.then(() => undefined, (thrown) => thrown);
  assert.ok(error instanceof CoreUnreachableError, String(error));
  return error;
}

Deno.test("request: path prefix and query stay, slashes and login do not", async () => {
  await using core = startCore((request) => new Response(new URL(request.url).pathname));
  const { port } = core;
  await using connection = connect(`http://user:p%40ss@127.0.0.1:${port}/a/b//`);
  assert.equal(connection.uri, `http://127.0.0.1:${port}/a/b`);
  const answer = await connection.request(call("/graph/ck?x=1"));
  assert.equal(await answer.text(), "/a/b/graph/ck");
  assert.equal(new URL(core.asked[0]?.url ?? "").search, "?x=1");
  assert.equal(core.asked[0]?.headers.get("authorization"), `Basic ${btoa("user:p@ss")}`);
});

Deno.test("request: the key goes before the login of the address; a stray percent is itself", async () => {
  await using core = startCore(() => new Response("ok"));
  const uri = core.url.replace("//", "//us%er:p%zz@");
  await using keyed = connect(uri, { psk: "changeme" });
  await (await keyed.request(call("/"))).text();
  await using plain = connect(uri);
  await (await plain.request(call("/"))).text();
  const [first, second] = core.asked.map(({ headers }) => headers.get("authorization"));
  assert.match(first ?? "", /^Bearer /);
  assert.equal(second, `Basic ${btoa("us%er:p%zz")}`);
});

Deno.test("request: a token of its own for each call; none without a key or when anonymous", async () => {
  await using core = startCore(() => new Response("ok"));
  await using connection = connect(core.url, { psk: "changeme" });
  await using open = connect(core.url, { psk: "" });
  for (const one of [connection, connection, open]) {
    await (await one.request(call("/"))).text();
  }
  await (await connection.request(call("/", { anonymous: true }))).text();
  const [first, second, ...without] = core.asked.map(({ headers }) => headers.get("authorization"));
  assert.deepEqual(without, [null, null]);
  for (const token of [first, second]) {
    const verified = await verifyToken("changeme", token?.split(" ")[1] ?? "", new Date());
    assert.ok("claims" in verified);
  }
});

Deno.test("request: the headers are those that were given", async () => {
  await using core = startCore(() => new Response("ok"));
  await using connection = connect(core.url);
  await (await connection.request(call("/m", { method: "PATCH", body: "[]" }))).text();
  const headers = core.asked[0]?.headers;
  assert.equal(headers?.get("content-type"), null);
  assert.equal(headers?.get("origin"), null);
});

Deno.test("request: 401 is asked once more with a new token and a new body", async () => {
  const bodies: string[] = [];
  await using core = startCore(async (request) => {
    bodies.push(await request.text());
    return new Response("no", { status: bodies.length === 1 ? 401 : 200 });
  });
  await using connection = connect(core.url, { psk: "changeme" });
  const body = () =>
    ReadableStream.from(["li", "nes"].map((text) => new TextEncoder().encode(text)));
  const answer = await connection.request(call("/merge", { method: "POST", body }));
  await answer.body?.cancel();
  assert.equal(answer.status, 200);
  assert.deepEqual(bodies, ["lines", "lines"]);
  const [first, second] = core.asked.map(({ headers }) => headers.get("authorization"));
  assert.notEqual(first, second);
});

Deno.test("request: 401 a second time, and 401 without a key, are the answer", async () => {
  await using core = startCore(() => new Response("no", { status: 401 }));
  await using connection = connect(core.url, { psk: "changeme" });
  const answer = await connection.request(call("/"));
  await answer.body?.cancel();
  assert.equal(answer.status, 401);
  assert.equal(core.asked.length, 2);
  await using open = connect(core.url);
  await (await open.request(call("/"))).body?.cancel();
  assert.equal(core.asked.length, 3);
});

Deno.test("request: a redirection is an answer, and its target gets no token", async () => {
  await using other = startCore(() => new Response("stolen"));
  await using core = startCore(() => Response.redirect(other.url, 302));
  await using connection = connect(core.url, { psk: "changeme" });
  const answer = await connection.request(call("/"));
  await answer.body?.cancel();
  assert.equal(answer.status, 302);
  assert.deepEqual(other.asked, []);
});

Deno.test("request: nobody there, a cut, an unknown name, no HTTP", async () => {
  using cut = startMute("close");
  await using core = startCore(() => new Response("ok"));
  const cases: readonly [string, RegExp][] = [
    [`http://127.0.0.1:${deadPort()}`, /connection refused$/],
    [`http://127.0.0.1:${cut.port}`, /the connection was cut$/],
    ["http://nobody.invalid", /its name is not known$/],
    [core.url.replace("http", "https"), /it does not speak TLS$/],
  ];
  for (const [uri, message] of cases) {
    await using connection = connect(uri);
    const error = await fault(connection.request(call("/x?secret=1")));
    assert.match(error.message, message);
    assert.equal(error.message.indexOf("\n"), -1);
    assert.ok(error.message.startsWith(`no answer of the core at ${uri} to GET /x: `));
    assert.ok(error.hint);
  }
});

Deno.test("request: plain HTTP to a TLS port is told", async () => {
  await using core = startCore(() => new Response("ok"));
  await using front = await startTlsFront(core.url);
  await using connection = connect(front.url.replace("https", "http"));
  const error = await fault(connection.request(call("/")));
  assert.match(error.hint ?? "", /https:\/\//);
});

Deno.test("request: a limit for the head, and none for what follows", async () => {
  using mute = startMute("hold");
  await using connection = connect(`http://127.0.0.1:${mute.port}`);
  const error = await fault(connection.request(call("/", { timeoutMs: 20 })));
  assert.match(error.message, /no answer within 0.02 s$/);
});

Deno.test("request: a body that stalls is given up in our words", async () => {
  const stalled = Promise.withResolvers<void>();
  await using core = startCore(() =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode("begin")),
        cancel: () => stalled.resolve(),
      }),
    )
  );
  await using connection = connect(core.url);
  const answer = await connection.request(call("/", { timeoutMs: 50 }));
  const error = await fault(answer.text());
  assert.match(error.message, /no answer within 0.05 s$/);
  await stalled.promise;
});

Deno.test("request: a body that is cut is told in our words", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = (async () => {
    using socket = await listener.accept();
    await socket.read(new Uint8Array(4096));
    await socket.write(
      new TextEncoder().encode("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"),
    );
  })();
  await using connection = connect(`http://127.0.0.1:${listener.addr.port}`);
  const answer = await connection.request(call("/"));
  const error = await fault(answer.text());
  assert.match(error.message, /to GET \/: /);
  await served;
  listener.close();
});

Deno.test("request: abort ends the wait for the head and for the body with its reason", async () => {
  using mute = startMute("hold");
  const reason = new Error("stop");
  const head = new AbortController();
  await using silent = connect(`http://127.0.0.1:${mute.port}`);
  const waiting = silent.request(call("/", { signal: head.signal }));
  head.abort(reason);
  await assert.rejects(waiting, reason);
  const gone = Promise.withResolvers<void>();
  await using core = startCore(() =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array(1)),
        cancel: () => gone.resolve(),
      }),
    )
  );
  const body = new AbortController();
  await using connection = connect(core.url);
  const answer = await connection.request(call("/", { signal: body.signal }));
  const text = answer.text();
  body.abort(reason);
  await assert.rejects(text, reason);
  await gone.promise;
  await assert.rejects(connection.request(call("/", { signal: body.signal })), reason);
});

Deno.test("request: an error of the body's source is that error", async () => {
  await using core = startCore(async (request) => {
    await request.bytes().catch(() => {});
    return new Response("ok");
  });
  await using connection = connect(core.url);
  const own = new RangeError("the cursor broke");
  const body = () =>
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => controller.error(own),
    });
  await assert.rejects(connection.request(call("/", { method: "POST", body })), own);
});

Deno.test("request: an early answer ends the body", async () => {
  const cancelled = Promise.withResolvers<void>();
  await using core = startCore(() => new Response("no", { status: 400 }));
  await using connection = connect(core.url);
  const body = () =>
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => controller.enqueue(new Uint8Array(1)),
      cancel: () => cancelled.resolve(),
    });
  const answer = await connection.request(call("/", { method: "POST", body }));
  assert.equal(await answer.text(), "no");
  await cancelled.promise;
});

Deno.test("createConnection: an unusable address is not repeated", () => {
  for (const uri of ["ftp://u:secret@host", "http://", "http://u:secret@", "", "::"]) {
    assert.throws(() => connect(uri), (error) => {
      assert.ok(error instanceof ConfigError, uri);
      return !/secret/.test(`${error.message} ${error.stack} ${Deno.inspect(error)}`);
    }, uri);
  }
  assert.throws(() => connect("http://a", { wsUri: "gopher://a" }), ConfigError);
});

Deno.test("connection: neither key nor login is shown, in errors neither", async () => {
  await using connection = connect(`http://user:geheim@127.0.0.1:${deadPort()}`, {
    psk: "changeme",
  });
  const error = await fault(connection.request(call("/")));
  const shown = [
    Deno.inspect(connection, { depth: 9, showHidden: true }),
    Deno.inspect(error, { depth: 9 }),
    JSON.stringify([connection, error]),
    String(error.stack),
  ].join("\n");
  assert.doesNotMatch(shown, /geheim|changeme/);
});

Deno.test("request: without a scheme TLS is tried first, then none", async () => {
  await using core = startCore((request) => new Response(new URL(request.url).pathname));
  const heard = listen();
  await using plain = connect(`127.0.0.1:${core.port}/p`, { log: heard.log });
  assert.equal(await (await plain.request(call("/x"))).text(), "/p/x");
  assert.equal(plain.uri, `http://127.0.0.1:${core.port}/p`);
  assert.match(heard.lines.join("\n"), /core\.scheme/);
  await using front = await startTlsFront(core.url);
  const caCertificates = await Deno.readTextFile(front.caFile);
  await using secure = connect(`127.0.0.1:${front.port}`, { caCertificates });
  assert.equal(await (await secure.request(call("/y"))).text(), "/y");
  assert.equal(secure.uri, front.url);
});

Deno.test("request: a bug of ours is not taken for a lost core", async () => {
  await using connection = connect("http://127.0.0.1:1");
  await assert.rejects(
    connection.request(call("/", { headers: { "bad name": "x" }, signal: never })),
    TypeError,
  );
});
