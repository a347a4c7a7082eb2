import assert from "node:assert/strict";
import { startConnectProxy, startTlsFront } from "../../support/connect_proxy.ts";

function startHello() {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response("hello"),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("startTlsFront and startConnectProxy: a private authority through a tunnel", async () => {
  await using hello = startHello();
  await using front = await startTlsFront(hello.url, ["*.amazonaws.com"]);
  await using proxy = startConnectProxy(() => `127.0.0.1:${front.port}`);
  using client = Deno.createHttpClient({
    proxy: { url: proxy.url },
    caCerts: [await Deno.readTextFile(front.caFile)],
  });
  const answer = await fetch("https://ec2.amazonaws.com/", { client });
  assert.equal(await answer.text(), "hello");
  assert.deepEqual(proxy.asked, ["ec2.amazonaws.com:443"]);
});

Deno.test("startTlsFront: refused by a client that does not know the authority", async () => {
  await using hello = startHello();
  await using front = await startTlsFront(hello.url);
  await assert.rejects(fetch(front.url), /certificate/);
});

Deno.test("startConnectProxy: forwards plain requests", async () => {
  await using hello = startHello();
  await using proxy = startConnectProxy();
  using client = Deno.createHttpClient({ proxy: { url: proxy.url } });
  assert.equal(await (await fetch(`${hello.url}/x?y=1`, { client })).text(), "hello");
  assert.deepEqual(proxy.asked, [new URL(hello.url).host]);
});
