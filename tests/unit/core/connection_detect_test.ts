import assert from "node:assert/strict";
import { detectDialect } from "../../../lib/core/mod.ts";
import { CoreUnreachableError } from "../../../lib/errors/mod.ts";
import { connect, never, startCore } from "./connection_support.ts";

async function dialectOf(answer: () => Response) {
  await using core = startCore(answer);
  await using connection = connect(core.url, { psk: "changeme" });
  const dialect = await detectDialect(connection, never);
  assert.equal(core.asked.length, 1);
  assert.equal(new URL(core.asked[0]?.url ?? "").pathname, "/.well-known/jwks.json");
  assert.equal(core.asked[0]?.headers.get("authorization"), null);
  assert.equal(core.asked[0]?.headers.get("origin"), null);
  return dialect;
}

Deno.test("detectDialect: keys of the later generation", async () => {
  assert.equal(await dialectOf(() => Response.json({ keys: [] })), "fixcore");
});

Deno.test("detectDialect: everything else is the earlier generation", async () => {
  const texts = ["Error: HTTPNotFound\nMessage: Not Found", "401: Unauthorized", "<html>"];
  for (const [status, text] of [[400, texts[0]], [401, texts[1]], [404, ""], [200, texts[2]]]) {
    const answer = () => new Response(String(text), { status: Number(status) });
    assert.equal(await dialectOf(answer), "ckcore");
  }
  assert.equal(await dialectOf(() => Response.json({ keys: "none" })), "ckcore");
  assert.equal(await dialectOf(() => Response.json(null)), "ckcore");
  assert.equal(await dialectOf(() => new Response("x".repeat(3_000_000))), "ckcore");
});

Deno.test("detectDialect: a proxy without its core says nothing of it", async () => {
  await using core = startCore(() => new Response("bad gateway", { status: 502 }));
  await using connection = connect(core.url);
  await assert.rejects(detectDialect(connection, never), CoreUnreachableError);
});

Deno.test("detectDialect: a core in trouble is not taken for an earlier one", async () => {
  await using core = startCore(() => new Response("Internal Server Error", { status: 500 }));
  await using connection = connect(core.url);
  await assert.rejects(detectDialect(connection, never), { status: 500 });
});
