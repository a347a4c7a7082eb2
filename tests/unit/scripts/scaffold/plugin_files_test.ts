import assert from "node:assert/strict";
import { callsSchema, modelSchema } from "../../../../lib/sdk/mod.ts";
import { importRules } from "../../../../scripts/check/import_rules.ts";
import { isPluginName, pluginFiles } from "../../../../scripts/scaffold/plugin_files.ts";

Deno.test("pluginFiles: model and calls are valid, and its kinds carry the plugin's name", () => {
  const files = pluginFiles("my_shop");
  const model = modelSchema.parse(JSON.parse(files.get("model.json") ?? ""));
  assert.deepEqual(model.kinds.map((kind) => kind.name), ["my_shop_account", "my_shop_thing"]);
  assert.deepEqual(callsSchema.parse(JSON.parse(files.get("calls.json") ?? "")), []);
});

Deno.test("pluginFiles: every kind that the collector yields is in the model", () => {
  const files = pluginFiles("my_shop");
  const yielded = [...(files.get("collector.ts") ?? "").matchAll(/kind: "([a-z_]+)"/g)];
  assert.equal(yielded.length, 2);
  for (const [, kind] of yielded) assert.ok(files.get("model.json")?.includes(`"${kind}"`));
});

Deno.test("pluginFiles: the modules keep the borders around plugins", () => {
  const files = [...pluginFiles("my_shop")]
    .map(([path, text]): [string, string] => [`plugins/my_shop/${path}`, text]);
  assert.deepEqual(importRules(new Map([["mod.ts", ""], ...files])), []);
});

Deno.test("isPluginName: takes snake_case alone", () => {
  for (const name of ["aws", "my_shop", "k8s"]) assert.equal(isPluginName(name), true, name);
  for (const name of ["", "My", "my-shop", "_a", "a_", "a__b", "../a", "8a"]) {
    assert.equal(isPluginName(name), false, name);
  }
});
