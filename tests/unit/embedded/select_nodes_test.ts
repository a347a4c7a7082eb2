import assert from "node:assert/strict";
import { selectNodes } from "../../../lib/embedded/mod.ts";
import { QueryError } from "../../../lib/errors/mod.ts";
import { worldStore } from "../../support/core_world.ts";

const signal = new AbortController().signal;

for (
  const [text, ids] of [
    ["is(c_disk) and disk_size == 7", ["a-2", "b-2"]],
    ['ctime < "@NOW@" and is(c_disk) and ancestors.account.reported.id == b', [
      "b-1",
      "b-2",
      "b-3",
    ]],
    ["a-1", ["a-1"]],
    ["a-9", []],
    ["some name", []],
  ] as const
) {
  Deno.test(`selectNodes(): ${text}`, async () => {
    using store = await worldStore();
    const found = await Array.fromAsync(selectNodes(store, text, signal));
    assert.deepEqual(found.map(({ id }) => id).toSorted(), ids);
    assert.ok(found.every(({ cloud, twin }) => cloud === "sky" && twin === ""));
  });
}

for (const text of ["", "is(c_disk", "disk_size = = 7", "is(no_such_kind)", "a-1 and b-1"]) {
  Deno.test(`selectNodes(): "${text}" is told to be wrong`, async () => {
    using store = await worldStore();
    await assert.rejects(Array.fromAsync(selectNodes(store, text, signal)), QueryError);
  });
}
