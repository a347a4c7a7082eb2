import assert from "node:assert/strict";
import { startChanger } from "../../../lib/sandbox/mod.ts";
import { changeNode } from "../../support/change_node.ts";
import { EXAMPLE, exampleRequest, type RequestChanges } from "../../support/guest_request.ts";

const HOSTILE = new URL("../../fixtures/hostile/main.ts", import.meta.url).href;
const TIMEOUTS = { startMs: 20_000, heartbeatMs: 20_000, runMs: Infinity, stopMs: 3_000 };
const SET = { type: "setTag", key: "owner", value: "lisa" } as const;

function attacker(attack: string, changes: RequestChanges = {}) {
  return startChanger(exampleRequest({
    entry: { ...EXAMPLE, source: { type: "built-in", name: "attacker" } },
    options: { attack },
    base: HOSTILE,
    timeouts: TIMEOUTS,
    ...changes,
  }));
}

function never(): AbortSignal {
  return new AbortController().signal;
}

for (const fork of [false, true]) {
  const where = fork ? "a process of its own" : "this process";
  Deno.test(`startChanger() changes tags through a guest in ${where}`, async () => {
    await using guest = await startChanger(exampleRequest({ fork, timeouts: TIMEOUTS }));
    const answers = await Promise.all([
      guest.change(changeNode(), SET, never()),
      guest.change(changeNode(), { type: "removeTag", key: "owner" }, never()),
    ]);
    assert.deepEqual(answers, [
      { outcome: "done", tags: { owner: "lisa" } },
      { outcome: "done", tags: {} },
    ]);
    await assert.rejects(
      guest.change(changeNode(), { type: "prepare" }, never()),
      { code: "change.unsupported" },
    );
    await guest.stop("enough");
    assert.deepEqual(await guest.ended, { state: "stopped" });
    await assert.rejects(guest.change(changeNode(), SET, never()), /ended before it answered/);
  });
}

for (
  const [attack, message] of [
    ["changedUnasked", /sent "changed" out of turn/],
    ["servingTwice", /sent "serving" out of turn/],
    ["servingAndStream", /sent "stream" out of turn/],
    ["changedTwice", /sent "changed" out of turn/],
    ["changedToNothing", /sent "changed" out of turn/],
    ["changedOddly", /message of wrong form/],
    ["changedManyTags", /message of wrong form/],
  ] as const
) {
  Deno.test(`startChanger() ends a guest that lies: ${attack}`, async () => {
    await using guest = await attacker(attack);
    await guest.change(changeNode(), SET, never()).catch(() => {});
    const end = await guest.ended;
    assert.ok(end.state === "crashed", end.state);
    assert.match(end.error.message, message);
  });
}

Deno.test("startChanger() fails the changes of a guest that ends without an answer", async () => {
  await using guest = await attacker("doneUnanswered");
  await assert.rejects(guest.change(changeNode(), SET, never()), /ended before it answered/);
});

Deno.test("startChanger() reports a guest that begins with lines, or not at all", async () => {
  await assert.rejects(attacker("obedient"), /sent "stream" out of turn/);
  const timeouts = { ...TIMEOUTS, startMs: 300 };
  await assert.rejects(attacker("silence", { timeouts }), /did not start within 0.3 s/);
});

Deno.test("startChanger() stops waiting for a change that is cancelled, and keeps the guest", async () => {
  await using guest = await attacker("neverChanged");
  const stop = new AbortController();
  const answer = guest.change(changeNode(), SET, stop.signal);
  stop.abort(new Error("too late"));
  await assert.rejects(answer, /too late/);
  assert.equal(guest.state, "running");
});

Deno.test("startChanger() refuses a change that no guest takes", async () => {
  await using guest = await attacker("neverChanged");
  const node = changeNode({ id: "x".repeat(3_000) });
  await assert.rejects(guest.change(node, SET, never()), { code: "change.failed" });
  assert.equal(guest.state, "running");
});
