import assert from "node:assert/strict";
import fc from "fast-check";
import { LineSplitter } from "../../../lib/graph/mod.ts";
import { MAX_LINE_BYTES } from "../../../lib/model/mod.ts";

Deno.test("LineSplitter: finds the same lines however the stream is cut", async () => {
  const line = fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => !/[\n]/.test(text));
  await fc.assert(
    fc.asyncProperty(
      fc.array(line),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (lines, sizes) => {
        const bytes = new TextEncoder().encode(lines.map((text) => `${text}\n`).join(""));
        const expected = lines.filter((text) => text !== "");
        assert.deepEqual(await collect(cut(bytes, sizes)), expected);
      },
    ),
  );
});

Deno.test("LineSplitter: drops an incomplete last line", async () => {
  assert.deepEqual(await collect(cut(new TextEncoder().encode("one\ntwo\nthr"), [4])), [
    "one",
    "two",
  ]);
});

Deno.test("LineSplitter: takes a line of the largest size and refuses a larger one", async () => {
  const bytes = (length: number) => new Uint8Array(length + 1).fill(0x61).fill(0x0a, length);
  assert.deepEqual(await collect(cut(bytes(8), [100]), 8), ["aaaaaaaa"]);
  assert.deepEqual(await collect(cut(bytes(8), [3]), 8), ["aaaaaaaa"]);
  for (const size of [3, 100]) {
    await assert.rejects(collect(cut(bytes(9), [size]), 8), { code: "graph.too_large" });
  }
});

Deno.test("LineSplitter: refuses a line that never ends before it is all in memory", async () => {
  let sent = 0;
  const endless = async function* () {
    const chunk = new Uint8Array(1024 * 1024);
    for (;;) {
      sent += chunk.length;
      yield await Promise.resolve(chunk);
    }
  };
  await assert.rejects(collect(endless()), { code: "graph.too_large" });
  assert.ok(sent <= MAX_LINE_BYTES + 1024 * 1024, `${sent} bytes were read`);
});

async function collect(stream: AsyncIterable<Uint8Array>, limit?: number): Promise<string[]> {
  const splitter = new LineSplitter(limit);
  const lines: string[] = [];
  for await (const chunk of stream) {
    for (const line of splitter.lines(chunk)) lines.push(new TextDecoder().decode(line));
  }
  return lines;
}

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncIterable<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield await Promise.resolve(bytes.slice(at, at + size));
    at += size;
  }
}
