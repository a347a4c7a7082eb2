import assert from "node:assert/strict";
import { LineStream } from "../../../lib/sdk/line_stream.ts";

const decoder = new TextDecoder();
const LONG = `${"x".repeat(100_000)}\n`;

Deno.test("LineStream.write() sends a lone line without waiting for a full chunk", async () => {
  const lines = new LineStream();
  const reader = lines.readable.getReader();
  await lines.write("one\n");
  await lines.write("two\n");
  const { value } = await reader.read();
  assert.equal(decoder.decode(value), "one\ntwo\n");
  lines.close();
});

Deno.test("LineStream.write() sends chunks that end at a line break", async () => {
  const lines = new LineStream();
  const reader = lines.readable.getReader();
  for (let i = 0; i < 4; i++) void lines.write(LONG);
  lines.close();
  const sizes: number[] = [];
  for (let got = await reader.read(); !got.done; got = await reader.read()) {
    assert.equal(got.value.at(-1), 10);
    sizes.push(got.value.byteLength);
  }
  assert.deepEqual(sizes, [3 * LONG.length, LONG.length]);
});

Deno.test("LineStream.write() waits while a chunk lies unread", async () => {
  const lines = new LineStream();
  let written = 0;
  const writing = (async () => {
    for (; written < 30; written++) await lines.write(LONG);
    lines.close();
  })();
  const reader = lines.readable.getReader();
  await reader.read();
  assert.ok(written < 10, `${written} lines were written for one chunk that was read`);
  for (let got = await reader.read(); !got.done; got = await reader.read());
  await writing;
  assert.equal(written, 30);
});

Deno.test("LineStream.write() does not wait for ever when the reader left", async () => {
  const lines = new LineStream();
  for (let i = 0; i < 4; i++) void lines.write(LONG);
  await lines.readable.cancel();
  await lines.write(LONG);
});
