import assert from "node:assert/strict";
import { boundedPool } from "../../../../plugins/vsphere/client/bounded_pool.ts";

function poolOf(answer: () => Response) {
  return boundedPool({ fetch: () => Promise.resolve(answer()), [Symbol.dispose]: () => {} }, 1_000);
}

Deno.test("vSphere: an answer that is too long is not read to its end", async () => {
  let given = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      given += 100;
      controller.enqueue(new Uint8Array(100));
    },
  });
  using pool = poolOf(() => new Response(endless));
  const answer = await pool.fetch("https://vc.test", {});
  await assert.rejects(answer.text(), /more than 1000 bytes/);
  assert.ok(given < 10_000);
});

Deno.test("vSphere: an answer that is not too long stays as it is", async () => {
  using pool = poolOf(() => new Response("x".repeat(1_000), { status: 500, headers: { a: "b" } }));
  const answer = await pool.fetch("https://vc.test", {});
  assert.deepEqual([answer.status, answer.headers.get("a")], [500, "b"]);
  assert.equal((await answer.text()).length, 1_000);
});
