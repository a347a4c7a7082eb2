import assert from "node:assert/strict";
import { TokenSource } from "../../../lib/core/mod.ts";
import { CkError, CoreRejectedError, CoreUnreachableError } from "../../../lib/errors/mod.ts";
import { startTlsFront, type TlsFront } from "../../support/connect_proxy.ts";
import {
  call,
  closed,
  connect,
  listen,
  openHeard,
  startCore,
  type TestCore,
  upgraded,
} from "./connection_support.ts";

const PSK = "changeme";
const DAY_MS = 86_400_000;

/** A core behind TLS that shows an authority and can prove it. */
interface ProvingCore extends AsyncDisposable {
  readonly front: TlsFront;
  readonly core: TestCore;
  /** What it shows and proves; changed by the tests. */
  readonly shown: { pem: string; psk: string | undefined; fingerprint?: string; now?: Date };
}

async function startProving(psk: string | undefined = PSK): Promise<ProvingCore> {
  const shown: ProvingCore["shown"] = { pem: "", psk };
  const core = startCore(async (request) => {
    if (request.headers.get("upgrade") === "websocket") {
      return upgraded(request, (socket) => socket.send("hello"));
    }
    return new URL(request.url).pathname.endsWith("/ca/cert")
      ? await authority(shown)
      : new Response("ok");
  });
  const front = await startTlsFront(core.url);
  shown.pem = await Deno.readTextFile(front.caFile);
  return {
    front,
    core,
    shown,
    [Symbol.asyncDispose]: async () => {
      await front[Symbol.asyncDispose]();
      await core[Symbol.asyncDispose]();
    },
  };
}

async function authority(shown: ProvingCore["shown"]): Promise<Response> {
  const headers = new Headers();
  if (shown.psk !== undefined) {
    const tokens = new TokenSource(shown.psk, { now: () => shown.now ?? new Date() });
    const fingerprint = shown.fingerprint ?? await fingerprintOf(shown.pem);
    const token = await tokens.next({ sha256_fingerprint: fingerprint });
    headers.set("authorization", `Bearer ${token}`);
  }
  return new Response(shown.pem, { headers });
}

async function fingerprintOf(pem: string): Promise<string> {
  const der = Uint8Array.fromBase64(pem.replaceAll(/-----.*?-----|\s/g, ""));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", der));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(":").toUpperCase();
}

function pathsOf(core: TestCore): readonly string[] {
  return core.asked.map(({ url }) => new URL(url).pathname);
}

async function assertOk(connection: ReturnType<typeof connect>): Promise<void> {
  assert.equal(await (await connection.request(call("/x"))).text(), "ok");
}

Deno.test("authority: proven by the key, then trusted for calls and websockets", async () => {
  await using proving = await startProving();
  const heard = listen();
  await using connection = connect(`${proving.front.url}/p`, { psk: PSK, log: heard.log });
  await Promise.all([assertOk(connection), assertOk(connection)]);
  const { socket, first } = await openHeard(connection, "/handle");
  assert.equal(await first, "hello");
  await closed(socket);
  assert.deepEqual(pathsOf(proving.core), ["/p/ca/cert", "/p/x", "/p/x", "/p/handle"]);
  assert.equal(proving.core.asked[0]?.headers.get("authorization"), null);
  assert.equal(heard.lines.length, 1);
  assert.match(heard.lines[0] ?? "", /^info core\.authority\.proven /);
});

Deno.test("authority: learnt by the first websocket as well", async () => {
  await using proving = await startProving();
  await using connection = connect(proving.front.url, { psk: PSK });
  const { socket } = await openHeard(connection, "/handle");
  await closed(socket);
});

Deno.test("authority: each failed proof has its own words and is final", async () => {
  await using proving = await startProving();
  const { shown, front } = proving;
  const cases: readonly [Partial<ProvingCore["shown"]>, RegExp, string][] = [
    [{ psk: undefined }, /it has no pre-shared key$/, "core.rejected"],
    [{ psk: "other" }, /not made with this --psk$/, "core.rejected"],
    [{ now: new Date(Date.now() - 600_000) }, /is expired$/, "core.rejected"],
    [{ fingerprint: "AA:BB" }, /not the one that it proves$/, "core.message"],
    [{ pem: "<html>", fingerprint: "AA" }, /is no certificate$/, "core.message"],
    [
      { pem: `${shown.pem}${shown.pem}`, fingerprint: "AA" },
      /is no certificate$/,
      "core.message",
    ],
  ];
  const whole = { ...shown };
  for (const [change, message, code] of cases) {
    Object.assign(shown, { ...whole, now: undefined, fingerprint: undefined, ...change });
    await using connection = connect(front.url, { psk: PSK });
    await assert.rejects(connection.request(call("/x")), (error) => {
      assert.ok(error instanceof CkError && error.code === code, String(error));
      assert.match(error.message, message);
      return error.hint !== undefined && !Deno.inspect(error).includes(PSK);
    });
  }
  assert.ok(pathsOf(proving.core).every((path) => path === "/ca/cert"));
});

