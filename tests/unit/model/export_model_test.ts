import assert from "node:assert/strict";
import { exportModel, type Kind, KindIndex } from "../../../lib/model/mod.ts";

const INNER: Kind = {
  name: "x_inner",
  bases: [],
  properties: [{ name: "x_code", type: "int64" }],
  nested: true,
};
const REGION: Kind = {
  name: "x_region",
  bases: ["x_resource", "region"],
  properties: [
    { name: "ctime", type: "datetime" },
    { name: "x_map", type: "dictionary[string, x_inner[]]", description: "told" },
  ],
  pythonType: "x.Region",
};
const MIXIN: Kind = { name: "x_resource", bases: [], properties: [] };
const OTHER: Kind = { name: "x_other", bases: ["volume"], properties: [] };
const INDEX = new KindIndex([INNER, REGION, MIXIN, OTHER]);

Deno.test("exportModel: takes bases and nested kinds along and nothing else", () => {
  const names = exportModel(INDEX, ["x_region"]).map(({ fqn }) => fqn);
  assert.deepEqual(names, ["resource", "region", "x_inner", "x_region", "x_resource"]);
});

Deno.test("exportModel: a property that is declared again is exported again, without its synthetic", () => {
  const [region] = exportModel(INDEX, ["x_region"]).filter(({ fqn }) => fqn === "x_region");
  assert.deepEqual(region, {
    fqn: "x_region",
    bases: ["x_resource", "region"],
    properties: [
      { name: "ctime", kind: "datetime", required: false, description: "" },
      {
        name: "x_map",
        kind: "dictionary[string, x_inner[]]",
        required: false,
        description: "told",
      },
    ],
  });
});

Deno.test("exportModel: exports every kind by default", () => {
  assert.equal(exportModel(INDEX).length, [...INDEX.all()].length);
});

Deno.test("exportModel: spans of time are told as text", () => {
  const leased = { name: "x_leased", bases: [], properties: [{ name: "x_l", type: "duration[]" }] };
  const [exported] = exportModel(new KindIndex([leased]), ["x_leased"]);
  assert.equal(exported?.properties[0]?.kind, "string[]");
});

Deno.test("exportModel: refuses a kind that is not declared", () => {
  assert.throws(() => exportModel(INDEX, ["nothing"]), /nothing is not declared/);
});
