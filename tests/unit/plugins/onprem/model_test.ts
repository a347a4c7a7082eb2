import assert from "node:assert/strict";
import reserved from "../../../../lib/model/reserved_properties.json" with { type: "json" };
import { pluginOf } from "../../../support/saas/saas_store.ts";

const { model } = pluginOf("onprem");

Deno.test("on-prem: kinds have the bases and type names that they always had", () => {
  assert.deepEqual(
    model.kinds.map(({ name, bases, pythonType }) => [name, bases, pythonType?.split(".")]),
    [
      ["onprem_location", ["account"], typeName("OnpremLocation")],
      ["onprem_region", ["region"], typeName("OnpremRegion")],
      ["onprem_resource", [], typeName("OnpremResource")],
      ["onprem_instance", ["onprem_resource", "instance"], typeName("OnpremInstance")],
      ["onprem_network", ["onprem_resource", "network"], typeName("OnpremNetwork")],
    ],
  );
});

Deno.test("on-prem: an instance has the properties that it always had, then those of its own", () => {
  const instance = model.kinds.find(({ name }) => name === "onprem_instance");
  const always = Object.entries(reserved["onprem_instance"]);
  const properties = instance?.properties.map(({ name, type }) => [name, type]) ?? [];
  assert.deepEqual(properties.slice(0, always.length), always);
  for (const [name] of properties.slice(always.length)) assert.match(name ?? "", /^machine_/);
});

Deno.test("on-prem: nothing can be changed", () => {
  assert.deepEqual(model.kinds.filter(({ changes = [] }) => changes.length > 0), []);
});

function typeName(name: string): readonly string[] {
  return ["cloudkeeper_plugin_onprem", "resources", name];
}