Deno.test("authority: without a key it is trusted on first use, with a warning", async () => {
  await using proving = await startProving(undefined);
  const heard = listen();
  await using connection = connect(proving.front.url, { log: heard.log });
  await assertOk(connection);
  await assertOk(connection);
  assert.deepEqual(pathsOf(proving.core), ["/ca/cert", "/x", "/x"]);
  assert.equal(heard.lines.length, 1);
  assert.match(heard.lines[0] ?? "", /^warn core\.authority\.first_use .*without proof/);
});

Deno.test("authority: another one later is learnt with a key, and refused without", async () => {
  await using first = await startProving();
  await using second = await startProving();
  let front = first.front;
  using gate = startGate(() => front.port);
  const uri = `https://127.0.0.1:${gate.port}`;
  await using keyed = connect(uri, { psk: PSK });
  await using open = connect(uri);
  await assertOk(keyed);
  await assertOk(open);
  front = second.front;
  gate.cut();
  // The first call after the cut goes over a connection that is dead already.
  await assertOk(keyed).catch(() => assertOk(keyed));
  await assert.rejects(assertOk(open).catch(() => assertOk(open)), (error) => {
    assert.ok(error instanceof CoreUnreachableError);
    return /not the one that was trusted before$/.test(error.message);
  });
});

Deno.test("authority: one that did not sign the certificate leaves it unknown", async () => {
  await using proving = await startProving();
  await using other = await startProving();
  proving.shown.pem = other.shown.pem;
  await using connection = connect(proving.front.url, { psk: PSK });
  await assert.rejects(connection.request(call("/x")), /signed by an unknown authority$/);
});

Deno.test("authority: a core that shows none is told of the certificate's hint", async () => {
  await using core = startCore(() => new Response("Error: X\nMessage: none", { status: 404 }));
  await using front = await startTlsFront(core.url);
  await using connection = connect(front.url, { psk: PSK });
  await assert.rejects(connection.request(call("/x")), (error) => {
    assert.ok(error instanceof CoreRejectedError);
    return error.message === "the core refuses a look at its authority: it answers 404, X: none";
  });
});

Deno.test("authority: renewed a day before its end, not more than once an hour", async () => {
  await using proving = await startProving();
  let now = new Date();
  await using connection = connect(proving.front.url, { psk: PSK, now: () => now });
  await assertOk(connection);
  // The certificate lasts two days.
  now = new Date(Date.now() + DAY_MS + 60_000);
  proving.shown.now = now;
  await assertOk(connection);
  await assertOk(connection);
  now = new Date(now.getTime() + 3_600_000);
  proving.shown.now = now;
  await assertOk(connection);
  assert.deepEqual(pathsOf(proving.core), [
    "/ca/cert",
    "/x",
    "/ca/cert",
    "/x",
    "/x",
    "/ca/cert",
    "/x",
  ]);
});

Deno.test("authority: a renewal that fails is told, and the known one stays", async () => {
  await using proving = await startProving();
  const heard = listen();
  let now = new Date();
  await using connection = connect(proving.front.url, {
    psk: PSK,
    now: () => now,
    log: heard.log,
  });
  await assertOk(connection);
  now = new Date(Date.now() + DAY_MS + 60_000);
  proving.shown.psk = "other";
  await assertOk(connection);
  assert.match(heard.lines.join("\n"), /warn core\.authority\.kept .*not made with this --psk$/);
});

Deno.test("authority: not asked for with --ca-cert, nor by a certificate that is known", async () => {
  await using proving = await startProving();
  const caCertificates = proving.shown.pem;
  await using connection = connect(proving.front.url, { psk: PSK, caCertificates });
  await assertOk(connection);
  assert.deepEqual(pathsOf(proving.core), ["/x"]);
});

/** Passes connections on to a port that may change. */
function startGate(port: () => number) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const pass = async (near: Deno.Conn) => {
    const far = await Deno.connect({ hostname: "127.0.0.1", port: port() });
    open.add(near).add(far);
    await Promise.allSettled([
      near.readable.pipeTo(far.writable),
      far.readable.pipeTo(near.writable),
    ]);
    open.delete(near);
    open.delete(far);
  };
  (async () => {
    for await (const near of listener) pass(near);
  })();
  const cut = () => {
    for (const connection of open) {
      try {
        connection.close();
      } catch (error) {
        // Its other end was faster.
        if (!(error instanceof Deno.errors.BadResource)) throw error;
      }
    }
    open.clear();
  };
  return {
    port: listener.addr.port,
    cut,
    [Symbol.dispose]: () => {
      listener.close();
      cut();
    },
  };
}
