import assert from "node:assert/strict";
import { ConfigError, StoreError } from "../../../lib/errors/mod.ts";
import { Database } from "../../../lib/store/database.ts";
import { migrate, MIGRATIONS, newestVersion } from "../../../lib/store/migrations.ts";
import {
  backup,
  checkStore,
  diffRuns,
  forget,
  listRuns,
  pendingUploads,
  planForget,
  prune,
  recordDue,
  type Store,
} from "../../../lib/store/mod.ts";
import {
  begin,
  finish,
  idsOf,
  look,
  openTest,
  runOnce,
  scopeKey,
  temporaryFolder,
} from "../../support/store.ts";

const scope = scopeKey();
const disks = scopeKey("demo_disk", "us", "a2");

function fill(store: Store, id = "r1"): void {
  const writer = begin(store, id);
  look(writer, { scope, nodes: [{ id: "a" }, { id: "b" }] });
  look(writer, { scope: disks, nodes: [{ id: "d", kind: "demo_disk" }] }, 2);
  const [a = 0, b = 0, d = 0] = writer.keys(3);
  writer.writeEdges(["demo"], [
    { from: a, to: b, type: "dependency" },
    { from: a, to: d, type: "dependency" },
  ]);
  finish(writer);
}

Deno.test("backup() writes a private copy that opens, and never overwrites", async () => {
  using folder = temporaryFolder();
  const copy = `${folder.path}/copy.db`;
  using store = await openTest({ path: `${folder.path}/s.db` });
  fill(store);
  backup(store, copy);
  assert.equal((Deno.statSync(copy).mode ?? 0) & 0o777, 0o600);
  using reader = await openTest({ path: copy, mode: "read" });
  assert.deepEqual(idsOf(reader), idsOf(store));
  const before = Deno.readFileSync(copy);
  assert.throws(() => backup(store, copy), StoreError);
  assert.throws(() => backup(store, `${folder.path}/no/copy.db`), StoreError);
  assert.deepEqual(Deno.readFileSync(copy), before);
});

Deno.test("checkStore() finds nothing in a sound store and each breach of a rule", async () => {
  const breaches: readonly (readonly [string, string])[] = [
    ["INSERT INTO edges VALUES (1, 99, 0)", "edges whose node is missing"],
    ["UPDATE nodes SET scope = 99 WHERE id = 'a'", "nodes of no scope"],
    ["UPDATE nodes SET place = 99 WHERE id = 'a'", "nodes of no place"],
    ["UPDATE nodes SET kind = 99 WHERE id = 'a'", "nodes of no kind"],
    ["UPDATE nodes SET first_run = 99 WHERE id = 'a'", "nodes of no run"],
    ["UPDATE nodes SET body = '[]' WHERE id = 'a'", "nodes whose properties are no JSON object"],
    ["UPDATE ledger SET run = 99", "records of unknown scopes or runs"],
    ["DELETE FROM ledger", "scopes without their last record"],
  ];
  for (const [sql, problem] of breaches) {
    using store = await openTest();
    fill(store);
    assert.deepEqual(checkStore(store), []);
    store.db.exec(sql);
    assert.ok(checkStore(store).some((found) => found.problem === problem), problem);
  }
});

Deno.test("forget() removes what planForget() shows, and nothing else", async () => {
  using store = await openTest();
  fill(store);
  runOnce(store, "r2", [{ scope, nodes: [{ id: "a" }, { id: "b", name: "new" }] }]);
  const filter = { accounts: ["a1"] };
  const plan = { kinds: [{ kind: "demo_instance", nodes: 2 }], scopes: 1 };
  assert.deepEqual(planForget(store, filter), plan);
  assert.deepEqual(idsOf(store), ["d", "a", "b"]);
  assert.deepEqual(forget(store, filter), plan);
  assert.deepEqual(idsOf(store), ["d"]);
  assert.deepEqual(store.db.all("SELECT * FROM edges"), []);
  assert.deepEqual([...diffRuns(store).nodes()], []);
  assert.deepEqual(checkStore(store), []);
  assert.deepEqual(forget(store, { kinds: ["resource"] }).kinds, [{ kind: "demo_disk", nodes: 1 }]);
  assert.deepEqual(idsOf(store), []);
});

