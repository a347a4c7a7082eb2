import assert from "node:assert/strict";
import { ndjson } from "../../../lib/core/ndjson.ts";
import { CoreMessageError } from "../../../lib/errors/mod.ts";
import { unhurried } from "../../support/remote_core.ts";

Deno.test("ndjson: finds lines and characters however the bytes are cut", async () => {
  const documents = [{ name: "Zoë 😀" }, [1], null, "x"];
  const text = documents.map((each) => JSON.stringify(each)).join("\n\r\n");
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 2, 3, 7, 1000]) {
    const chunks = Array.from(
      { length: Math.ceil(bytes.length / size) },
      (_, at) => bytes.slice(at * size, (at + 1) * size),
    );
    assert.deepEqual(await read(new Response(ReadableStream.from(chunks))), documents, `${size}`);
  }
});

Deno.test("ndjson: gives the lines before a broken one", async () => {
  const found: unknown[] = [];
  await assert.rejects(async () => {
    for await (const each of documents(new Response("1\n2\n{\n3\n"))) found.push(each);
  }, CoreMessageError);
  assert.deepEqual(found, [1, 2]);
});

Deno.test("ndjson: no body is no line", async () => {
  assert.deepEqual(await read(new Response(null)), []);
});

Deno.test("ndjson: refuses a line that does not end", async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent++;
      controller.enqueue(new Uint8Array(8 * 1024 * 1024).fill(0x20));
    },
  });
  await assert.rejects(read(new Response(endless)), /does not end/);
  assert.ok(sent < 20);
});

function documents(response: Response): AsyncIterable<unknown> {
  return ndjson(response, { what: "a query", signal: unhurried() });
}

function read(response: Response): Promise<unknown[]> {
  return Array.fromAsync(documents(response));
}
