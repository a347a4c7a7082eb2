import assert from "node:assert/strict";
import { SandboxError } from "../../../lib/errors/mod.ts";
import { type GuestEnd, type GuestRequest, startGuest } from "../../../lib/sandbox/mod.ts";
import { EXAMPLE, exampleRequest, type RequestChanges } from "../../support/guest_request.ts";
import { readLines } from "../../support/lines.ts";

const SHORT = { startMs: 20_000, heartbeatMs: 20_000, runMs: 40_000, stopMs: 3_000 };

function attackRequest(attack: string, changes: RequestChanges = {}): GuestRequest {
  return exampleRequest({
    entry: { ...EXAMPLE, source: { type: "built-in", name: "attacker" } },
    options: { attack },
    base: new URL("../../fixtures/hostile/main.ts", import.meta.url).href,
    timeouts: SHORT,
    ...changes,
  });
}

/** Starts an attacker, reads what it sends and returns how it ended. */
async function attack(name: string, changes: RequestChanges = {}): Promise<GuestEnd> {
  try {
    await using guest = await startGuest(attackRequest(name, changes));
    await readLines(guest.lines).catch((error) => assert.ok(error instanceof SandboxError));
    return await guest.ended;
  } catch (error) {
    assert.ok(error instanceof SandboxError, String(error));
    return { state: "crashed", error };
  }
}

async function assertCrash(name: string, message: RegExp, changes?: RequestChanges): Promise<void> {
  const end = await attack(name, changes);
  assert.equal(end.state, "crashed");
  assert.match(end.error.message, message);
  assert.ok(end.error instanceof SandboxError && end.error.context.plugin === "example");
}

Deno.test("startGuest() ends a guest that never sends a stream", async () => {
  await assertCrash("silence", /did not start within 0.3 s/, {
    timeouts: { ...SHORT, startMs: 300 },
  });
});

Deno.test("startGuest() ends a guest that spins before it starts", async () => {
  await assertCrash("spinBeforeStream", /did not start within 0.3 s/, {
    timeouts: { ...SHORT, startMs: 300 },
  });
});

Deno.test("startGuest() ends a guest whose event loop stands still", async () => {
  await assertCrash("spin", /did not answer for 0.3 s/, {
    timeouts: { ...SHORT, heartbeatMs: 300 },
  });
});

Deno.test("startGuest() takes no pong for a ping that it did not send", async () => {
  await assertCrash("pongsInAdvance", /did not answer for 0.3 s/, {
    timeouts: { ...SHORT, heartbeatMs: 300 },
  });
});

for (const name of ["exit", "close"]) {
  Deno.test(`startGuest() notices a guest that vanished by ${name}`, async () => {
    await assertCrash(name, /did not answer/, { timeouts: { ...SHORT, heartbeatMs: 300 } });
  });
}

Deno.test("startGuest() ends a guest that outlives its time, by force if need be", async () => {
  await assertCrash("ignoreStop", /ran longer than 0.3 s/, {
    timeouts: { ...SHORT, runMs: 300, stopMs: 100 },
  });
});

Deno.test("startGuest() reports a guest that breaks while it loads", async () => {
  const entry = { ...EXAMPLE, source: { type: "built-in", name: "broken" } } as const;
  await assertCrash("", /broken at load/, { entry });
});

Deno.test("startGuest() reports a guest whose code is missing", async () => {
  const entry = { ...EXAMPLE, source: { type: "built-in", name: "nowhere" } } as const;
  await assertCrash("", /Module not found/, { entry });
});

Deno.test("startGuest() reports what a guest throws outside of its promises", async () => {
  await assertCrash("throwLater", /thrown later/);
  await assertCrash("rejectLater", /rejected later/);
});

Deno.test("startGuest() ends a guest that floods its port", async () => {
  await assertCrash("flood", /too many messages at once/);
  await assertCrash("floodBigMessages", /wrong form|too many messages/);
});

for (
  const name of ["garbage", "unknownType", "extraKeys", "noStream", "prototype"]
) {
  Deno.test(`startGuest() refuses a message of wrong form: ${name}`, async () => {
    await assertCrash(name, /message of wrong form/);
  });
}

for (const name of ["twoStreams", "readyTwice", "doneTwice", "unaskedDoctor"]) {
  Deno.test(`startGuest() refuses a message out of turn: ${name}`, async () => {
    await assertCrash(name, /out of turn/);
  });
}

for (const name of ["notBytes", "hugeChunk"]) {
  Deno.test(`startGuest() refuses lines that are no chunks of bytes: ${name}`, async () => {
    await assertCrash(name, /lines that are no bytes, or too many at once/);
  });
}

Deno.test("startGuest() takes field names that are those of prototypes as plain data", async () => {
  const told: unknown[] = [];
  await using guest = await startGuest(attackRequest("prototypeInFields", { told }));
  await guest.lines.getReader().read();
  assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
  assert.equal(told.every((one) => Object.getPrototypeOf(one) === Object.prototype), true);
});

Deno.test("startGuest() pulls lines no faster than they are read", async () => {
  const told: { progress?: { done: number } }[] = [];
  await using guest = await startGuest(attackRequest("endless", { told }));
  const reader = guest.lines.getReader();
  for (let i = 0; i < 20; i++) await reader.read();
  const sent = told.at(-1)?.progress?.done ?? 0;
  assert.ok(sent < 40, `sent ${sent} chunks for 20 that were read`);
  await reader.cancel();
});

Deno.test("startGuest() ends a guest in order and reports no error", async () => {
  assert.deepEqual(await attack("obedient"), { state: "stopped" });
});

Deno.test("startGuest() gives the states of a guest's life by name", async () => {
  await using guest = await startGuest(exampleRequest());
  assert.ok(guest.state === "running" || guest.state === "draining");
  await readLines(guest.lines);
  await guest.ended;
  assert.equal(guest.state, "stopped");
});

Deno.test("startGuest() stops a guest gracefully when the run is aborted", async () => {
  const run = new AbortController();
  await using guest = await startGuest(exampleRequest({ signal: run.signal }));
  run.abort();
  await readLines(guest.lines);
  assert.deepEqual(await guest.ended, { state: "stopped" });
});

Deno.test("startGuest() ends a guest by force that does not stop", async () => {
  const timeouts = { ...SHORT, stopMs: 200 };
  await using guest = await startGuest(attackRequest("ignoreStop", { timeouts }));
  await guest.stop("enough");
  const end = await guest.ended;
  assert.equal(end.state, "crashed");
  assert.match(end.error.message, /did not stop within 0.2 s/);
});

Deno.test("startGuest() rejects when the run is aborted before", async () => {
  await assert.rejects(startGuest(exampleRequest({ signal: AbortSignal.abort() })), SandboxError);
});

Deno.test("startGuest() names a right that cannot be given", async () => {
  const permissions = { net: ["not a host"] };
  await assert.rejects(startGuest(exampleRequest({ permissions })), /cannot be given.*not a host/);
});
