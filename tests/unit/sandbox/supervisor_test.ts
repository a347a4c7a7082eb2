import assert from "node:assert/strict";
import type { HostMessage } from "../../../lib/sdk/mod.ts";
import type { ChannelEvents } from "../../../lib/sandbox/channel.ts";
import { Supervisor } from "../../../lib/sandbox/supervisor.ts";
import { readLines } from "../../support/lines.ts";

const TIMEOUTS = { startMs: 20_000, heartbeatMs: 20_000, runMs: 20_000, stopMs: 20_000 };
const FIRST: HostMessage = { type: "ping", id: 1 };

/** A supervisor whose guest is the test. */
function stage(signal: AbortSignal = new AbortController().signal) {
  const posted: HostMessage[] = [];
  let guest: ChannelEvents | undefined;
  let terminated = 0;
  const supervisor = new Supervisor({
    plugin: "made-up",
    timeouts: TIMEOUTS,
    first: FIRST,
    begins: "stream",
    open: (events) => {
      guest = events;
      return {
        post: (message) => void posted.push(message),
        terminate: () => {
          terminated++;
          return Promise.resolve();
        },
      };
    },
    work: () => true,
    signal,
  });
  return {
    supervisor,
    posted,
    say: (message: unknown) => guest?.message(message),
    fault: (error: Parameters<ChannelEvents["fault"]>[0]) => guest?.fault(error),
    terminated: () => terminated,
  };
}

function lines(text: string): ReadableStream<Uint8Array> {
  return ReadableStream.from([new TextEncoder().encode(text)]);
}

Deno.test("Supervisor stops a guest in order that is told to stop before its lines flow", async () => {
  const stop = new AbortController();
  const { supervisor, posted, say } = stage(stop.signal);
  say({ type: "ready" });
  stop.abort();
  assert.deepEqual(posted.map(({ type }) => type), ["ping", "stop"]);
  say({ type: "stream", stream: lines("") });
  say({ type: "done" });
  await supervisor.settled;
  await readLines(supervisor.lines.stream);
  assert.deepEqual(await supervisor.ended, { state: "stopped" });
});

Deno.test("Supervisor stops a guest that is not ready yet at once, and twice is once", async () => {
  const { supervisor, terminated } = stage();
  await Promise.all([supervisor.stop("one"), supervisor.stop("two")]);
  assert.deepEqual([supervisor.state, terminated()], ["stopped", 1]);
  await supervisor.stop("three");
  assert.equal(terminated(), 1);
});

Deno.test("Supervisor starts no guest for a signal that is aborted already", async () => {
  const { supervisor, posted, say } = stage(AbortSignal.abort());
  say({ type: "ready" });
  assert.deepEqual(await supervisor.ended, { state: "stopped" });
  assert.deepEqual(posted, []);
});

Deno.test("Supervisor tells a crash while the last lines are read", async () => {
  const { supervisor, say } = stage();
  say({ type: "ready" });
  say({ type: "stream", stream: lines("a\n") });
  say({ type: "done" });
  assert.equal(supervisor.state, "draining");
  say({ type: "done" });
  const end = await supervisor.ended;
  assert.equal(end.state, "crashed");
  assert.match(end.state === "crashed" ? end.error.message : "", /out of turn/);
});
