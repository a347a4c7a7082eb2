import assert from "node:assert/strict";
import { PluginError } from "../../../lib/errors/mod.ts";
import { encodeClose, encodeNode, encodeOpen } from "../../../lib/sdk/encode.ts";
import type { NodeInput } from "../../../lib/sdk/mod.ts";

function body(reported: Record<string, unknown>): string {
  return encodeNode(1, { kind: "k", id: "i", reported }).split("\t")[1]?.trimEnd() ?? "";
}

function header(node: Partial<NodeInput>): unknown[] {
  const line = encodeNode(1, { kind: "k", id: "i", reported: {}, ...node });
  return JSON.parse(line.split("\t")[0] ?? "");
}

Deno.test("encodeOpen() writes name and id of the region in this order", () => {
  const region = { id: "r-1", name: "Region 1" };
  assert.equal(
    encodeOpen({ number: 3, cloud: "c", account: "a", region, resource: "c_thing" }),
    '["o",3,"c","a","Region 1","r-1","c_thing"]\n',
  );
});

Deno.test("encodeClose() writes outcome and faults", () => {
  const fault = { call: "s:Op", code: "Denied", message: "no", count: 1 };
  assert.equal(
    encodeClose(3, { outcome: "denied", faults: [fault] }),
    '["c",3,"denied",[{"call":"s:Op","code":"Denied","message":"no","count":1}]]\n',
  );
});

Deno.test("encodeNode() takes the id for a missing name and keeps an empty one", () => {
  assert.equal(header({})[4], "i");
  assert.equal(header({ name: null })[4], "i");
  assert.equal(header({ name: "" })[4], "");
});

Deno.test("encodeNode() writes only the extras that are given", () => {
  assert.deepEqual(header({})[5], {});
  assert.deepEqual(
    header({
      zone: "z1",
      edges: [
        { direction: "from", kind: "p", by: "id", value: "1" },
        { direction: "to", kind: "q", by: "arn", value: "2", type: "delete" },
      ],
      targets: { arn: "x" },
      orphan: true,
      phantom: true,
      protected: true,
      keep: ["tags"],
    })[5],
    {
      z: "z1",
      e: [["from", "p", "id", "1"], ["to", "q", "arn", "2", "delete"]],
      t: { arn: "x" },
      o: 1,
      ph: 1,
      pr: 1,
      k: ["tags"],
    },
  );
});

Deno.test("encodeNode() writes dates to the second, at any depth", () => {
  const date = new Date("2024-02-29T01:02:03.999Z");
  assert.equal(
    body({ a: date, b: { c: [date] } }),
    '{"a":"2024-02-29T01:02:03Z","b":{"c":["2024-02-29T01:02:03Z"]}}',
  );
});

Deno.test("encodeNode() leaves out what says nothing", () => {
  assert.equal(
    body({
      a: null,
      b: undefined,
      c: NaN,
      d: Infinity,
      e: new Date(NaN),
      f: [null, 1],
      g: { h: null },
    }),
    '{"f":[1],"g":{}}',
  );
});

Deno.test("encodeNode() keeps false, zero and empty text", () => {
  assert.equal(
    body({ a: false, b: 0, c: "", d: [], e: {} }),
    '{"a":false,"b":0,"c":"","d":[],"e":{}}',
  );
});

Deno.test("encodeNode() keeps a property whose name is that of a prototype", () => {
  const reported = JSON.parse('{"tags":{"__proto__":"x","constructor":"y"}}');
  assert.equal(body(reported), '{"tags":{"__proto__":"x","constructor":"y"}}');
});

Deno.test("encodeNode() never writes a tab or a line break inside of a part", () => {
  const line = encodeNode(1, { kind: "k", id: "a\tb\nc", reported: { t: "\t\n\u2028\ud800" } });
  assert.equal(line.split("\t").length, 2);
  assert.equal(line.indexOf("\n"), line.length - 1);
  assert.equal(JSON.parse(line.split("\t")[1] ?? "").t, "\t\n\u2028\ud800");
});

for (
  const [what, node] of [
    ["a reserved property", { reported: { kind: "x" } }],
    ["a function", { reported: { a: () => 1 } }],
    ["a map", { reported: { a: new Map() } }],
    ["bytes", { reported: { a: new Uint8Array(1) } }],
    ["an empty id", { id: "" }],
    ["an empty kind", { kind: "" }],
    ["an edge without value", { edges: [{ direction: "from", kind: "k", by: "id", value: "" }] }],
    ["more than 8 MB", { reported: { a: "x".repeat(9 * 1024 * 1024) } }],
  ] satisfies [string, Partial<NodeInput>][]
) {
  Deno.test(`encodeNode() refuses ${what}`, () => {
    assert.throws(() => header(node), PluginError);
  });
}

Deno.test("encodeNode() refuses a cycle", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  assert.throws(() => body(cycle), /nested too deeply/);
});
