import assert from "node:assert/strict";
import { BASE_KINDS, exportModel, KindIndex } from "../../../lib/model/mod.ts";

/** Written from the description of the original worker's classes, not from this project's code. */
const EXPORTED = "tests/fixtures/model/base_kinds_export.json";

Deno.test("BASE_KINDS: export as the original worker's base classes", async () => {
  const expected = JSON.parse(await Deno.readTextFile(EXPORTED));
  assert.deepEqual(exportModel(new KindIndex([])), expected);
});

Deno.test("BASE_KINDS: name the classes that other workers rebuild nodes from", () => {
  const index = new KindIndex([]);
  assert.equal(index.require("graph_root").pythonType, "cklib.baseresources.GraphRoot");
  assert.equal(index.require("cloud").pythonType, "cklib.baseresources.Cloud");
  assert.equal(index.require("ip_address").pythonType, "cklib.baseresources.BaseIPAddress");
  for (const { name, pythonType } of BASE_KINDS) {
    assert.match(pythonType ?? "", /^cklib\.baseresources\.[A-Z]\w+$/, name);
  }
});