Deno.test("forget() ends marks and keeps protections", async () => {
  using store = await openTest();
  fill(store);
  const flag = `INSERT INTO flags(kind, cloud, account, region, zone, id, twin, protected, marked,
    changed_at) VALUES ('demo_instance', 'demo', 'a1', 'eu', 'undefined', ?, '', ?, 1, 'now')`;
  store.db.run(flag, "a", 0);
  store.db.run(flag, "b", 1);
  forget(store, { regions: ["eu"] });
  assert.deepEqual(
    store.db.all<{ id: string; marked: number }>("SELECT id, marked FROM flags").map((row) => ({
      ...row,
    })),
    [{ id: "b", marked: 0 }],
  );
});

Deno.test("forget() refuses to forget everything", async () => {
  using store = await openTest();
  assert.throws(() => forget(store, {}), ConfigError);
});

for (const version of [1, 2]) {
  Deno.test(`migrate() opens a store of schema ${version}`, async () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/s.db`;
    writeRelease(path, version);
    using store = await openTest({ path });
    assert.deepEqual(idsOf(store), ["old"]);
    assert.deepEqual(checkStore(store), []);
    const [stats] = runOnce(store, "r2", [{ scope, nodes: [{ id: "old", body: { state: "x" } }] }]);
    assert.deepEqual([stats?.added, stats?.changed], [0, 0]);
    const target = { uri: "http://core:8900", graph: "ck" };
    recordDue(store, target, ["demo"], "r2");
    assert.deepEqual(pendingUploads(store, target), [
      { run: "r2", clouds: ["demo"], refused: [] },
    ]);
  });
}

Deno.test("migrate() copies a store first, and leaves it as it was when a step fails", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  writeRelease(path, 2);
  const newest = newestVersion(MIGRATIONS);
  const next = { version: newest + 1, sql: "ALTER TABLE runs ADD COLUMN note TEXT" };
  const broken = { version: newest + 2, sql: "ALTER TABLE nothing ADD COLUMN x" };
  {
    using db = new Database({ path });
    assert.throws(
      () => migrate(db, [...MIGRATIONS, next, broken]),
      (error) => error instanceof StoreError && error.code === "store.migration",
    );
  }
  {
    using store = await openTest({ path });
    assert.deepEqual(idsOf(store), ["old"]);
  }
  {
    using db = new Database({ path });
    migrate(db, [...MIGRATIONS, next]);
    assert.deepEqual(db.get<{ note: null }>("SELECT note FROM runs")?.note, null);
    assert.equal(db.get<{ user_version: number }>("PRAGMA user_version")?.user_version, newest + 1);
  }
  using copy = await openTest({ path: `${path}.v${newest}`, mode: "read" });
  assert.deepEqual(idsOf(copy), ["old"]);
});

/** A store of an earlier schema with one node, as SQL, so that later code cannot change it. */
function writeRelease(path: string, version: number): void {
  using db = new Database({ path });
  const text = Deno.readTextFileSync(
    new URL(`../../fixtures/store/v${version}.sql`, import.meta.url),
  );
  db.exec(text);
}

Deno.test("prune() does not trust the clock of a single run", async () => {
  const now = new Date("2030-06-01T00:00:00Z");
  using store = await openTest({ now: () => now });
  const starts = ["2030-01-01", "2099-01-01", "2030-05-01", "1970-01-01", "2030-05-30"];
  for (const [index, day] of starts.entries()) {
    const startedAt = new Date(`${day}T00:00:00Z`);
    const facts = { collectors: ["demo"], clouds: ["demo"], version: "0.0.0" };
    finish(store.beginRun({ ...facts, id: `r${index}`, startedAt }));
  }
  const before = new Date("2030-03-01T00:00:00Z");
  assert.equal(prune(store, { before }).runs, 2);
  assert.deepEqual(listRuns(store).map(({ id }) => id), ["r4", "r3", "r2"]);
});
