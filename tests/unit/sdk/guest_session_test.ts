import assert from "node:assert/strict";
import { CloudError } from "../../../lib/errors/mod.ts";
import type { GuestPort } from "../../../lib/sdk/guest_port.ts";
import { GuestSession } from "../../../lib/sdk/guest_session.ts";
import type { CollectContext, GuestMessage, StartMessage } from "../../../lib/sdk/mod.ts";
import { readLines } from "../../support/lines.ts";

type Context = Omit<CollectContext<unknown>, "options">;

const START: StartMessage = {
  type: "start",
  mode: "collect",
  cloud: "c",
  options: {},
  now: "2026-01-02T03:04:05.000Z",
  shard: { index: 0, of: 1 },
  sensitive: { keep: false, key: "00" },
  budgets: [],
  resumed: [{ cloud: "c", account: "a", region: "", resource: "done_before" }],
};

/** The host's end of a session in this thread. */
class FakeHost implements GuestPort {
  readonly name = "acme";
  readonly messages: GuestMessage[] = [];
  readonly last = Promise.withResolvers<GuestMessage>();
  lines: Promise<string[]> = Promise.resolve([]);
  tell: (data: unknown) => void = () => {};

  post(message: GuestMessage): void {
    this.messages.push(message);
    if (message.type === "stream") this.lines = readLines(message.stream);
    if (message.type === "done" || message.type === "error") this.last.resolve(message);
  }

  listen(receive: (data: unknown) => void): void {
    this.tell = receive;
  }
}

/** Runs a collector to its end in a session and gives what it told. */
async function collect(
  run: (context: Context, host: FakeHost) => Promise<void>,
  start: StartMessage = START,
) {
  const host = new FakeHost();
  new GuestSession(host, {
    load: () => Promise.resolve({ collect: (context) => run(context, host) }),
  });
  host.tell(start);
  const last = await host.last.promise;
  return { host, last, lines: await host.lines };
}

function failure(last: GuestMessage) {
  assert.ok(last.type === "error", `ended with "${last.type}"`);
  return last.error;
}

Deno.test("GuestSession says ready, streams, and ends with done", async () => {
  const { host, lines } = await collect(async (context) => {
    const scope = await context.open({ account: "a", resource: "r" });
    await scope.node({ kind: "k", id: "1", reported: { at: context.now } });
    await scope.close();
  });
  assert.deepEqual(host.messages.map((message) => message.type), ["ready", "stream", "done"]);
  assert.deepEqual(lines, [
    '["o",1,"c","a","","","r"]',
    '["n",1,"k","1","1",{}]\t{"at":"2026-01-02T03:04:05Z"}',
    '["c",1,"complete",[]]',
  ]);
});

Deno.test("GuestSession reports what the collector throws, with code and hint", async () => {
  const { last } = await collect(() =>
    Promise.reject(new CloudError("no_credentials", "No credentials", { hint: "Log in." }))
  );
  assert.deepEqual(failure(last), {
    code: "cloud.no_credentials",
    message: "No credentials",
    hint: "Log in.",
    context: {},
  });
});

Deno.test("GuestSession explains a right that is missing", async () => {
  const { last } = await collect(() =>
    Promise.reject(new Error('Requires net access to "x:1", run again with the --allow-net flag'))
  );
  assert.equal(failure(last).code, "sandbox.denied");
  assert.match(failure(last).message, /^Plugin "acme" may not connect to "x:1"/);
});

Deno.test("GuestSession sends what was written before a failure", async () => {
  const { lines } = await collect(async (context) => {
    const scope = await context.open({ account: "a", resource: "r" });
    await scope.close({ outcome: "partial" });
    throw new Error("broke");
  });
  assert.deepEqual(lines, ['["o",1,"c","a","","","r"]', '["c",1,"partial",[]]']);
});

for (
  const [what, misuse, message] of [
    ["a scope left open", async (context) => {
      await context.open({ account: "a", resource: "r" });
    }, /without closing scope "c\/a\/\/r"/],
    ["a scope closed twice", async (context) => {
      const scope = await context.open({ account: "a", resource: "r" });
      await scope.close();
      await scope.close();
    }, /was closed before/],
    ["a node after the close", async (context) => {
      const scope = await context.open({ account: "a", resource: "r" });
      await scope.close();
      await scope.node({ kind: "k", id: "1", reported: {} });
    }, /got node "1" after it was closed/],
    ["a scope opened twice", async (context) => {
      await (await context.open({ account: "a", resource: "r" })).close();
      await context.open({ account: "a", resource: "r" });
    }, /was opened before/],
    ["a region without name", async (context) => {
      await context.open({ account: "a", resource: "r", region: { id: "x", name: "" } });
    }, /region without id or name/],
    ["a scope without resource", async (context) => {
      await context.open({ account: "a", resource: "" });
    }, /needs a cloud and a resource/],
  ] satisfies [string, (context: Context) => Promise<void>, RegExp][]
) {
  Deno.test(`GuestSession reports ${what} as the plugin's fault`, async () => {
    const error = failure((await collect(misuse)).last);
    assert.equal(error.code, "plugin.failed");
    assert.match(error.message, message);
  });
}

