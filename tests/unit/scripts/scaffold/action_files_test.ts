import assert from "node:assert/strict";
import { importRules } from "../../../../scripts/check/import_rules.ts";
import { textRules } from "../../../../scripts/check/text_rules.ts";
import { actionFiles } from "../../../../scripts/scaffold/action_files.ts";

Deno.test("actionFiles: the modules keep the borders around plugins and the rules of text", () => {
  const files = [...actionFiles("count_marks")]
    .map(([path, text]) => [`plugins/count_marks/${path}`, text] as const);
  const tree = new Map([...files, ["mod.ts", ""] as const]);
  assert.deepEqual([...importRules(tree), ...textRules(tree)], []);
});

Deno.test("actionFiles: the manifest carries the plugin's name in every form", () => {
  const manifest = actionFiles("count_marks").get("manifest.ts") ?? "";
  for (const form of ['name: "count_marks"', '"CountMarksPlugin"', '"--count-marks"']) {
    assert.ok(manifest.includes(form), form);
  }
});
