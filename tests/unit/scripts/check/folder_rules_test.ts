import assert from "node:assert/strict";
import { folderRules } from "../../../../scripts/check/folder_rules.ts";

Deno.test("folderRules: a folder of lib without mod.ts is named, inner folders need none", () => {
  const tree = new Map([["lib/a/b/c.ts", ""], ["lib/d/mod.ts", ""], ["lib/d/e/f.ts", ""]]);
  assert.deepEqual(folderRules(tree), [{ path: "lib/a", message: "has no mod.ts" }]);
});
