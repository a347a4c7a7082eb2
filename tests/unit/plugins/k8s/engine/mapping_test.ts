import assert from "node:assert/strict";
import { createHide } from "../../../../../lib/sdk/mod.ts";
import { createMapper } from "../../../../../plugins/k8s/engine/mapper.ts";
import { gibibytes, quantity } from "../../../../../plugins/k8s/engine/quantity.ts";

const MAPPING = {
  kinds: {
    thing: [
      { path: "spec.count", name: "count", type: "int64" },
      { path: "spec.port", name: "port_name", type: "int_or_string" },
      { path: "spec.at", name: "at", type: "datetime" },
      { path: "spec.parts", name: "parts", type: "a.Part[]" },
      { path: "data", name: "data", type: "dictionary[string, string]", sensitive: true },
    ],
  },
  structures: { "a.Part": [{ path: "hostIP", name: "host_ip", type: "string" }] },
};
const HIDE = createHide({ keep: false, key: "00ff" });

Deno.test("k8s mapping: members by path, nested ones by structure, nothing else", () => {
  const raw = {
    spec: { count: 2, port: 80, at: "2026-01-01T00:00:00.5Z", parts: [{ hostIP: "x", more: 1 }] },
    other: 1,
  };
  assert.deepEqual(createMapper(MAPPING, HIDE).compile("thing")(raw), {
    wrong: [],
    reported: {
      count: 2,
      port_name: "80",
      at: new Date("2026-01-01T00:00:00.5Z"),
      parts: [{ host_ip: "x" }],
    },
  });
});

Deno.test("k8s mapping: a value of another type is left out and named", () => {
  const raw = { spec: { count: "many", port: {}, at: "never", parts: { hostIP: "x" } }, data: [] };
  const { reported, wrong } = createMapper(MAPPING, HIDE).compile("thing")(raw);
  assert.deepEqual(reported, {});
  assert.deepEqual(wrong, ["count", "port_name", "at", "parts", "data"]);
});

Deno.test("k8s mapping: a secret becomes a keyed hash that changes with it", () => {
  const value = (text: string, hide = HIDE) =>
    createMapper(MAPPING, hide).compile("thing")({ data: { a: text } }).reported["data"];
  assert.match(JSON.stringify(value("x")), /^\{"a":"hmac-sha256:[0-9a-f]{32}"\}$/);
  assert.deepEqual(value("x"), value("x"));
  assert.notDeepEqual(value("x"), value("y"));
  assert.notDeepEqual(value("x"), value("x", createHide({ keep: false, key: "00fe" })));
  assert.deepEqual(value("x", createHide({ keep: true, key: "" })), { a: "x" });
});

Deno.test("k8s quantities: suffixes, fractions, exponents; nonsense is none", () => {
  for (
    const [text, expected] of [
      ["10Gi", 10 * 2 ** 30],
      ["500m", 0.5],
      ["1.5k", 1500],
      ["1e3", 1000],
      ["12E", 12e18],
      [".5", 0.5],
      ["", undefined],
      ["1 Gi", undefined],
      ["Gi", undefined],
      ["1Qi", undefined],
    ] as const
  ) assert.equal(quantity(text), expected, text);
  assert.equal(gibibytes("1500Mi"), 2);
  assert.equal(gibibytes("x"), undefined);
});
