import assert from "node:assert/strict";
import { assertGood, graphOf, merges } from "../support/daemon_core.ts";
import { addressFlags, freePort, makeWorkerPlace } from "../support/daemon_binary.ts";
import { type CoreDialect, type Fault, startFakeCore } from "../support/fake_core.ts";

const ONCE = ["--once", "--collector", "example"];

for (const dialect of ["ckcore", "fixcore"] satisfies readonly CoreDialect[]) {
  Deno.test(`once at ${dialect}: the core gets the graph, and the summary says so`, async () => {
    await using core = await startFakeCore({ dialect });
    await using place = await makeWorkerPlace();
    const flags = [...ONCE, ...addressFlags(core)];
    const { code, stdout, stderr } = await place.run(flags);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /The core took it \(9 nodes, 8 edges\)/);
    assert.match(stdout, /example: replaced as a whole/);
    await core.until(() => [...graphOf(core).nodes].length === 9);
    assert.deepEqual(core.subscriptions(), []);
    assertGood(core);
    const json = await place.run([...flags, "--output", "json"]);
    assert.deepEqual(
      [json.code, JSON.parse(json.stdout).upload.outcome, JSON.parse(json.stdout).exitCode],
      [0, "accepted", 0],
    );
    const quiet = await place.run([...flags, "--quiet"]);
    assert.deepEqual([quiet.code, quiet.stdout], [0, ""]);
  });

  Deno.test(`once at ${dialect}: a core that refuses costs nothing of the run but its exit code`, async () => {
    const refuses: Fault = {
      on: "request",
      match: { path: /\/merge$/ },
      effect: { type: "answer", status: 400, body: "Error: ImportAborted\nMessage: not today" },
    };
    await using core = await startFakeCore({ dialect, faults: [refuses] });
    await using place = await makeWorkerPlace();
    const { code, stdout } = await place.run([...ONCE, ...addressFlags(core)]);
    assert.equal(code, 1, stdout);
    assert.match(stdout, /The core refused it.*not today/);
    assert.doesNotMatch(stdout, /replaced/);
    assert.match(stdout, /example_instance +2/);
    core.setFaults([]);
    assert.equal((await place.run([...ONCE, ...addressFlags(core)])).code, 0);
    assert.equal(merges(core), 1);
  });

  Deno.test(`once at ${dialect}: a wrong key ends with 1 and names the flag`, async () => {
    await using core = await startFakeCore({ dialect, psk: "k3y-of-the-core" });
    await using place = await makeWorkerPlace();
    const env = { CKWORKER_PSK: "k3y-of-another" };
    const { code, stdout, stderr } = await place.run([...ONCE, ...addressFlags(core)], env);
    assert.equal(code, 1, stdout + stderr);
    assert.match(stdout + stderr, /--psk/);
    assert.doesNotMatch(stdout + stderr, /k3y/);
  });

  Deno.test(`once at ${dialect}: without credentials nothing is uploaded`, async () => {
    await using core = await startFakeCore({ dialect });
    await using place = await makeWorkerPlace();
    const flags = ["--once", "--collector", "aws", ...addressFlags(core)];
    const env = { AWS_EC2_METADATA_DISABLED: "true" };
    const { code, stdout } = await place.run(flags, env);
    assert.equal(code, 1, stdout);
    assert.equal(merges(core), 0);
    assert.deepEqual([...graphOf(core).nodes].length <= 1, true);
  });
}

Deno.test("once: a core that is not there keeps the graph for the next run", async () => {
  await using place = await makeWorkerPlace();
  const port = freePort();
  const flags = [...ONCE, "--ckcore-uri", `http://127.0.0.1:${port}`, "--core-dialect", "ckcore"];
  const down = await place.run(flags);
  assert.equal(down.code, 1, down.stderr);
  assert.match(down.stdout, /could not be reached; the graph stays in the store/);
  await using core = await startFakeCore({ dialect: "ckcore", port });
  const { code, stdout } = await place.run(flags);
  assert.equal(code, 0, stdout);
  assert.equal([...graphOf(core).nodes].length, 9);
});
