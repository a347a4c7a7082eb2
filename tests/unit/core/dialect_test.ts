import assert from "node:assert/strict";
import type { DialectName } from "../../../lib/core/mod.ts";
import { CoreUnreachableError } from "../../../lib/errors/mod.ts";
import { RecordingServer, remoteCore, unhurried } from "../../support/remote_core.ts";

Deno.test("RemoteCore: is named after its address", () => {
  assert.equal(remoteCore("http://core:8900", "ckcore").name, "http://core:8900");
});

Deno.test("traits: what planning has to know of each generation", async () => {
  const traits = (dialect: DialectName) => remoteCore("http://core", dialect).traits(unhurried());
  assert.deepEqual(await traits("ckcore"), {
    crossingEdges: "drop",
    merges: "one",
    nodeIds: "with_name",
  });
  assert.deepEqual(await traits("fixcore"), {
    crossingEdges: "defer",
    merges: "per_sub_graph",
    nodeIds: "without_name",
  });
});

Deno.test("dialect: is found out once, and again when a call failed", async () => {
  const status = { now: 200 };
  await using server = new RecordingServer(() => new Response("", { status: status.now }));
  const answers: DialectName[] = ["ckcore", "fixcore"];
  let asked = 0;
  const core = remoteCore(server.uri, () => Promise.resolve(answers[asked++] ?? "ckcore"));
  const read = () => Array.fromAsync(core.query("x", unhurried()));

  assert.equal(await core.dialect(unhurried()), "ckcore");
  await read();
  assert.equal(asked, 1);
  await read();
  assert.equal(asked, 1);
  status.now = 503;
  await assert.rejects(read(), CoreUnreachableError);
  status.now = 200;
  await read();
  assert.deepEqual(server.calls.at(-1), "POST /graph/fix/search/graph?section=reported");
  assert.equal(asked, 2);
});

Deno.test("dialect: a core that cannot be found out is asked again", async () => {
  let asked = 0;
  const core = remoteCore("http://core", () => {
    asked++;
    return asked === 1
      ? Promise.reject(new CoreUnreachableError("down"))
      : Promise.resolve("fixcore");
  });
  await assert.rejects(core.traits(unhurried()), CoreUnreachableError);
  assert.equal(await core.dialect(unhurried()), "fixcore");
});
