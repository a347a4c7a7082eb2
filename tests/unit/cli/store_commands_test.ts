import assert from "node:assert/strict";
import type { PluginEntry } from "../../../lib/sdk/mod.ts";
import { type CliResult, type CliSetup, runCli } from "../../support/cli.ts";
import { DEMO } from "../../support/cli_plugins.ts";
import { KINDS, openTest, runOnce, scopeKey } from "../../support/store.ts";

const PLUGIN: PluginEntry = { ...DEMO, model: { kinds: KINDS } };

/** A store file with two runs: one node changed, one added, one gone, one region denied. */
async function twoRuns(): Promise<Disposable & { readonly path: string; readonly folder: string }> {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/s.db`;
  using store = await openTest({ path });
  const eu = scopeKey();
  const us = scopeKey("demo_instance", "us");
  runOnce(store, "r1", [
    { scope: eu, nodes: [{ id: "i-1", body: { state: "on", load: 1 } }, { id: "i-2" }] },
    { scope: us, nodes: [{ id: "i-4" }] },
  ]);
  runOnce(store, "r2", [
    { scope: eu, nodes: [{ id: "i-1", body: { state: "off", load: 2 } }, { id: "i-3" }] },
    { scope: us, outcome: "denied" },
  ]);
  return { path, folder, [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }) };
}

function run(path: string, args: readonly string[], setup: CliSetup = {}): Promise<CliResult> {
  return runCli([...args, "--store", path], { plugins: [PLUGIN], ...setup });
}

Deno.test("runs: the newest first, with what changed", async () => {
  using file = await twoRuns();
  const { stdout, code } = await run(file.path, ["runs"]);
  assert.equal(code, 0);
  const [head, newest, oldest] = stdout.split("\n");
  assert.match(head ?? "", /^RUN +STARTED +SECONDS +EXIT/);
  assert.match(newest ?? "", /^r2 .* demo +2 +.*\+1 ~1 -1/);
  assert.match(oldest ?? "", /^r1 .* demo +2 +3 +\+3$/);
});

Deno.test("runs RUN: the ledger, as text and as data", async () => {
  using file = await twoRuns();
  const { stdout } = await run(file.path, ["runs", "last"]);
  assert.match(stdout, /^demo +a1 +eu +demo_instance +complete +2 +\+1 ~1 -1$/m);
  assert.match(stdout, /^demo +a1 +us +demo_instance +denied /m);
  const json = JSON.parse((await run(file.path, ["runs", "r2", "--output", "json"])).stdout);
  assert.deepEqual(
    json.ledger.map((scope: { outcome: string }) => scope.outcome).toSorted(),
    ["complete", "denied"],
  );
});

Deno.test("runs RUN: one that does not exist is an error with the way to find it", async () => {
  using file = await twoRuns();
  const { code, stderr } = await run(file.path, ["runs", "nope"]);
  assert.notEqual(code, 0);
  assert.match(stderr, /nope.*ckworker runs/);
});

Deno.test("diff: added, removed, changed; what was not looked at is unknown, not removed", async () => {
  using file = await twoRuns();
  const { stdout, code } = await run(file.path, ["diff"]);
  assert.equal(code, 0);
  assert.match(stdout, /^From r1 to r2\n/);
  assert.match(stdout, /^\+ demo_instance i-3 in a1 eu$/m);
  assert.match(stdout, /^- demo_instance i-2 in a1 eu$/m);
  assert.match(stdout, /^~ demo_instance i-1 in a1 eu\n {4}state: "on" → "off"$/m);
  assert.ok(!stdout.includes("load"), "volatile properties are no change");
  assert.ok(!/^- .*i-4/m.test(stdout));
  assert.match(stdout, /^demo a1 us demo_instance +complete +denied$/m);
});

Deno.test("diff: narrowed to other kinds there is no difference; JSON is one document", async () => {
  using file = await twoRuns();
  const none = await run(file.path, ["diff", "--kind", "demo_disk"]);
  assert.match(none.stdout, /No difference/);
  const json = JSON.parse((await run(file.path, ["diff", "r1", "r2", "--output=json"])).stdout);
  assert.deepEqual(
    json.nodes.map(({ what, id }: { what: string; id: string }) => `${what} ${id}`).toSorted(),
    ["added i-3", "changed i-1", "removed i-2"],
  );
});

Deno.test("export: to standard output and into a file that only its owner reads", async () => {
  using file = await twoRuns();
  const { stdout } = await run(file.path, ["export", "--format", "ndjson", "--region", "eu"]);
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.ok(lines.length >= 2);
  const target = `${file.folder}/out.csv`;
  const written = await run(file.path, ["export", target, "--format=csv", "--kind=demo_instance"]);
  assert.deepEqual([written.code, written.stdout], [0, ""]);
  const csv = Deno.readTextFileSync(target);
  for (const id of ["i-1", "i-3", "i-4"]) assert.ok(csv.includes(id), id);
  assert.ok(!csv.includes("i-2"));
  assert.equal((Deno.statSync(target).mode ?? 0) & 0o777, 0o600);
});

Deno.test("export: parquet to a terminal, unknown formats and bad targets are refused", async () => {
  using file = await twoRuns();
  const parquet = await run(file.path, ["export", "--format", "parquet"], { terminal: true });
  assert.equal(parquet.code, 2);
  assert.match(parquet.stderr, /Name a file/);
  assert.equal((await run(file.path, ["export", "--format", "xml"])).code, 2);
  assert.equal((await run(file.path, ["export", file.folder])).code, 2);
});

Deno.test("store check, backup and prune", async () => {
  using file = await twoRuns();
  assert.match((await run(file.path, ["store", "check"])).stdout, /all is well\n$/);
  const copy = `${file.folder}/copy.db`;
  assert.equal((await run(file.path, ["store", "backup", copy])).code, 0);
  assert.match((await run(copy, ["runs"])).stdout, /^r2 /m);
  const pruned = await run(file.path, ["store", "prune", "--keep-runs", "1"]);
  assert.match(pruned.stdout, /^1 runs? and \d+ former states? of nodes dropped\n$/);
  assert.ok(!(await run(file.path, ["runs"])).stdout.includes("r1 "));
  assert.equal((await run(file.path, ["store", "prune"])).code, 2);
});

Deno.test("store forget: shows what it would drop and drops it only with --yes", async () => {
  using file = await twoRuns();
  const asked = await run(file.path, ["store", "forget", "--region", "us"]);
  assert.equal(asked.code, 2);
  assert.match(asked.stdout, /^demo_instance +1$/m);
  assert.match((await run(file.path, ["export"])).stdout, /i-4/);
  const done = await run(file.path, ["store", "forget", "--region", "us", "--yes"]);
  assert.equal(done.code, 0);
  assert.ok(!(await run(file.path, ["export"])).stdout.includes("i-4"));
  assert.equal((await run(file.path, ["store", "forget", "--yes"])).code, 2);
});

Deno.test("store: unknown and incomplete actions are refused", async () => {
  for (const args of [[], ["constructor"], ["check", "x"], ["backup"]]) {
    const { code, stderr } = await run("/nowhere/s.db", ["store", ...args]);
    assert.equal(code, 2);
    assert.match(stderr, /Write one of: check, backup FILE, prune, forget/);
  }
});

Deno.test("runs, diff, export: without a store there is one clear line", async () => {
  const folder = Deno.makeTempDirSync();
  for (const name of ["runs", "diff", "export"]) {
    const { code, stderr } = await run(`${folder}/absent.db`, [name]);
    assert.equal(code, 1);
    assert.match(stderr, /^ckworker: [^\n]*absent\.db[^\n]*\n$/);
  }
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  Deno.removeSync(folder);
});

Deno.test("diff: with one run it says that a second is needed", async () => {
  using file = await twoRuns();
  await run(file.path, ["store", "prune", "--keep-runs", "1"]);
  const { code, stderr } = await run(file.path, ["diff"]);
  assert.equal(code, 1);
  assert.match(stderr, /holds one run only: there is no last~1\. Collect again/);
  const far = await run(file.path, ["runs", "last~99999999999999999999"]);
  assert.equal(far.code, 1);
});

Deno.test("store: with --output json, standard output is JSON alone", async () => {
  using file = await twoRuns();
  const copy = `${file.folder}/copy.db`;
  const json = async (...args: string[]) =>
    JSON.parse((await run(file.path, [...args, "--output", "json"])).stdout);
  assert.deepEqual(await json("store", "backup", copy), { from: file.path, to: copy });
  const forgotten = await json("store", "forget", "--account", "a1", "--yes");
  assert.deepEqual(forgotten.kinds, [{ kind: "demo_instance", nodes: 3 }]);
});

Deno.test("store: a path that cannot be a store is an error, not a fault of the program", async () => {
  using file = await twoRuns();
  const paths = [`${file.path}/below`, file.folder, `${file.folder}/${"x".repeat(300)}`];
  for (const path of paths) {
    const { code, stderr } = await run(path, ["runs"]);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^ckworker: Cannot open the store ".*--store\n$/);
  }
});

Deno.test("store forget: nothing is asked where nothing matches", async () => {
  using file = await twoRuns();
  const { code, stdout } = await run(file.path, ["store", "forget", "--account", "nobody"]);
  assert.deepEqual([code, stdout], [0, "Nothing in the store matches\n"]);
});
