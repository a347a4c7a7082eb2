import assert from "node:assert/strict";
import { type ChangerGuest, ChangerGuests, type GuestSetup } from "../../../lib/sandbox/mod.ts";
import { FakeChangers } from "../../support/fake_changer.ts";
import { EXAMPLE } from "../../support/guest_request.ts";
import { silentLogger } from "../../support/silent_logger.ts";
import { SimulatedClock } from "../../support/simulated_clock.ts";

const NEVER = new AbortController().signal;

function guestsOf(startChanger: (setup: GuestSetup) => Promise<ChangerGuest>): ChangerGuests {
  const clock = new SimulatedClock();
  return new ChangerGuests(
    { entry: EXAMPLE, options: { region: [] }, seen: { env: {}, files: {} } },
    { startChanger },
    {
      ...{ fork: false, base: "file:///main.ts", allowHelpers: [] },
      ...{ idleMs: 300_000, log: silentLogger },
    },
    { now: () => new Date(clock.now()), sleep: (ms, signal) => clock.sleep(ms, signal) },
  );
}

Deno.test("ChangerGuests gives up a guest that still starts when it ends", async () => {
  const guests = guestsOf(({ signal }) =>
    new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(new Error("given up")))
    )
  );
  const used = assert.rejects(guests.use(NEVER, () => Promise.resolve()), /given up/);
  await guests.end(NEVER);
  await used;
});

Deno.test("ChangerGuests does not wait past the limit for a start, and ends its guest later", async () => {
  const changers = new FakeChangers();
  const starting = Promise.withResolvers<void>();
  const guests = guestsOf(async (setup) => {
    await starting.promise;
    return await changers.startChanger(setup);
  });
  const [wanted, limit] = [new AbortController(), new AbortController()];
  const used = assert.rejects(guests.use(wanted.signal, () => Promise.resolve()), /unwanted/);
  wanted.abort(new Error("unwanted"));
  await used;
  const ended = guests.end(limit.signal);
  limit.abort();
  await ended;
  starting.resolve();
  while (changers.started.length === 0) await Promise.resolve();
  assert.equal((await changers.started[0]?.ended)?.state, "stopped");
});

Deno.test("ChangerGuests lets a guest answer, and ends it by force at the limit", async () => {
  const changers = new FakeChangers();
  let forced = false;
  const guests = guestsOf(async (setup) => {
    const guest = await changers.startChanger(setup);
    return {
      ...guest,
      state: "running",
      stop: async () => void await guest.ended,
      [Symbol.asyncDispose]: async () => {
        forced = true;
        await guest[Symbol.asyncDispose]();
      },
    };
  });
  await guests.use(NEVER, () => Promise.resolve());
  const limit = new AbortController();
  const ended = guests.end(limit.signal);
  assert.equal(changers.started[0]?.state, "running");
  assert.equal(changers.started[0]?.setup.signal.aborted, false);
  assert.equal(forced, false);
  limit.abort();
  await ended;
  assert.equal(forced, true);
});
