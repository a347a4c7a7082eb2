import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { CoreSocket } from "../../../lib/core/mod.ts";
import { loopbackConnection } from "../../support/loopback_connection.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { settle, until } from "../../support/until.ts";

/** A peer that takes a websocket, says something with the same breath, and then nothing any more. */
async function deadPeer(listener: Deno.TcpListener, frame: string): Promise<Deno.TcpConn> {
  const connection = await listener.accept();
  const buffer = new Uint8Array(4_096);
  const length = await connection.read(buffer) ?? 0;
  const head = new TextDecoder().decode(buffer.subarray(0, length));
  const key = /sec-websocket-key: (.*)\r/i.exec(head)?.[1] ?? "";
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
  const answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n" +
    `Connection: Upgrade\r\nSec-WebSocket-Accept: ${accept.digest("base64")}\r\n\r\n`;
  const text = new TextEncoder().encode(frame);
  const bytes = [...new TextEncoder().encode(answer), 0x81, text.length, ...text];
  await connection.write(new Uint8Array(bytes));
  return connection;
}

Deno.test("CoreSocket keeps what comes with the handshake, and gives up a peer that is dead", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const clock = new ManualClock();
  const peer = deadPeer(listener, "first");
  const connection = loopbackConnection(() => listener.addr.port);
  const slow = {
    ...connection,
    // Whoever waits for the socket comes late.
    open: async (...args: Parameters<typeof connection.open>) => {
      const socket = await connection.open(...args);
      await settle();
      return socket;
    },
  };
  const socket = await CoreSocket.open(slow, "/", new AbortController().signal, clock);
  const texts = socket.texts();
  assert.deepEqual(await texts.next(), { done: false, value: "first" });
  void socket.replaceWhenSilent(() => false);
  clock.advance(300_000);
  await until(() => clock.asleep.includes(5_000), "closing");
  assert.equal(socket.send("late"), false);
  assert.equal((await texts.next()).done, true);
  clock.advance(5_000);
  assert.deepEqual(await socket.ended, { ours: true, reason: "the other end does not close" });
  assert.deepEqual(clock.asleep, []);
  (await peer).close();
  await settle();
});

Deno.test("CoreSocket takes a connection that does not hand its socket over for a bug", async () => {
  const connection = {
    ...loopbackConnection(() => 1),
    open: () => Promise.resolve(new WebSocket("ws://127.0.0.1:1/")),
  };
  const opening = CoreSocket.open(connection, "/", new AbortController().signal, new ManualClock());
  await assert.rejects(opening, /handed over/);
  await settle();
});
