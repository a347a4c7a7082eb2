import assert from "node:assert/strict";
import { StoreError } from "../../../lib/errors/mod.ts";
import { backup, checkStore } from "../../../lib/store/mod.ts";
import {
  begin,
  finish,
  idsOf,
  look,
  openTest,
  runOnce,
  scopeKey,
  stageAll,
  temporaryFolder,
} from "../../support/store.ts";

const scope = scopeKey();
const other = scopeKey("demo_disk");
const many = Array.from({ length: 400 }, (_, index) => ({
  id: `n${index}`,
  body: { state: `${index}`.repeat(200) },
}));

function isFull(error: unknown): boolean {
  return error instanceof StoreError && error.code === "store.full" && error.hint !== undefined;
}

Deno.test("RunWriter.close() loses nothing when the store is full", async () => {
  using folder = temporaryFolder();
  using store = await openTest({ path: `${folder.path}/s.db` });
  runOnce(store, "r1", [{ scope, nodes: [{ id: "a" }] }]);
  const pages = store.db.get<{ page_count: number }>("PRAGMA page_count")?.page_count ?? 0;
  const writer = begin(store, "r2");
  store.db.exec(`PRAGMA max_page_count = ${pages + 4}`);
  const number = writer.open(scope, "eu");
  stageAll(writer, number, scope, many);
  assert.throws(() => writer.close(number, "complete", []), isFull);
  assert.deepEqual(idsOf(store), ["a"]);
  store.db.exec("PRAGMA max_page_count = 1000000");
  assert.equal(writer.close(number, "complete", []).added, 400);
  look(writer, { scope: other, nodes: [{ id: "d" }] }, 400);
  finish(writer);
  assert.equal(idsOf(store).length, 401);
  assert.deepEqual(checkStore(store), []);
});

Deno.test("RunWriter reports a disk that is full at any point, and closed scopes stay", {
  ignore: Deno.build.os !== "linux" || Deno.uid() !== 0,
}, async () => {
  using disk = smallDisk(3);
  if (disk === undefined) return;
  const path = `${disk.path}/s.db`;
  {
    using store = await openTest({ path });
    runOnce(store, "r1", [{ scope, nodes: [{ id: "a" }] }]);
    const writer = begin(store, "r2");
    look(writer, { scope: other, nodes: [{ id: "d" }] });
    const number = writer.open(scope, "eu");
    assert.throws(() => {
      for (let round = 0; round < 100; round++) {
        const nodes = many.map((node) => ({ ...node, id: `${round}-${node.id}` }));
        stageAll(writer, number, scope, nodes, 1 + round * 400);
      }
      writer.close(number, "complete", []);
    }, isFull);
    assert.throws(() => backup(store, `${disk.path}/copy.db`), StoreError);
  }
  disk.grow(20);
  using store = await openTest({ path });
  assert.deepEqual(idsOf(store), ["a", "d"]);
  assert.deepEqual(checkStore(store), []);
});

interface SmallDisk extends Disposable {
  readonly path: string;
  grow(megabytes: number): void;
}

/** A file system of so many megabytes in memory; undefined where mounting is not allowed. */
function smallDisk(megabytes: number): SmallDisk | undefined {
  const folder = temporaryFolder();
  const run = (command: string, ...args: string[]) =>
    new Deno.Command(command, { args, stderr: "null" }).outputSync().success;
  if (!run("mount", "-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder.path)) {
    folder[Symbol.dispose]();
    return undefined;
  }
  return {
    path: folder.path,
    grow: (size) => assert.ok(run("mount", "-o", `remount,size=${size}m`, folder.path)),
    [Symbol.dispose]() {
      run("umount", "-l", folder.path);
      folder[Symbol.dispose]();
    },
  };
}
