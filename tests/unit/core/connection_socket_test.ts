import assert from "node:assert/strict";
import { CoreRejectedError, CoreUnreachableError } from "../../../lib/errors/mod.ts";
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
  return upgraded(request, (socket) => socket.send(new URL(request.url).pathname));
}

Deno.test("open: the address of the core, with its path and a token", async () => {
  await using core = startCore(greet);
  await using connection = connect(`${core.url}/prefix/`, { psk: "changeme" });
  const { socket, first } = await openHeard(connection, "/subscriber/a/handle?x=1");
  assert.equal(socket.readyState, WebSocket.OPEN);
  assert.equal(await first, "/prefix/subscriber/a/handle");
  await closed(socket);
  assert.match(core.asked[0]?.headers.get("authorization") ?? "", /^Bearer ey/);
  assert.equal(core.asked[0]?.headers.get("origin"), null);
});

Deno.test("open: a websocket address of its own; the queue lies at its root", async () => {
  await using core = startCore(greet);
  await using other = startCore(() => new Response("http"));
  const wsUri = `${core.url.replace("http", "ws")}/sockets/`;
  await using connection = connect(`${other.url}/prefix`, { wsUri });
  for (
    const [path, expected] of [
      ["/subscriber/a/handle", "/sockets/subscriber/a/handle"],
      ["/work/queue?task=tag", "/work/queue"],
    ] as const
  ) {
    const { socket, first } = await openHeard(connection, path);
    assert.equal(await first, expected);
    await closed(socket);
  }
  const answer = await connection.request(call("/x"));
  await answer.body?.cancel();
  assert.equal(new URL(other.asked[0]?.url ?? "").pathname, "/prefix/x");
});

Deno.test("open: a refused handshake has its status", async () => {
  let status = 0;
  await using core = startCore(() => new Response("no", { status }));
  await using connection = connect(core.url);
  for (status of [401, 403, 404, 429]) {
    await assert.rejects(connection.open("/handle?token=x", never), (error) => {
      assert.ok(error instanceof CoreRejectedError);
      assert.equal(error.status, status);
      return error.message === `the core refuses websocket /handle: it answers ${status}`;
    });
  }
  for (status of [502, 503, 504]) {
    await assert.rejects(connection.open("/handle", never), CoreUnreachableError);
  }
});

Deno.test("open: 401 is asked once more with a new token", async () => {
  let asked = 0;
  await using core = startCore((request) =>
    ++asked === 1 ? new Response("no", { status: 401 }) : greet(request)
  );
  await using connection = connect(core.url, { psk: "changeme" });
  await closed(await connection.open("/handle", never));
  const [first, second] = core.asked.map(({ headers }) => headers.get("authorization"));
  assert.notEqual(first, second);
});

Deno.test("open: nobody there", async () => {
  const core = startCore(greet);
  await core[Symbol.asyncDispose]();
  await using connection = connect(core.url);
  await assert.rejects(connection.open("/handle", never), (error) => {
    assert.ok(error instanceof CoreUnreachableError);
    return /to websocket \/handle: no connection$/.test(error.message);
  });
});

Deno.test("open: abort ends the handshake with its reason, and not the open socket", async () => {
  using mute = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = mute.accept();
  const end = new AbortController();
  await using silent = connect(`http://127.0.0.1:${mute.addr.port}`);
  const opening = silent.open("/handle", end.signal);
  using _held = await accepted;
  const reason = new Error("stop");
  end.abort(reason);
  await assert.rejects(opening, reason);
  await assert.rejects(silent.open("/handle", end.signal), reason);
  await using core = startCore(greet);
  await using connection = connect(core.url);
  const life = new AbortController();
  const socket = await connection.open("/handle", life.signal);
  life.abort();
  assert.equal(socket.readyState, WebSocket.OPEN);
  await closed(socket);
});
