import assert from "node:assert/strict";
import { join } from "node:path";
import { binaryPath, runProgram } from "../support/binary.ts";
import { fill } from "../support/gcp/estate.ts";
import { startGoogle } from "../support/gcp/fake_google.ts";
import { readStore } from "../support/saas/saas_store.ts";

const ACCOUNT = "worker@p.test";

Deno.test("binary: collects Google Cloud with the variable of Google's own tools, also in processes", async () => {
  await using google = await startGoogle();
  fill(google, ["p", "q"]);
  const folder = await Deno.makeTempDir();
  await using _folder = { [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
  const key = join(folder, "key.json");
  await Deno.writeTextFile(key, google.key(ACCOUNT));
  const env = { GOOGLE_APPLICATION_CREDENTIALS: key };
  for (const more of [[], ["--fork", "--gcp-fork"]]) {
    const store = join(folder, `store${more.length}.db`);
    const args = [
      "--once",
      "--collector",
      "gcp",
      "--store",
      store,
      "--gcp-endpoint-url",
      google.url,
    ];
    const run = await runProgram(binaryPath(), [...args, ...more], { cwd: folder, env });
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.doesNotMatch(run.stdout + run.stderr, /PRIVATE KEY|s3cr3t/);
    const { nodes } = readStore(store, "gcp");
    assert.ok(nodes.includes("- gcp_bucket p-data p-data"));
    assert.ok(nodes.includes("- gcp_bucket q-data q-data"));
  }
  assert.deepEqual([google.problems, new Set(google.callers)], [[], new Set([ACCOUNT])]);
});

Deno.test("binary: cleans up in Google Cloud what a plan names", async () => {
  await using google = await startGoogle();
  fill(google);
  const folder = await Deno.makeTempDir();
  await using _folder = { [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
  const store = ["--store", join(folder, "store.db")];
  const cloud = ["--gcp-endpoint-url", ...google.endpoints];
  const env = { CKWORKER_GCP_SERVICE_ACCOUNT0: google.key(ACCOUNT) };
  const run = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await runProgram(binaryPath(), args, { cwd: folder, env });
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };
  await run("--once", "--collector", "gcp", ...store, ...cloud);
  await run("clean", "mark", "is(gcp_disk) and name == loose", "--reason", "left over", ...store);
  await run("clean", "plan", "--out", "plan.json", ...store);
  assert.match(await run("clean", "apply", "plan.json", "--yes", ...store, ...cloud), /1 cleaned/);
  const place = { project: "p", zone: "us-east1-b" };
  const disks = google.state.in("compute", ["disks"], place).map(({ raw }) => raw["name"]);
  assert.deepEqual(disks, ["boot", "kept"]);
});
