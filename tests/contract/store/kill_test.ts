import assert from "node:assert/strict";
import { checkStore, listRuns, type Store } from "../../../lib/store/mod.ts";
import { begin, openTest, temporaryFolder } from "../../support/store.ts";

const CHILD = new URL("writer_child.ts", import.meta.url).pathname;

/** Lets a child write and kills it after it told of so many closed scopes; returns how many it told. */
async function killAfter(path: string, run: number, scopes: number): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", CHILD, path, `${run}`],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let told = 0;
  for await (const chunk of child.stdout) {
    told += chunk.filter((byte) => byte === 10).length;
    if (told >= scopes) child.kill("SIGKILL");
  }
  assert.equal((await child.status).signal, "SIGKILL");
  return told;
}

/** How many scopes each run left its nodes in; every scope must be of one run, and whole. */
function wholeScopes(store: Store): Map<string, number> {
  const rows = store.db.all<{ run: string; nodes: number; states: number }>(
    `SELECT min(v.state) AS run, count(*) AS nodes, count(DISTINCT v.state) AS states
     FROM demo_instance v JOIN nodes n ON n.key = v.key GROUP BY n.scope`,
  );
  const counts = new Map<string, number>();
  for (const { run, nodes, states } of rows) {
    assert.deepEqual([nodes, states], [40, 1]);
    counts.set(run.slice(0, 1), (counts.get(run.slice(0, 1)) ?? 0) + 1);
  }
  return counts;
}

Deno.test("Store keeps exactly the closed scopes of a process that is killed", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  let closed: readonly number[] = [];
  for (const [run, scopes] of [[1, 60], [2, 7], [3, 23]] as const) {
    const told = await killAfter(path, run, scopes);
    using store = await openTest({ path });
    assert.deepEqual(checkStore(store), []);
    const counts = wholeScopes(store);
    const now = [1, 2, 3].map((each) => counts.get(`${each}`) ?? 0);
    // It may have closed more scopes before the kill than it told of, never fewer.
    assert.ok((now[run - 1] ?? 0) >= told, `${now} of ${told}`);
    const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
    assert.equal(total(now), Math.max(total(closed), now[run - 1] ?? 0));
    closed = now;
    assert.equal(listRuns(store)[0]?.finishedAt, null);
    const resumable = begin(store, `check-${run}`).resumable();
    if (run === 1) assert.equal(resumable.length, now[0]);
    store.db.exec(`DELETE FROM runs WHERE id = 'check-${run}'`);
  }
  assert.deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name).sort(), [
    "s.db",
    "s.db.lock",
  ]);
});
