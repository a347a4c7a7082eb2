import assert from "node:assert/strict";
import { CoreUnreachableError } from "../../../lib/errors/mod.ts";
import { ActionCore } from "../../support/action_core.ts";
import { actionNames, actionStage } from "../../support/action_stage.ts";
import { settle, until } from "../../support/until.ts";

Deno.test("ActionListener waits for a core that is down at the start and says so once", async () => {
  await using core = new ActionCore(false);
  const reserved = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = reserved.addr;
  reserved.close();
  await using it = actionStage(core, { port: () => port });
  for (const wait of [375, 750, 1_500, 3_000, 6_000, 7_500, 7_500]) {
    await until(() => it.clock.asleep[0] === wait, `waits ${wait}`);
    it.clock.advance(wait);
  }
  await until(() => it.clock.asleep[0] === 7_500, "waits");
  assert.deepEqual(it.log.seen, ["warn core.link.unreachable"]);
  core.start(port);
  it.clock.advance(10_000);
  await until(() => core.connected === 1, "connected");
  await until(() => it.listener.snapshot().connected, "noted");
  assert.deepEqual(it.log.seen, ["warn core.link.unreachable", "info core.link.connected"]);
  assert.match(it.listener.snapshot().lastError ?? "", /No answer/);
});

Deno.test("ActionListener replaces a socket on which nothing comes for minutes", async () => {
  await using core = new ActionCore();
  await using it = actionStage(core);
  await until(() => core.connected === 1 && it.clock.asleep.length > 0, "connected");
  await until(() => it.clock.asleep.includes(262_500), "watches");
  it.clock.advance(262_500);
  await until(() => core.calls.filter((call) => call === "open").length === 2, "replaced");
  assert.equal(it.listener.snapshot().connected, true);
  assert.deepEqual(it.log.seen, ["info core.link.connected"]);
});

Deno.test("ActionListener drains: what runs is answered, what waits and what comes is left", async () => {
  await using core = new ActionCore();
  await using it = actionStage(core);
  await until(() => core.connected === 1, "connected");
  core.ask("collect", "t1");
  core.ask("cleanup", "t1");
  await until(() => it.listener.snapshot().waiting === 1, "waits");
  let isDrained = false;
  const drained = it.listener.drain().then(() => isDrained = true);
  core.ask("collect", "t9");
  await settle();
  assert.equal(isDrained, false);
  it.running[0]?.end.resolve();
  await until(() => it.clock.asleep.includes(2_000), "answered");
  it.clock.advance(2_000);
  await drained;
  await it.over;
  assert.deepEqual(actionNames(it.began), ["t1 collect"]);
  assert.deepEqual(core.got.map(({ message_type }) => message_type), ["collect"]);
  await until(() => core.connected === 0, "gone");
});

Deno.test("ActionListener drains at once when nothing runs, connected or not", async () => {
  await using core = new ActionCore();
  await using it = actionStage(core);
  await until(() => core.connected === 1, "connected");
  await it.listener.drain();
  await it.over;
  await until(() => core.connected === 0, "gone");
  await using nobody = new ActionCore(false);
  await using other = actionStage(nobody);
  await other.listener.drain();
  await other.over;
});

Deno.test("ActionListener that is stopped ends what runs and answers nothing", async () => {
  await using core = new ActionCore();
  await using it = actionStage(core, { dialect: "fixcore" });
  await until(() => core.connected === 1, "connected");
  core.ask("collect", "t1");
  await until(() => it.running.length === 1, "begun");
  const { context, end } = it.running[0] ?? assert.fail("nothing runs");
  context.signal.addEventListener("abort", () => end.reject(context.signal.reason));
  it.stop.abort();
  await it.over;
  assert.equal(context.signal.aborted, true);
  assert.deepEqual(core.got, []);
  assert.equal(core.calls.some((call) => call.startsWith("DELETE")), false);
});

Deno.test("ActionListener stops although the core refuses to unregister it", async () => {
  await using core = new ActionCore();
  await using it = actionStage(core);
  await until(() => core.connected === 1, "connected");
  core.statuses.push({ call: "DELETE", status: 400 });
  it.stop.abort();
  await it.over;
  assert.deepEqual(it.log.seen.filter((line) => line.includes("unsubscribe")), [
    "warn core.actions.unsubscribe",
  ]);
});

Deno.test("ActionListener ends an action for which the core no longer waits", async () => {
  await using core = new ActionCore();
  await using it = actionStage(core);
  await until(() => core.connected === 1, "connected");
  core.ask("collect", "t1");
  await until(() => it.running.length === 1, "begun");
  const { context, end } = it.running[0] ?? assert.fail("nothing runs");
  context.signal.addEventListener("abort", () => end.reject(context.signal.reason));
  it.clock.advance(10_800_000);
  await until(() => it.listener.snapshot().failed === 1, "ended");
  await until(() => core.got.length === 1, "answered");
  assert.match(String(core.got[0]?.data["error"]), /longer than the core waits \(10800 s\)/);
});

Deno.test("ActionListener tells why an action failed that went on after its time", async () => {
  await using core = new ActionCore();
  await using it = actionStage(core);
  await until(() => core.connected === 1, "connected");
  core.ask("collect", "t1");
  await until(() => it.running.length === 1, "begun");
  it.clock.advance(10_800_000);
  it.running[0]?.end.reject(new CoreUnreachableError("the graph waits"));
  await until(() => core.got.length === 1, "answered");
  const told = String(core.got[0]?.data["error"]);
  assert.match(told, /longer than the core waits \(10800 s\): .*the graph waits/);
});

Deno.test("ActionListener registers again when the core forgot it, and waits when its id is taken", async () => {
  await using core = new ActionCore();
  core.statuses.push(
    { call: "open", status: 404 },
    { call: "open", status: 429 },
    { call: "POST", status: 503 },
  );
  await using it = actionStage(core);
  for (const wait of [375, 750, 1_500]) {
    await until(() => it.clock.asleep.includes(wait), `waits ${wait}`);
    it.clock.advance(wait);
  }
  await until(() => core.connected === 1, "connected");
  const brief = core.calls.map((call) => call.split(" ")[0]);
  // The planned 503 meets the first registration.
  assert.deepEqual(brief, [
    "POST",
    "POST",
    "POST",
    "open",
    "POST",
    "POST",
    "open",
    "POST",
    "POST",
    "open",
  ]);
});
