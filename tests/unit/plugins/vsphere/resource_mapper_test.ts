import assert from "node:assert/strict";
import { KindIndex, modelSchema } from "ckworker";
import type { ObjectContent } from "../../../../plugins/vsphere/client/values.ts";
import { pathsOf, ResourceMapper } from "../../../../plugins/vsphere/engine/resource_mapper.ts";
import model from "../../../../plugins/vsphere/model.json" with { type: "json" };
import type { Resource } from "../../../../plugins/vsphere/resource.ts";
import { resources } from "../../../../plugins/vsphere/resources/mod.ts";
import { instance } from "../../../../plugins/vsphere/resources/virtual_machine.ts";

const kinds = new KindIndex(modelSchema.parse(model).kinds);
const AROUND = {
  fields: [{ key: "1", name: "owner", type: undefined }],
  rootFolder: "group-d1",
};
const VALUES: Readonly<Record<string, unknown>> = {
  string: "text",
  int64: 7,
  double: 1.5,
  boolean: true,
  datetime: "2024-05-06T07:08:09.123456Z",
  "string[]": ["a", "b"],
};

/** An object of which everything is known that is asked for. */
function full({ type, properties, edges, values }: Resource): ObjectContent {
  const times = (values?.paths ?? []).map((path) => [path, VALUES["datetime"]] as const);
  return {
    type,
    id: "x-1",
    missing: [],
    values: new Map<string, unknown>([
      ["name", "web"],
      ["customValue", [{ key: "1", value: "lisa" }]],
      ...times,
      ...properties.map((property) => [property.path, VALUES[property.type]] as const),
      ...edges.map(({ path }) => [path, { type: "Folder", id: "group-v3" }] as const),
    ]),
  };
}

for (const resource of resources) {
  const mapper = new ResourceMapper(kinds, resource, AROUND);
  const names = resource.properties.map(({ name }) => name);

  Deno.test(`vSphere: each property of ${resource.kind} comes from its path`, () => {
    const { node, misfits } = mapper.map(full(resource)) ?? {};
    const { tags, ...reported } = node?.reported ?? {};
    assert.deepEqual([node?.kind, node?.id, node?.name, tags], [resource.kind, "x-1", "web", {
      owner: "lisa",
    }]);
    assert.deepEqual(names.filter((name) => reported[name] === undefined), []);
    const own = new Set(names);
    assert.deepEqual(misfits?.filter((name) => own.has(name)), []);
    const sides = new Set(resource.edges.map(({ direction }) => direction));
    assert.equal(node?.edges?.length, sides.size);
  });

  Deno.test(`vSphere: what cannot be read of ${resource.kind} is kept, all of it`, () => {
    const fault = { type: "NoPermission", message: "no" };
    const missing = pathsOf(resource).map((path) => ({ path, fault }));
    const object = { ...full(resource), values: new Map(), missing };
    const { node } = mapper.map(object) ?? {};
    assert.deepEqual(Object.keys(node?.reported ?? {}), ["tags"]);
    const kept = ["name", "tags", ...names, "$edges", ...resource.values?.names ?? []];
    assert.deepEqual(new Set(mapper.unknown(object)), new Set(kept));
  });
}

Deno.test("vSphere: nothing hangs below the folder that is no node, and unknown types have no edges", () => {
  const mapper = new ResourceMapper(kinds, instance, AROUND);
  const values = new Map<string, unknown>([
    ["parent", { type: "Folder", id: "group-d1" }],
    ["network", [{ type: "Network", id: "n-1" }, { type: "Novelty", id: "n-2" }, "n-3"]],
    ["datastore", { type: "Datastore", id: "d-1" }],
  ]);
  const { node } = mapper.map({ type: "VirtualMachine", id: "vm-1", missing: [], values }) ?? {};
  assert.deepEqual(node?.edges?.map(({ kind, value }) => [kind, value]), [
    ["vsphere_datastore", "d-1"],
    ["vsphere_network", "n-1"],
  ]);
});

Deno.test("vSphere: an attribute that no definition names makes the tags unknown, not empty", () => {
  const values = new Map([["customValue", [{ key: "2", value: "x" }]]]);
  const object = { type: "VirtualMachine", id: "vm-1", missing: [], values };
  const mapper = new ResourceMapper(kinds, instance, AROUND);
  assert.equal(mapper.map(object)?.node.reported["tags"], undefined);
  assert.deepEqual(mapper.unknown(object), ["tags"]);
});

Deno.test("vSphere: a machine of another product is protected, and so is one of which that is not known", () => {
  const mapper = new ResourceMapper(kinds, instance, AROUND);
  const path = "config.managedBy.extensionKey";
  const fault = { type: "NoPermission", message: "no" };
  const protectedWith = (value: unknown, missing: ObjectContent["missing"] = []) => {
    const values = new Map(value === undefined ? [] : [[path, value]]);
    return mapper.map({ type: "VirtualMachine", id: "vm-1", missing, values })?.node.protected;
  };
  assert.equal(protectedWith("com.vmware.vim.eam"), true);
  assert.equal(protectedWith(undefined, [{ path, fault }]), true);
  assert.deepEqual([protectedWith(""), protectedWith(undefined)], [undefined, undefined]);
});
