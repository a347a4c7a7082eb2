import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../../../lib/errors/mod.ts";
import { networkType } from "../../../lib/store/mounts.ts";
import { openStore } from "../../../lib/store/mod.ts";
import {
  idsOf,
  KINDS,
  openTest,
  runOnce,
  scopeKey,
  temporaryFolder,
  testClock,
} from "../../support/store.ts";

const scope = scopeKey();

async function refusal(path: string, mode: "read" | "write" = "write"): Promise<StoreError> {
  try {
    using _store = await openStore({ path, kinds: KINDS, now: testClock(), mode });
  } catch (error) {
    assert.ok(error instanceof StoreError, String(error));
    assert.ok(error.hint, "a refusal says what to do");
    return error;
  }
  throw new assert.AssertionError({ message: `${path} was opened` });
}

async function assertUntouched(path: string, code: string): Promise<void> {
  const before = Deno.readFileSync(path);
  const files = [...Deno.readDirSync(path.replace(/\/[^/]*$/, ""))].map(({ name }) => name).sort();
  for (const mode of ["write", "read"] as const) {
    assert.equal((await refusal(path, mode)).code, code);
    assert.deepEqual(Deno.readFileSync(path), before);
  }
  const after = [...Deno.readDirSync(path.replace(/\/[^/]*$/, ""))].map(({ name }) => name).sort();
  assert.deepEqual(after, files);
}

Deno.test("openStore() creates a private file in WAL mode and finds its nodes again", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  {
    using store = await openTest({ path });
    runOnce(store, "r1", [{ scope, nodes: [{ id: "a" }] }]);
    assert.equal(
      store.db.get<{ journal_mode: string }>("PRAGMA journal_mode")?.journal_mode,
      "wal",
    );
    assert.equal((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
    assert.equal((Deno.statSync(`${path}-wal`).mode ?? 0) & 0o777, 0o600);
  }
  using again = await openTest({ path });
  assert.deepEqual(idsOf(again), ["a"]);
});

Deno.test("openStore() takes a file that is empty", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  Deno.writeTextFileSync(path, "");
  using store = await openTest({ path });
  runOnce(store, "r1", [{ scope, nodes: [{ id: "a" }] }]);
  assert.deepEqual(idsOf(store), ["a"]);
});

Deno.test("openStore() leaves files that are not its own as they are", async () => {
  using folder = temporaryFolder();
  const text = `${folder.path}/text.db`;
  Deno.writeTextFileSync(text, "dear diary, ".repeat(1000));
  await assertUntouched(text, "store.foreign");
  const other = `${folder.path}/other.db`;
  const db = new DatabaseSync(other);
  db.exec("CREATE TABLE mine(a)");
  db.close();
  await assertUntouched(other, "store.foreign");
  const short = `${folder.path}/short.db`;
  Deno.writeFileSync(short, Deno.readFileSync(other).subarray(0, 50));
  await assertUntouched(short, "store.damaged");
});

Deno.test("openStore() leaves a newer store as it is, also when only its log says so", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  (await openTest({ path }))[Symbol.dispose]();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA user_version = 99");
  // A copy of the files while they are open is what a killed program leaves.
  const killed = `${folder.path}/killed`;
  Deno.mkdirSync(killed);
  for (const end of ["", "-wal"]) Deno.copyFileSync(path + end, `${killed}/s.db${end}`);
  db.close();
  await assertUntouched(path, "store.newer");
  const before = Deno.readFileSync(`${killed}/s.db`);
  assert.equal((await refusal(`${killed}/s.db`)).code, "store.newer");
  assert.deepEqual(Deno.readFileSync(`${killed}/s.db`), before);
});

Deno.test("openStore() refuses a file that is cut off, and damage inside is told at use", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  {
    using store = await openTest({ path });
    const nodes = Array.from({ length: 500 }, (_, index) => ({ id: `node-${index}` }));
    runOnce(store, "r1", [{ scope, nodes }]);
  }
  const whole = Deno.readFileSync(path);
  Deno.writeFileSync(path, whole.subarray(0, whole.length / 2));
  await assertUntouched(path, "store.damaged");
  const spoilt = whole.slice();
  spoilt.fill(0xa5, 8192 * 2);
  Deno.writeFileSync(path, spoilt);
  assert.equal((await refusal(path)).code, "store.damaged");
});

Deno.test("openStore() reads nothing where there is no store", async () => {
  using folder = temporaryFolder();
  assert.equal((await refusal(`${folder.path}/none.db`, "read")).code, "store.open");
  assert.equal((await refusal(`${folder.path}/no/folder.db`)).code, "store.open");
  assert.equal((await refusal(folder.path)).code, "store.open");
  assert.deepEqual([...Deno.readDirSync(folder.path)], []);
});

Deno.test("openStore() refuses a second writer and tells who holds the store", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  using first = await openTest({ path });
  const error = await refusal(path);
  assert.equal(error.code, "store.locked");
  assert.match(error.message, new RegExp(`process ${Deno.pid} on `));
  using reader = await openTest({ path, mode: "read" });
  runOnce(first, "r1", [{ scope, nodes: [{ id: "a" }] }]);
  assert.deepEqual(idsOf(reader), ["a"]);
});

Deno.test("openStore() knows the lock of a store by whatever link it is reached", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  using _store = await openTest({ path });
  Deno.symlinkSync(path, `${folder.path}/link.db`);
  assert.equal((await refusal(`${folder.path}/link.db`)).code, "store.locked");
});

