import assert from "node:assert/strict";
import { createMapper } from "../../../../../plugins/gcp/engine/mapper.ts";

const MAPPER = createMapper({
  kinds: {
    disk: [
      { path: "sizeGb", name: "size", type: "int64" },
      { path: ["attached", "created"], name: "time", type: "datetime" },
      { path: "status", name: "status", type: "string", map: { UP: "up" }, otherwise: "unknown" },
      { path: "ratio", name: "ratio", type: "double", default: -1 },
      { path: "tags", name: "parts", type: "dictionary[string, compute.Part[]]" },
    ],
  },
  structures: { "compute.Part": [{ path: "inner", name: "inside", type: "compute.Part" }] },
});
const map = MAPPER.compile("disk");

Deno.test("gcp mapping: numbers as texts, several members, words and defaults", () => {
  const { reported, wrong } = map({
    sizeGb: "10",
    created: "2024-01-02T03:04:05.678-07:00",
    status: "X",
  });
  assert.deepEqual(wrong, []);
  assert.deepEqual([reported["size"], reported["status"], reported["ratio"]], [10, "unknown", -1]);
  assert.deepEqual(reported["time"], new Date("2024-01-02T10:04:05.678Z"));
  assert.equal(map({ status: "UP" }).reported["status"], "up");
  assert.equal(map({ status: "constructor" }).reported["status"], "unknown");
});

Deno.test("gcp mapping: a value of another type is left out and named", () => {
  const spoiled = { sizeGb: "9007199254740993", attached: "soon", ratio: "x", tags: { a: [1] } };
  assert.deepEqual(map(spoiled).wrong, ["size", "time", "ratio", "parts"]);
});

Deno.test("gcp mapping: structures inside themselves, and names that objects inherit", () => {
  const { reported } = map({ tags: { a: [{ inner: { inner: {} }, other: 1 }], toString: [] } });
  assert.deepEqual(reported["parts"], { a: [{ inside: { inside: {} } }], toString: [] });
});
