import assert from "node:assert/strict";
import { type Kind, KindIndex, RecordMapper } from "ckworker";

const THING: Kind = {
  name: "acme_thing",
  bases: ["acme_resource", "resource"],
  properties: [
    { name: "thing_label", type: "string" },
    { name: "thing_count", type: "int64" },
    { name: "thing_share", type: "double" },
    { name: "thing_open", type: "boolean" },
    { name: "thing_seen", type: "datetime" },
    { name: "thing_words", type: "string[]" },
    { name: "thing_numbers", type: "int64[]" },
    { name: "thing_texts", type: "dictionary[string, string]" },
  ],
};
const BASE: Kind = {
  name: "acme_resource",
  bases: [],
  properties: [{ name: "self_address", type: "string" }],
};

const mapper = new RecordMapper(new KindIndex([BASE, THING]), {
  kind: "acme_thing",
  id: "key",
  name: "profile.title",
  from: { ctime: "made", thing_label: "profile.label", thing_share: (record) => record["share"] },
  defaults: { thing_open: false },
});

function map(record: unknown) {
  const { node, misfits } = mapper.map(record) ?? {};
  return { id: node?.id, name: node?.name, reported: node?.reported, keep: node?.keep, misfits };
}

Deno.test("a record gives members by name, path and function, with the properties of bases", () => {
  assert.deepEqual(
    map({
      key: 7,
      profile: { title: "", label: "x" },
      made: 1_700_000_000,
      share: 0.5,
      self_address: "here",
      thing_count: 3,
      thing_open: true,
      thing_seen: "2026-01-02T03:04:05+02:00",
      thing_words: ["a", null, "b"],
      thing_numbers: [1, "2"],
      thing_texts: { a: "b", c: null, d: 1, e: true },
      other: {},
    }),
    {
      id: "7",
      name: "",
      reported: {
        tags: {},
        self_address: "here",
        thing_label: "x",
        thing_count: 3,
        thing_share: 0.5,
        thing_open: true,
        thing_seen: new Date("2026-01-02T01:04:05Z"),
        thing_words: ["a", "b"],
        thing_numbers: [1, 2],
        thing_texts: { a: "b", d: "1", e: "true" },
        ctime: new Date(1_700_000_000_000),
      },
      keep: undefined,
      misfits: [],
    },
  );
});

Deno.test("what is missing or null is left out or has its default, and the name is the id", () => {
  const { id, name, reported } = map({ key: "k", thing_label: null, profile: null });
  assert.deepEqual([id, name, reported], ["k", "k", { tags: {}, thing_open: false }]);
});

Deno.test("a value of another type is left out and kept", () => {
  const bad = {
    thing_count: "many",
    thing_open: "yes",
    thing_seen: "soon",
    thing_words: "a",
    thing_numbers: [1, {}],
    thing_texts: { a: {} },
    self_address: {},
  };
  const { reported, keep, misfits } = map({ key: "k", share: "half", ...bad });
  assert.deepEqual(reported, { tags: {} });
  assert.deepEqual(misfits?.toSorted(), [...Object.keys(bad), "thing_share"].sort());
  assert.deepEqual(keep, misfits);
});

Deno.test("a path that leads through a text is no missing value", () => {
  assert.deepEqual(map({ key: "k", profile: "short" }).misfits, ["thing_label"]);
});

Deno.test("numbers that a core cannot hold do not fit", () => {
  for (const value of [2n ** 63n, 1.5, 2 ** 53, Infinity]) {
    assert.deepEqual(map({ key: "k", thing_count: value }).misfits, ["thing_count"], String(value));
  }
  assert.equal(map({ key: "k", thing_count: 2n ** 62n }).reported?.["thing_count"], 2n ** 62n);
});

Deno.test("a time without zone is UTC", () => {
  for (const text of ["2026-01-02T03:04:05", "2026-01-02 03:04:05.000"]) {
    const { reported } = map({ key: "k", thing_seen: text });
    assert.deepEqual(reported?.["thing_seen"], new Date("2026-01-02T03:04:05Z"));
  }
});

Deno.test("what has no id is no node", () => {
  for (const bad of [null, [], "x", {}, { key: "" }, { key: null }, { key: {} }]) {
    assert.equal(mapper.map(bad), undefined, JSON.stringify(bad));
  }
});
