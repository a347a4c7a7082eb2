import assert from "node:assert/strict";
import { ConfigError, CoreUnreachableError } from "../../../lib/errors/mod.ts";
import { startConnectProxy, startTlsFront } from "../../support/connect_proxy.ts";
import {
  call,
  closed,
  connect,
  listen,
  never,
  openHeard,
  selfSigned,
  startCore,
  upgraded,
} from "./connection_support.ts";

const BIG = 20 * 1024 * 1024;

/** Answers what it got, and sends 20 MiB to each websocket before it echoes. */
function answer(request: Request): Response | Promise<Response> {
  if (request.headers.get("upgrade") === "websocket") {
    return upgraded(request, (socket) => {
      socket.send("x".repeat(BIG));
      socket.addEventListener("message", ({ data }) => socket.send(data));
    });
  }
  // What can still be asked of a core that speaks TLS with a certificate of its own.
  if (new URL(request.url).pathname === "/ca/cert") return new Response("", { status: 404 });
  return new Response(request.body);
}

/** 4 MiB in pieces, whose bytes differ. */
function pieces(): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from(
    Array.from({ length: 64 }, (_, at) => new Uint8Array(65_536).fill(at)),
  );
}

async function assertWorks(connection: ReturnType<typeof connect>): Promise<void> {
  const echoed = await connection.request(call("/echo?x=1", { method: "POST", body: pieces }));
  const expected = await new Response(pieces()).bytes();
  assert.deepEqual(await echoed.bytes(), expected);
  const { socket, first } = await openHeard(connection, "/handle");
  assert.equal((await first).length, BIG);
  const back = new Promise<string>((resolve) =>
    socket.addEventListener("message", ({ data }) => resolve(data), { once: true })
  );
  socket.send("done".repeat(1_000_000));
  assert.equal((await back).length, 4_000_000);
  await closed(socket);
}

Deno.test("TLS: --ca-cert is trusted for calls and websockets", async () => {
  await using core = startCore(answer);
  await using front = await startTlsFront(core.url);
  const caCertificates = await Deno.readTextFile(front.caFile);
  await using connection = connect(front.url, { caCertificates, psk: "changeme" });
  await assertWorks(connection);
});

Deno.test("TLS: an unknown authority is refused, and it is told what to do", async () => {
  await using core = startCore(answer);
  await using front = await startTlsFront(core.url);
  await using other = await startTlsFront(core.url);
  const caCertificates = await Deno.readTextFile(other.caFile);
  await using connection = connect(front.url, { caCertificates });
  for (const attempt of [connection.request(call("/")), connection.open("/handle", never)]) {
    await assert.rejects(attempt, (error) => {
      assert.ok(error instanceof CoreUnreachableError);
      assert.match(error.message, /certificate is signed by an unknown authority$/);
      return /--ca-cert/.test(error.hint ?? "");
    });
  }
  assert.deepEqual(core.asked, []);
});

Deno.test("TLS: a certificate for another name, and one of an authority itself", async () => {
  await using core = startCore(answer);
  await using front = await startTlsFront(core.url);
  const caCertificates = await Deno.readTextFile(front.caFile);
  await using proxy = startConnectProxy(() => `127.0.0.1:${front.port}`);
  const env = { HTTPS_PROXY: proxy.url };
  await using named = connect("https://other.test", { caCertificates, env });
  await assert.rejects(named.request(call("/")), /certificate is for other names$/);
  const own = await selfSigned(["subjectAltName=IP:127.0.0.1"]);
  await using server = startCore(answer, own);
  await using authority = connect(server.url, { caCertificates: own.cert });
  await assert.rejects(authority.request(call("/")), /that of an authority, not of a server$/);
});

Deno.test("TLS: without verification everything is accepted, with one warning", async () => {
  await using core = startCore(answer, await selfSigned());
  const heard = listen();
  await using connection = connect(core.url, { verify: false, log: heard.log, psk: "changeme" });
  await assertWorks(connection);
  await assertWorks(connection);
  assert.equal(heard.lines.length, 1);
  assert.match(heard.lines[0] ?? "", /^warn core\.tls\.unchecked .*not checked.*read and change/);
  assert.equal(core.asked[0]?.headers.get("host"), `127.0.0.1:${core.port}`);
});

Deno.test("TLS: without verification the faults are told as always", async () => {
  await using plain = startCore(answer);
  await using noTls = connect(plain.url.replace("http", "https"), { verify: false });
  await assert.rejects(noTls.request(call("/")), /it does not speak TLS$/);
  await assert.rejects(noTls.open("/handle", never), /it does not speak TLS$/);
  const { port } = plain;
  await plain[Symbol.asyncDispose]();
  await using nobody = connect(`https://127.0.0.1:${port}`, { verify: false });
  await assert.rejects(nobody.request(call("/")), /connection refused$/);
  await using unnamed = connect("https://nobody.invalid", { verify: false });
  await assert.rejects(unnamed.request(call("/")), /its name is not known$/);
});

Deno.test("TLS: without verification, through a proxy", async () => {
  await using core = startCore(answer);
  await using front = await startTlsFront(core.url);
  await using proxy = startConnectProxy(() => `127.0.0.1:${front.port}`);
  const env = { HTTPS_PROXY: proxy.url };
  await using connection = connect("https://core.test:8900", { verify: false, env });
  await assertWorks(connection);
  assert.equal(new Set(proxy.asked).size, 1);
  assert.equal(proxy.asked[0], "core.test:8900");
});

Deno.test("TLS: without verification, abort ends a call and its connection", async () => {
  const gone = Promise.withResolvers<void>();
  await using core = startCore(() =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array(1)),
        cancel: () => gone.resolve(),
      }),
    ), await selfSigned());
  await using connection = connect(core.url, { verify: false });
  const end = new AbortController();
  const response = await connection.request(call("/", { signal: end.signal }));
  end.abort(new Error("stop"));
  await assert.rejects(response.text(), /stop/);
  await gone.promise;
});

Deno.test("TLS: without verification nothing stays in the temporary folder", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using core = startCore(answer, await selfSigned());
    {
      const env = { TMPDIR: folder };
      await using connection = connect(core.url, { verify: false, env });
      await (await connection.request(call("/"))).body?.cancel();
      assert.equal([...Deno.readDirSync(folder)].length, 1);
    }
    assert.equal([...Deno.readDirSync(folder)].length, 0);
    const env = { TMPDIR: `${folder}/none` };
    await using nowhere = connect(core.url, { verify: false, env });
    await assert.rejects(nowhere.request(call("/")), ConfigError);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("TLS: a plain address has nothing to warn of", async () => {
  const heard = listen();
  await using _connection = connect("http://localhost:8900", { verify: false, log: heard.log });
  assert.deepEqual(heard.lines, []);
});

Deno.test("TLS: --ca-cert without a certificate is a mistake of the configuration", () => {
  const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  for (const caCertificates of ["", "no certificate", broken]) {
    assert.throws(() => connect("https://a", { caCertificates }), ConfigError);
  }
});
