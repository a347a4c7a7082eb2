import assert from "node:assert/strict";
import { FetchHandler } from "../../../../../plugins/aws/client/fetch_handler.ts";

const REQUEST = {
  protocol: "http:",
  hostname: "127.0.0.1",
  path: "/",
  method: "POST",
  headers: { host: "127.0.0.1", "content-length": "3", "x-amz-date": "now" },
  body: "a=b",
} as const;

/** Answers with raw bytes and closes the connection. */
async function withServer(answer: string, task: (port: number) => Promise<void>): Promise<void> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serve = async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(65_536));
    await connection.write(new TextEncoder().encode(answer));
  };
  const [result] = await Promise.allSettled([task(listener.addr.port), serve()]);
  if (result.status === "rejected") throw result.reason;
}

async function isolated<T>(task: (handler: FetchHandler) => Promise<T>): Promise<T> {
  using client = Deno.createHttpClient({});
  return await task(new FetchHandler((url, init) => fetch(url, { ...init, client })));
}

Deno.test("FetchHandler gives status, headers and the whole body", async () => {
  const answer = "HTTP/1.1 418 Teapot\r\nx-amzn-requestid: 7\r\ncontent-length: 5\r\n\r\nshort";
  await withServer(answer, (port) =>
    isolated(async (handler) => {
      const { response } = await handler.handle({ ...REQUEST, port });
      assert.equal(response.statusCode, 418);
      assert.equal(response.headers["x-amzn-requestid"], "7");
      assert.equal(new TextDecoder().decode(response.body), "short");
    }));
});

for (
  const [title, answer] of [
    ["announced length", "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n<Vpcs><Vpc>"],
    ["last chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n<Vpcs\r\n"],
  ] as const
) {
  Deno.test(`FetchHandler rejects an answer that ends before its ${title}`, async () => {
    await withServer(
      answer,
      (port) =>
        isolated((handler) => assert.rejects(handler.handle({ ...REQUEST, port }), TypeError)),
    );
  });
}

Deno.test("FetchHandler sends the query in the form that was signed, and no header of fetch's own", async () => {
  let seen: [string, RequestInit] | undefined;
  const handler = new FetchHandler((url, init) => {
    seen = [url, init];
    return Promise.resolve(new Response("ok"));
  });
  const query = { "x-id": "List", tag: ["b c", "a(1)"], empty: null };
  await handler.handle({ ...REQUEST, method: "GET", port: 5000, query });
  assert.equal(seen?.[0], "http://127.0.0.1:5000/?empty&tag=b%20c&tag=a%281%29&x-id=List");
  assert.deepEqual(seen?.[1].headers, { "x-amz-date": "now" });
  assert.equal(seen?.[1].body, null);
  assert.equal(seen?.[1].redirect, "manual");
});

Deno.test("FetchHandler stops when it is told to", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  await isolated(async (handler) => {
    const stop = new AbortController();
    const task = handler.handle({ ...REQUEST, port: listener.addr.port }, {
      abortSignal: stop.signal,
    });
    using _connection = await accepted;
    stop.abort(new Error("stopped"));
    await assert.rejects(task, /stopped/);
  });
});

const FOREIGN: Readonly<Record<string, string>> = {
  "nothing": "",
  "a page of a proxy": "<!DOCTYPE html><html><body>Please log in</body></html>",
  "a page without type": "<html><body>Please log in</body></html>",
  "an error in disguise":
    '<?xml version="1.0"?>\n<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>',
  "an error of S3 in disguise": "<Error><Code>SlowDown</Code></Error>",
};

for (const [title, body] of Object.entries(FOREIGN)) {
  Deno.test(`FetchHandler refuses ${title} as an answer, in which everything would be gone`, async () => {
    const handler = new FetchHandler(() => Promise.resolve(new Response(body)));
    await assert.rejects(handler.handle(REQUEST), { name: "ForeignAnswer" });
  });
}

for (
  const body of [
    '<?xml version="1.0" encoding="UTF-8"?>\n<!-- x -->\n<DescribeVpcsResponse xmlns="http://ec2">',
    "<ListAllMyBucketsResult>",
    '{"clusters":[]}',
  ]
) {
  Deno.test(`FetchHandler passes on an answer that begins with ${body.slice(0, 30)}`, async () => {
    const handler = new FetchHandler(() => Promise.resolve(new Response(body)));
    assert.equal((await handler.handle(REQUEST)).response.statusCode, 200);
  });
}
