import assert from "node:assert/strict";
import { type Comparison, differences, fingerprintOf } from "../../../lib/cleanup/fingerprint.ts";
import { KindIndex } from "../../../lib/model/mod.ts";
import { WORLD_KINDS } from "../../support/clean_world.ts";

const KINDS = new KindIndex(WORLD_KINDS);
const LOOSE = { ties: [], state: ["free"] };

function node(reported: Readonly<Record<string, unknown>>, name = "n") {
  return { kind: "world_tied", name, reported };
}

function differ(
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
  more: Partial<Comparison> = {},
): readonly string[] {
  const comparison = { touched: false, loose: LOOSE, ...more };
  return differences(KINDS, node(before), { name: "n", reported: now, unknown: [] }, comparison);
}

Deno.test("fingerprint: of name and properties, not of their order or of what changes by itself", () => {
  const print = fingerprintOf(KINDS, node({ a: 1, b: { c: 1, d: [1, 2] }, load: 1 }));
  assert.equal(fingerprintOf(KINDS, node({ b: { d: [1, 2], c: 1 }, a: 1, load: 9 })), print);
  assert.notEqual(fingerprintOf(KINDS, node({ a: 2, b: { c: 1, d: [1, 2] } })), print);
  assert.notEqual(fingerprintOf(KINDS, node({ a: 1, b: { c: 1, d: [2, 1] } })), print);
  assert.notEqual(fingerprintOf(KINDS, node({ a: 1, b: { c: 1, d: [1, 2] } }, "other")), print);
});

Deno.test("differences: by property, the name among them; null and absent are the same", () => {
  assert.deepEqual(differ({ a: 1, tags: { x: "1" } }, { a: 1, tags: { x: "2" } }), ["tags"]);
  assert.deepEqual(differ({ a: null }, { b: 1 }), ["b"]);
  assert.deepEqual(differ({ load: 1 }, { load: 2 }), []);
  const renamed = { name: "m", reported: {}, unknown: [] };
  assert.deepEqual(differences(KINDS, node({}), renamed, { touched: false, loose: {} }), ["name"]);
});

Deno.test("differences: what could not be read is none; of others' nodes only what they told counts", () => {
  const now = { name: undefined, reported: { a: 1 }, unknown: ["b"] };
  assert.deepEqual(
    differences(KINDS, node({ a: 1, b: 2 }), now, { touched: false, loose: {} }),
    [],
  );
  assert.deepEqual(differ({ a: 1 }, { a: 1, more: 2 }, { onlyKnown: true }), []);
  assert.deepEqual(differ({ a: 1 }, { a: 2, more: 2 }, { onlyKnown: true }), ["a"]);
});

Deno.test("differences: a loose property may lose, never gain, and only when it was touched", () => {
  const touched = { touched: true };
  assert.deepEqual(differ({ ties: ["a", "b"] }, { ties: ["a"] }), ["ties"]);
  assert.deepEqual(differ({ ties: ["a", "b"] }, { ties: ["a"] }, touched), []);
  assert.deepEqual(differ({ ties: ["a", "b"] }, {}, touched), []);
  assert.deepEqual(differ({ ties: ["a"] }, { ties: ["c"] }, touched), ["ties"]);
  assert.deepEqual(differ({ ties: ["a"] }, { ties: ["a", "c"] }, touched), ["ties"]);
  assert.deepEqual(differ({ state: "used" }, { state: "free" }, touched), []);
  assert.deepEqual(differ({ state: "used" }, { state: "busy" }, touched), ["state"]);
  const rule = { port: 1, groups: [{ id: "x" }], ranges: ["10/8"] };
  assert.deepEqual(differ({ ties: [rule] }, { ties: [{ ...rule, groups: [] }] }, touched), []);
  assert.deepEqual(
    differ({ ties: [rule] }, { ties: [{ ...rule, ranges: ["0/0"] }] }, touched),
    ["ties"],
  );
  assert.deepEqual(differ({ value: 1 }, {}, touched), ["value"]);
});