Deno.test("openStore() ends its wait with the reason of the signal", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  using _store = await openTest({ path });
  const ended = new AbortController();
  const wait = { signal: ended.signal, onWait: () => ended.abort("SIGINT") };
  const thrown = await openTest({ path, wait }).then(() => "opened", (reason: unknown) => reason);
  assert.equal(thrown, "SIGINT");
});

Deno.test("openStore() waits for another writer until it is done or the wait is ended", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  const first = await openTest({ path });
  const impatient = new AbortController();
  await assert.rejects(
    openTest({ path, wait: { signal: impatient.signal, onWait: () => impatient.abort() } }),
    { name: "AbortError" },
  );
  const { signal } = new AbortController();
  using second = await openTest({
    path,
    wait: { signal, onWait: () => first[Symbol.dispose]() },
  });
  runOnce(second, "r1", [{ scope, nodes: [{ id: "a" }] }]);
  assert.deepEqual(idsOf(second), ["a"]);
});

Deno.test("openStore() reads a store in a folder that cannot be written", {
  ignore: Deno.build.os === "windows",
}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  {
    using store = await openTest({ path });
    runOnce(store, "r1", [{ scope, nodes: [{ id: "a" }] }]);
  }
  Deno.chmodSync(folder.path, 0o555);
  try {
    using reader = await openTest({ path, mode: "read" });
    assert.deepEqual(idsOf(reader), ["a"]);
  } finally {
    Deno.chmodSync(folder.path, 0o755);
  }
});

Deno.test("Store views work in another SQLite tool", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  using store = await openTest({ path });
  runOnce(store, "r1", [
    {
      scope,
      nodes: [
        { id: "a", body: { instance_cores: 2, state: "on", tags: { "a.b": "c" } } },
        { id: "b", region: "us", body: { instance_cores: 4 } },
      ],
    },
    { scope: scopeKey("demo_disk"), nodes: [{ id: "d", kind: "demo_disk", body: { size: 7 } }] },
  ]);
  const script = `
import json, sqlite3, sys
db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
print(json.dumps([
  db.execute("select region, count(*) from demo_instance group by 1 order by 1").fetchall(),
  db.execute("select kind, id, instance_cores, stale from instance order by id").fetchall(),
  db.execute("select id, tags ->> '$.\\"a.b\\"' from resource where tags is not null").fetchall(),
  db.execute("select size from demo_disk").fetchall(),
  db.execute("select what, kind, id from change order by kind, id").fetchall(),
  db.execute("select resource, outcome, nodes from scope order by 1").fetchall()]))`;
  const { stdout, stderr } = await new Deno.Command("python3", { args: ["-c", script, path] })
    .output();
  assert.equal(new TextDecoder().decode(stderr), "");
  assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), [
    [["eu", 1], ["us", 1]],
    [["demo_instance", "a", 2, 0], ["demo_instance", "b", 4, 0]],
    [["a", "c"]],
    [[7]],
    [["added", "demo_disk", "d"], ["added", "demo_instance", "a"], ["added", "demo_instance", "b"]],
    [["demo_disk", "complete", 1], ["demo_instance", "complete", 2]],
  ]);
});

Deno.test("Store views follow a changed model", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  {
    using store = await openTest({ path });
    runOnce(store, "r1", [{ scope, nodes: [{ id: "a", body: { colour: "red" } }] }]);
    assert.throws(() => store.db.all("SELECT colour FROM demo_instance"), /no such column/);
  }
  const kinds = KINDS.map((kind) =>
    kind.name !== "demo_instance"
      ? kind
      : { ...kind, properties: [...kind.properties, { name: "colour", type: "string" }] }
  );
  using store = await openTest({ path, kinds });
  assert.deepEqual(
    store.db.all<{ colour: string }>("SELECT colour FROM demo_instance")[0]?.colour,
    "red",
  );
});

Deno.test("networkType() names network file systems by their magic number", () => {
  assert.equal(networkType(0x6969), "nfs");
  assert.equal(networkType(0xff534d42 | 0), "cifs");
  assert.equal(networkType(0xef53), undefined);
});

Deno.test("Store views leave out what SQLite has no room or name for", async () => {
  const properties = Array.from({ length: 2500 }, (_, n) => ({ name: `p${n}`, type: "string" }));
  const kinds = [...KINDS, { name: "sqlite_table", bases: ["resource"], properties }, {
    name: "wide_table",
    bases: ["resource"],
    properties,
  }];
  using store = await openTest({ kinds });
  runOnce(store, "r1", [{ scope, nodes: [{ id: "t", kind: "sqlite_table" }] }]);
  assert.deepEqual(store.db.all("SELECT id FROM resource"), [{ __proto__: null, id: "t" }]);
  assert.deepEqual(store.db.all("SELECT p0 FROM wide_table"), []);
});

Deno.test("Store views of kinds whose plugin is not loaded this time stay", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  {
    using store = await openTest({ path });
    runOnce(store, "r1", [{ scope, nodes: [{ id: "a", body: { state: "on" } }] }]);
  }
  using store = await openTest({ path, kinds: [] });
  assert.equal(store.db.get<{ state: string }>("SELECT state FROM demo_instance")?.state, "on");
  assert.throws(() => store.db.all("SELECT * FROM demo_disk"), /no such table/);
});
