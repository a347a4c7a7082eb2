import assert from "node:assert/strict";
import { BadAnswer, readAnswer } from "../../../../lib/sdk/rest/http_answer.ts";

/** A connection that gives a text in pieces of this many bytes. */
async function* wire(text: string, size = 1_000): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

async function bodyOf(text: string, size?: number): Promise<string> {
  return await (await readAnswer(wire(text, size))).text();
}

Deno.test("an answer is read whole, however it is cut in pieces", async () => {
  const length =
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nhello rest";
  const chunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
  const open = "HTTP/1.0 200 OK\r\n\r\nhello";
  const early = `HTTP/1.1 100 Continue\r\n\r\n${length}`;
  for (const size of [1, 2, 7, 1_000]) {
    for (const text of [length, chunked, open, early]) {
      assert.equal(await bodyOf(text, size), "hello", `${size}: ${text}`);
    }
  }
  const { headers, status } = await readAnswer(wire(length));
  assert.deepEqual([status, headers.getSetCookie()], [200, ["a=1", "b=2"]]);
  assert.equal(await bodyOf("HTTP/1.1 204 No Content\r\n\r\n"), "");
});

Deno.test("what is no answer, or half of one, is an error", async () => {
  const bad = [
    "",
    "SSH-2.0-OpenSSH\r\n",
    "HTTP/1.1 200 OK",
    "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
    "HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
    "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\nhello\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!!0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    `HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}`,
  ];
  for (const text of bad) await assert.rejects(bodyOf(text), BadAnswer, text.slice(0, 80));
});