Deno.test("GuestSession knows the scopes that an earlier run closed", async () => {
  const seen: boolean[] = [];
  await collect((context) => {
    seen.push(context.resumed({ account: "a", resource: "done_before" }));
    seen.push(context.resumed({ account: "a", resource: "other" }));
    return Promise.resolve();
  });
  assert.deepEqual(seen, [true, false]);
});

Deno.test("GuestSession ends in order when it is stopped", async () => {
  const { last, lines } = await collect(async (context, host) => {
    await context.open({ account: "a", resource: "r" });
    host.tell({ type: "stop", reason: "enough" });
    context.signal.throwIfAborted();
  });
  assert.equal(last.type, "done");
  assert.deepEqual(lines, ['["o",1,"c","a","","","r"]']);
});

Deno.test("GuestSession sends the newest progress of each account and counts lost logs", async () => {
  const { host } = await collect((context) => {
    for (let done = 0; done <= 1_000; done++) context.progress("a", done, 1_000, "x");
    for (let i = 0; i < 600; i++) context.log("info", "e", "m");
    return Promise.resolve();
  });
  const [logs, progress] = host.messages.filter((m) => m.type === "logs" || m.type === "progress");
  assert.ok(logs?.type === "logs" && progress?.type === "progress");
  assert.deepEqual([logs.entries.length, logs.dropped], [500, 100]);
  assert.deepEqual(progress.events, [{ account: "a", done: 1_000, total: 1_000, label: "x" }]);
});

Deno.test("GuestSession answers pings and hands helper results on", async () => {
  const outputs: string[] = [];
  const { host } = await collect(async (context, host) => {
    host.tell({ type: "ping", id: 4 });
    const output = context.helper("/bin/key", ["x"]);
    host.tell({ type: "helperResult", id: 1, output: "secret" });
    outputs.push(await output);
  });
  assert.deepEqual(outputs, ["secret"]);
  const [pong, asked] = host.messages.slice(2, 4);
  assert.ok(pong?.type === "pong" && pong.id === 4 && (pong.memory ?? 0) > 0);
  assert.deepEqual(asked, { type: "helper", id: 1, path: "/bin/key", args: ["x"] });
});

Deno.test("GuestSession lets a doctor write nothing", async () => {
  const host = new FakeHost();
  new GuestSession(host, {
    load: () =>
      Promise.resolve({
        collect: () => Promise.resolve(),
        doctor: async (context) => {
          await context.open({ account: "a", resource: "r" });
          return { credentials: "", accounts: [] };
        },
      }),
  });
  host.tell({ ...START, mode: "doctor" });
  assert.match(failure(await host.last.promise).message, /doctor opens no scope/);
});

Deno.test("GuestSession sends nothing of a scope that an interrupted run closed", async () => {
  const { last, lines } = await collect(async (context) => {
    for (const resource of ["done_before", "new"]) {
      const scope = await context.open({ account: "a", resource });
      await scope.node({ kind: "k", id: resource, reported: {} });
      await scope.close();
    }
  });
  assert.equal(last.type, "done");
  assert.deepEqual(lines, [
    '["o",2,"c","a","","","new"]',
    '["n",2,"k","new","new",{}]\t{}',
    '["c",2,"complete",[]]',
  ]);
});

Deno.test("GuestSession does not believe a list that ended behind the stop", async () => {
  const { lines } = await collect(async (context, host) => {
    const scope = await context.open({ account: "a", resource: "r" });
    host.tell({ type: "stop", reason: "test" });
    await scope.close();
    const denied = await context.open({ account: "a", resource: "s" });
    await denied.close({ outcome: "denied" });
  });
  assert.deepEqual(lines.filter((line) => line.startsWith('["c"')), [
    '["c",1,"cancelled",[]]',
    '["c",2,"denied",[]]',
  ]);
});
