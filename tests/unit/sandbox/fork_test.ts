import assert from "node:assert/strict";
import { startGuest } from "../../../lib/sandbox/mod.ts";
import { EXAMPLE, exampleRequest, type RequestChanges } from "../../support/guest_request.ts";
import { readLines } from "../../support/lines.ts";

/** A program that becomes a child, with an attacker as its plugin. */
const HOSTILE = new URL("../../fixtures/hostile/main.ts", import.meta.url).href;
const ACME = new URL("../../fixtures/plugins/acme.js", import.meta.url).pathname;

function forkRequest(changes: RequestChanges) {
  return exampleRequest({
    fork: true,
    base: HOSTILE,
    entry: { ...EXAMPLE, source: { type: "built-in", name: "attacker" } },
    ...changes,
  });
}

async function sha256(path: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  return new Uint8Array(digest).toHex();
}

Deno.test("startGuest() with fork gives lines and messages like a guest of this process", async () => {
  const source = { type: "file", path: ACME, sha256: await sha256(ACME) } as const;
  const told: unknown[] = [];
  await using guest = await startGuest(
    forkRequest({ entry: { ...EXAMPLE, source }, options: { robots: 2 }, told }),
  );
  const lines = await readLines(guest.lines);
  assert.deepEqual(await guest.ended, { state: "stopped" });
  assert.equal(lines.filter((line) => line.startsWith('["n"')).length, 3);
  assert.equal(JSON.stringify(told).includes('"accounts":[{"id":"acme"}]'), true);
});

Deno.test("startGuest() with fork survives a guest that runs out of memory", async () => {
  await using guest = await startGuest(
    forkRequest({ options: { attack: "outOfMemory" }, forkHeapMiB: 64 }),
  );
  await assert.rejects(readLines(guest.lines), /ran out of memory/);
  const end = await guest.ended;
  assert.equal(end.state, "crashed");
  assert.match(end.error.message, /Plugin "example" ran out of memory/);
});

Deno.test("startGuest() with fork ends a child whose guest stands still", async () => {
  const timeouts = { startMs: 20_000, heartbeatMs: 3_000, runMs: 40_000, stopMs: 1_000 };
  await using guest = await startGuest(forkRequest({ options: { attack: "spin" }, timeouts }));
  await assert.rejects(readLines(guest.lines), /did not answer/);
  assert.equal((await guest.ended).state, "crashed");
});

Deno.test("startGuest() with fork reports a guest that breaks while it loads", async () => {
  const entry = { ...EXAMPLE, source: { type: "built-in", name: "broken" } } as const;
  await assert.rejects(startGuest(forkRequest({ entry })), /broken at load/);
});

Deno.test("startGuest() with fork keeps back-pressure through the pipe", async () => {
  const told: { progress?: { done: number } }[] = [];
  await using guest = await startGuest(forkRequest({ options: { attack: "endless" }, told }));
  const reader = guest.lines.getReader();
  let bytes = 0;
  while (bytes < 20 * 65_536) bytes += (await reader.read()).value?.byteLength ?? 0;
  const sent = told.at(-1)?.progress?.done ?? 0;
  assert.ok(sent < 80, `sent ${sent} chunks for about 20 that were read`);
  await reader.cancel();
});

Deno.test("startGuest() with fork ends the child when it is disposed of", async () => {
  const guest = await startGuest(forkRequest({ options: { attack: "ignoreStop" } }));
  await guest[Symbol.asyncDispose]();
  assert.equal(guest.state, "crashed");
});
