import assert from "node:assert/strict";
import { pluginsIndex } from "../../../../scripts/gen/plugins_index.ts";

Deno.test("pluginsIndex: every folder has its three imports and its entry", () => {
  const text = pluginsIndex(["aws", "digital_ocean"]);
  assert.match(text, /import \{ manifest as awsManifest \} from "\.\/aws\/manifest\.ts";/);
  assert.match(text, /digitalOceanModel from "\.\/digital_ocean\/model\.json" with/);
  assert.ok(text.indexOf("awsManifest, awsModel, awsCalls)") > 0);
  assert.ok(
    text.indexOf("builtInPlugin(awsManifest") < text.indexOf("builtInPlugin(digitalOceanManifest"),
  );
});

Deno.test("pluginsIndex: without plugins the list is empty", () => {
  assert.match(pluginsIndex([]), /plugins: readonly PluginEntry\[\] = \[\n\];/);
});

Deno.test("pluginsIndex: action plugins have a list of their own, with their manifests alone", () => {
  const text = pluginsIndex(["aws"], ["cleanup_volumes"]);
  assert.match(text, /import \{ manifest as cleanupVolumesManifest \}/);
  assert.match(text, /actions: readonly ActionEntry\[\] = \[\n {2}builtInAction\(cleanupVolumes/);
  assert.doesNotMatch(text, /cleanup_volumes\/model\.json/);
});
