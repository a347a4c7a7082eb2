import assert from "node:assert/strict";
import {
  buildRegistry,
  checkModel,
  chooseName,
  type Kind,
  type PropertyRegistry,
  reservedKinds,
} from "../../../lib/model/mod.ts";
import reserved from "../../../lib/model/reserved_properties.json" with { type: "json" };
import released from "../../../lib/model/property_registry.json" with { type: "json" };
import { pluginModels } from "../../../scripts/gen/plugin_models.ts";

const RELEASED: PropertyRegistry = new Map(Object.entries(released));
const TAKEN: PropertyRegistry = new Map([
  ["status", "int64"],
  ["cluster_status", "int64"],
  ["state", "object"],
  ["state.code", "int64"],
  ["free", "string"],
  ["loose", "any"],
]);

Deno.test("chooseName: leaves a name that is free or has the same type", () => {
  assert.equal(chooseName(TAKEN, "x_cluster", "colour", "string"), "colour");
  assert.equal(chooseName(TAKEN, "x_cluster", "free", "string"), "free");
  assert.equal(chooseName(TAKEN, "x_cluster", "loose", "int64[]"), "loose");
});

Deno.test("chooseName: puts words of the kind in front of a taken name until it is free", () => {
  assert.equal(chooseName(TAKEN, "x_node", "status", "string"), "node_status");
  assert.equal(chooseName(TAKEN, "aws_eks_cluster", "status", "string"), "eks_cluster_status");
});

Deno.test("chooseName: a nested name must be free at its path and alone", () => {
  assert.equal(chooseName(TAKEN, "x_node", "state.code", "string"), "node_code");
  assert.equal(chooseName(TAKEN, "x_node", "other.status", "string"), "node_status");
  assert.equal(chooseName(TAKEN, "x_node", "other.code", "string"), "code");
});

Deno.test("buildRegistry: never changes the type of a released name", () => {
  const kind: Kind = { name: "x", bases: [], properties: [{ name: "status", type: "string" }] };
  const registry = buildRegistry(TAKEN, {}, [kind]);
  assert.equal(registry.get("status"), "int64");
  assert.equal(registry.get("timeout"), "int64");
});

Deno.test("buildRegistry: the released registry holds every property of every plugin", async () => {
  const kinds = await allPluginKinds();
  for (const [path, type] of buildRegistry(new Map(), reserved, kinds)) {
    assert.equal(RELEASED.get(path), type, path);
  }
});

Deno.test("checkModel: a core takes the models of all plugins together with those to come", async () => {
  const kinds = await allPluginKinds();
  const built = new Set(kinds.map((kind) => kind.name));
  const coming = reservedKinds(reserved).filter((kind) => !built.has(kind.name));
  assert.deepEqual(checkModel([...kinds, ...coming]), []);
});

Deno.test("checkModel: the plugins' kinds keep the properties that are reserved for them", async () => {
  const types = new Map(
    (await allPluginKinds()).map((kind) => [
      kind.name,
      new Map(kind.properties.map(({ name, type }) => [name, type])),
    ]),
  );
  for (const [kind, properties] of Object.entries(reserved)) {
    if (!types.has(kind)) continue;
    for (const [name, type] of Object.entries(properties)) {
      assert.equal(types.get(kind)?.get(name), type, `${kind}.${name}`);
    }
  }
});

async function allPluginKinds(): Promise<readonly Kind[]> {
  return [...(await pluginModels()).values()].flatMap((model) => model.kinds);
}
