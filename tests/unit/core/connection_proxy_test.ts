import assert from "node:assert/strict";
import { proxyFor } from "../../../lib/core/proxy.ts";
import { ConfigError } from "../../../lib/errors/mod.ts";
import { startConnectProxy, startTlsFront } from "../../support/connect_proxy.ts";
import { RawHttpServer, writeAll } from "../../support/raw_http.ts";
import {
  call,
  closed,
  connect,
  never,
  openHeard,
  startCore,
  upgraded,
} from "./connection_support.ts";

function greet(request: Request): Response {
  if (request.headers.get("upgrade") !== "websocket") return new Response("hello");
  return upgraded(request, (socket) => socket.send("hello"));
}

async function assertGreeted(connection: ReturnType<typeof connect>): Promise<void> {
  const answer = await connection.request(call("/"));
  assert.equal(await answer.text(), "hello");
  const { socket, first } = await openHeard(connection, "/handle");
  assert.equal(await first, "hello");
  await closed(socket);
}

Deno.test("proxy: plain calls and websockets", async () => {
  await using core = startCore(greet);
  await using proxy = startConnectProxy(() => `127.0.0.1:${core.port}`);
  await using connection = connect("http://core.test:8900", { env: { http_proxy: proxy.url } });
  await assertGreeted(connection);
  assert.deepEqual(proxy.asked, ["core.test:8900", "core.test:8900"]);
});

Deno.test("proxy: TLS calls and websockets", async () => {
  await using core = startCore(greet);
  await using front = await startTlsFront(core.url, ["core.test"]);
  await using proxy = startConnectProxy(() => `127.0.0.1:${front.port}`);
  const caCertificates = await Deno.readTextFile(front.caFile);
  const env = { ALL_PROXY: proxy.url };
  await using connection = connect("https://core.test", { caCertificates, env });
  await assertGreeted(connection);
  assert.deepEqual(proxy.asked, ["core.test:443", "core.test:443"]);
});

Deno.test("proxy: NO_PROXY goes past it", async () => {
  await using core = startCore(greet);
  await using proxy = startConnectProxy();
  const env = { HTTP_PROXY: proxy.url, NO_PROXY: "other.test, 127.0.0.0/8" };
  await using connection = connect(core.url, { env });
  await assertGreeted(connection);
  assert.deepEqual(proxy.asked, []);
});

Deno.test("proxy: user and password are sent to it, and shown nowhere", async () => {
  const heads: (string | null)[] = [];
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using _server = new RawHttpServer(
    listener,
    async (request, socket) => {
      heads.push(request.headers.get("proxy-authorization"));
      const head = "HTTP/1.1 407 Who?\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
      await writeAll(socket, new TextEncoder().encode(head));
      return "close";
    },
  );
  const url = `http://user:ge%40heim@127.0.0.1:${listener.addr.port}`;
  const env = { HTTP_PROXY: url, HTTPS_PROXY: url };
  const login = `Basic ${btoa("user:ge@heim")}`;
  for (
    const [uri, verify] of [["https://core.test", true], ["https://core.test", false]] as const
  ) {
    await using connection = connect(uri, { env, verify });
    for (const attempt of [connection.request(call("/")), connection.open("/handle", never)]) {
      await assert.rejects(attempt, (error) => {
        assert.match(String(error), /the proxy asks for user and password$/);
        return !/heim/.test(Deno.inspect(error, { depth: 9 }));
      });
    }
  }
  await using plain = connect("http://core.test", { env });
  await assert.rejects(plain.open("/handle", never), /the proxy asks for user and password$/);
  assert.deepEqual([...new Set(heads)], [login]);
});

Deno.test("proxy: one that cannot reach the core", async () => {
  await using proxy = startConnectProxy(() => "127.0.0.1:1");
  const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url };
  await using checked = connect("https://core.test", { env });
  await assert.rejects(checked.request(call("/")), /the proxy makes no connection to it$/);
  await using unchecked = connect("https://core.test", { env, verify: false });
  await assert.rejects(unchecked.request(call("/")), /the proxy makes no connection to it$/);
});

Deno.test("proxy: a type that cannot serve is told", async () => {
  const env = { HTTPS_PROXY: "socks5://127.0.0.1:1" };
  await using connection = connect("https://core.test", { env, verify: false });
  await assert.rejects(connection.request(call("/")), ConfigError);
});

Deno.test("proxy: a variable that names none is told before anything is called", () => {
  assert.throws(() => connect("http://core.test", { env: { HTTP_PROXY: "ftp://p" } }), ConfigError);
});

Deno.test("proxyFor: which variable counts", () => {
  const all = { HTTP_PROXY: "http://h:1", HTTPS_PROXY: "s", all_proxy: "socks5h://u:p@a" };
  const at = (url: string, env = all) => proxyFor(new URL(url), env);
  assert.deepEqual(at("http://x"), {
    scheme: "http",
    hostname: "h",
    port: 1,
    user: "",
    password: "",
  });
  assert.equal(at("wss://x")?.hostname, "s");
  assert.equal(at("wss://x")?.port, 80);
  const socks = proxyFor(new URL("ws://x"), { all_proxy: all.all_proxy, HTTP_PROXY: "" });
  assert.deepEqual(socks, {
    scheme: "socks5h",
    hostname: "a",
    port: 1080,
    user: "u",
    password: "p",
  });
  assert.equal(proxyFor(new URL("https://x"), { HTTP_PROXY: "http://h:1" }), undefined);
  assert.throws(
    () => proxyFor(new URL("http://x"), { HTTP_PROXY: "ftp://u:geheim@h" }),
    (error) =>
      error instanceof ConfigError && /HTTP_PROXY/.test(error.message) &&
      !/geheim/.test(Deno.inspect(error)),
  );
});

Deno.test("proxyFor: whom NO_PROXY exempts", () => {
  const exempt = (host: string, list: string) =>
    proxyFor(new URL(`http://${host}`), { HTTP_PROXY: "http://h:1", no_proxy: list }) === undefined;
  const yes: readonly [string, string][] = [
    ["core.test", "core.test"],
    ["a.core.test", "core.test"],
    ["a.core.test", "b.test, .core.test"],
    ["core.test", ".core.test"],
    ["any.test", "*"],
    ["10.1.2.3", "10.0.0.0/8"],
    ["10.1.2.3", "10.1.2.3"],
    ["[fd00::1]", "fd00::/8"],
    ["[::1]", "::1"],
  ];
  const no: readonly [string, string][] = [
    ["score.test", "core.test"],
    ["core.test", ""],
    ["10.1.2.3", "*"],
    ["11.1.2.3", "10.0.0.0/8,10.0.0.0/99,x/y"],
    ["[fe00::1]", "fd00::/8,10.0.0.0/8"],
  ];
  for (const [host, list] of yes) assert.ok(exempt(host, list), `${host} in ${list}`);
  for (const [host, list] of no) assert.ok(!exempt(host, list), `${host} not in ${list}`);
});
