import assert from "node:assert/strict";
import { checkModel, type Kind, type PropertyType } from "../../../lib/model/mod.ts";

Deno.test("checkModel: finds nothing wrong with the base kinds and what fits them", () => {
  assert.deepEqual(checkModel([]), []);
  assert.deepEqual(checkModel([kind("x", { volume_id: "string", own: "int64[]" })]), []);
});

Deno.test("checkModel: one property has one type over all kinds", () => {
  const problems = checkModel([kind("x", { timeout: "string" })]);
  assert.deepEqual(problems, [{
    kind: "x",
    message: "kind x: property timeout is string, but int64 in health_check",
  }]);
});

Deno.test("checkModel: a list and a single value are different types", () => {
  assert.equal(checkModel([kind("x", { a: "string" }), kind("y", { a: "string[]" })]).length, 1);
});

Deno.test("checkModel: any goes with every type, but does not hide a clash of others", () => {
  const any = kind("x", { a: "any" });
  assert.deepEqual(checkModel([any, kind("y", { a: "string" })]), []);
  const three = [any, kind("y", { a: "string" }), kind("z", { a: "int64" })];
  assert.equal(checkModel(three).length, 1);
});

Deno.test("checkModel: compares what lies inside lists, dictionaries and nested kinds", () => {
  const one = kind("one", { x_state: "inner_one[]" });
  const two = kind("two", { x_state: "inner_two[]" });
  const inner = (name: string, type: PropertyType) => nested(name, { deep: `${name}_deep` }, type);
  const problems = checkModel([
    one,
    two,
    ...inner("inner_one", "string"),
    ...inner("inner_two", "int64"),
  ]).map(({ message }) => message);
  assert.ok(problems.some((text) => text.includes("x_state.deep.x_value is int64")), problems[0]);
});

Deno.test("checkModel: a nested kind may contain itself", () => {
  assert.deepEqual(checkModel([{ ...kind("tree", { children: "tree[]" }), nested: true }]), []);
});

Deno.test("checkModel: names unknown bases and types", () => {
  const [base] = checkModel([{ ...kind("x", {}), bases: ["nothing"] }]);
  assert.equal(base?.message, "kind x: base nothing is unknown");
  const [type] = checkModel([kind("x", { own: "dictionary[string, nothing[]]" })]);
  assert.equal(type?.message, "kind x: property own is of the unknown type nothing");
});

Deno.test("checkModel: finds repeated, simple and badly written names, and circles", () => {
  const wrong = [
    [kind("x", {}), kind("x", {})],
    [kind("string", {})],
    [kind("Camel", {})],
    [kind("x", { "a.b": "string" })],
    [kind("x", { _hidden: "string" })],
    [{ ...kind("x", {}), bases: ["x"] }],
  ];
  for (const kinds of wrong) assert.equal(checkModel(kinds).length, 1, kinds[0]?.name);
});

function kind(name: string, properties: Readonly<Record<string, PropertyType>>): Kind {
  return {
    name,
    bases: [],
    properties: Object.entries(properties).map(([name, type]) => ({ name, type })),
  };
}

function nested(
  name: string,
  properties: Readonly<Record<string, PropertyType>>,
  type: PropertyType,
): Kind[] {
  return [
    { ...kind(name, properties), nested: true },
    { ...kind(`${name}_deep`, { x_value: type }), nested: true },
  ];
}
