import assert from "node:assert/strict";
import { type CoreDialect, uploadProblems } from "../../support/fake_core.ts";
import { KINDS, lines, node, sky } from "./fake_core_client.ts";

type Line = Readonly<Record<string, unknown>>;

function problems(upload: readonly unknown[], dialect: CoreDialect = "ckcore") {
  return uploadProblems(KINDS, lines(upload), dialect);
}

/** The good upload with one of its nodes in another form. */
function withNode(dialect: CoreDialect, id: string, change: (node: Line) => Line) {
  return sky(dialect).map((each) => each["id"] === id ? change(each) : each);
}

function disk(reported: Record<string, unknown>, dialect: CoreDialect = "ckcore") {
  return problems(withNode(dialect, "a-1", () => node(dialect, "a-1", "disk", reported)), dialect);
}

Deno.test("uploadProblems: finds nothing in a good upload of each generation", () => {
  for (const dialect of ["ckcore", "fixcore"] as const) {
    assert.deepEqual(problems(sky(dialect), dialect), []);
  }
});

Deno.test("uploadProblems: values have exactly the type of the model", () => {
  const good = {
    disk_size: -(2 ** 62),
    disk_encrypted: false,
    disk_ratio: 1,
    disk_day: "2021-12-01",
    disk_labels: [],
    disk_part: { part_label: "x" },
    tags: { a: "" },
    ctime: null,
  };
  assert.deepEqual(disk(good), []);
  const bad: readonly [Record<string, unknown>, RegExp][] = [
    [{ disk_size: "12" }, /disk_size: Expected int64 but got "12"/],
    [{ disk_size: 1.5 }, /Expected int64/],
    [{ disk_size: 2 ** 63 }, /Expected int64/],
    [{ disk_size: true }, /Expected int64/],
    [{ disk_encrypted: "true" }, /Expected boolean/],
    [{ disk_encrypted: 1 }, /Expected boolean/],
    [{ disk_ratio: "1" }, /Expected double/],
    [{ name: 5 }, /Expected string/],
    [{ tags: { a: null } }, /tags\.a: Expected string but got null/],
    [{ tags: { a: 1 } }, /tags\.a: Expected string/],
    [{ tags: [] }, /Expected dictionary\[string, string\]/],
    [{ disk_labels: "x" }, /Expected string\[\]/],
    [{ disk_labels: ["x", null] }, /disk_labels\[1\]: Expected string/],
    [{ disk_part: { part_other: 1 } }, /part_other: Property is not defined in model disk_part/],
    [{ ctime: "yesterday" }, /Expected datetime/],
    [{ ctime: 1638352800 }, /Expected datetime/],
    [{ ctime: "2021-13-41T10:00:00Z" }, /Expected datetime/],
    [{ disk_day: "01.12.2021" }, /Expected date/],
    [{ other: 1 }, /other: Property is not defined in model disk/],
    [{ age: "2d" }, /synthetic/],
  ];
  for (const [reported, problem] of bad) assert.match(disk(reported).join(), problem);
});

Deno.test("uploadProblems: takes the dates that a core takes", () => {
  const dates = [
    "2021-12-01T10:00:00Z",
    "2021-12-01T10:00:00.123456+00:00",
    "2021-12-01T10:00:00+02:00",
    "2021-12-01T10:00:00",
    "2021-12-01",
  ];
  for (const ctime of dates) assert.deepEqual(disk({ ctime }), []);
});

Deno.test("uploadProblems: a node has a kind of the model", () => {
  const without = withNode("ckcore", "a-1", (each) => ({ ...each, reported: { id: "x" } }));
  assert.match(problems(without).join(), /has no kind/);
  const unknown = withNode("ckcore", "a-1", () => node("ckcore", "a-1", "tape"));
  assert.match(problems(unknown).join(), /kind tape is not known/);
  const open = [node("ckcore", "top", "graph_root", { whatever: 1 }), ...sky("ckcore").slice(1)];
  assert.deepEqual(problems(open), []);
});

Deno.test("uploadProblems: sections and metadata have the form of the generation", () => {
  const change = (dialect: CoreDialect, metadata: unknown, more: Line = {}) => {
    const changed = withNode(dialect, "a-1", (each) => ({ ...each, metadata, ...more }));
    return problems(changed, dialect).join();
  };
  const old = { python_type: "x", cleaned: false, phantom: false, protected: false };
  const fresh = { python_type: "x", categories: [] };
  assert.match(change("ckcore", { ...old, phantom: undefined }), /phantom is no boolean/);
  assert.match(change("ckcore", old, { usage: {} }), /key usage/);
  assert.match(change("ckcore", old, { kinds: [] }), /key kinds/);
  assert.match(change("ckcore", old, { desired: null }), /desired is no object/);
  assert.match(change("fixcore", { ...fresh, phantom: false }), /phantom is not of this/);
  assert.match(change("fixcore", { ...fresh, protected: false }), /protected is not true/);
  assert.match(change("fixcore", { python_type: "x" }), /categories is no list/);
  assert.match(change("fixcore", {}), /no python_type/);
  assert.match(change("fixcore", fresh, { usage: { cpu: { mean: 1 } } }), /usage cpu/);
  assert.equal(change("fixcore", fresh, { usage: { cpu: { avg: 1, max: 2 } } }), "");
});

Deno.test("uploadProblems: lines are nodes or edges, nodes first, each once", () => {
  const good = sky("ckcore");
  const [first, ...rest] = good;
  assert.match(problems([...good, { hello: 1 }]).join(), /neither node nor edge/);
  assert.match(uploadProblems(KINDS, [`{"id`]).join(), /no JSON object/);
  assert.match(
    uploadProblems(KINDS, ["", ...good.map((each) => JSON.stringify(each))]).join(),
    /no JSON/,
  );
  assert.deepEqual(problems([...rest, first]), ["node top: comes behind an edge"]);
  assert.deepEqual(problems([first, ...good]), ["node top: comes twice"]);
  assert.deepEqual(problems([...good, { from: "a", to: "a-r" }]), [
    "edge dependency a a-r: comes twice",
  ]);
});

Deno.test("uploadProblems: edges have both ends and a type of the generation", () => {
  const plus = (edge: Line, dialect: CoreDialect = "ckcore") =>
    problems([...sky(dialect), edge], dialect).join();
  assert.match(plus({ from: "a", to: "nobody" }), /edge a → nobody: an end was not sent/);
  assert.match(plus({ from: "a", to: "a-1", edge_type: "default" }), /type "default"/);
  assert.match(plus({ from: "a", to: "a-1", edge_type: "iam" }), /type "iam"/);
  assert.match(plus({ from: "a", to: "a-1", edge_type: "dependency" }, "fixcore"), /type "dep/);
  assert.match(plus({ from: "a-1", to: "a-1" }), /leads to itself/);
  assert.equal(plus({ from: "a-1", to: "a-2", edge_type: "delete" }), "");
  const iam = [{ from: "a-1", to: "a-2" }, { from: "a-2", to: "a-1" }]
    .map((edge) => ({ ...edge, edge_type: "iam" }));
  assert.deepEqual(problems([...sky("fixcore"), ...iam], "fixcore"), []);
});

Deno.test("uploadProblems: there is one root, to which every node leads back, and no circle", () => {
  const good = sky("ckcore");
  const loose = good.filter(({ to }) => to !== "a-1");
  assert.match(problems(loose).join(), /there are 2 roots: root, a-1/);
  const deleted = [...loose, { from: "a-2", to: "a-1", edge_type: "delete" }];
  assert.deepEqual(problems(deleted), [
    "the roots by plain edges are root, a-1 (graph_root, disk)",
  ]);
  assert.match(problems([...good, { from: "a-1", to: "sky" }]).join(), /form a circle/);
  assert.match(
    problems(good.slice(1).filter(({ from }) => from !== "top")).join(),
    /are sky \(cloud\)/,
  );
});

Deno.test("uploadProblems: something is replaced, at a place, and nothing twice", () => {
  const replaceAt = (...ids: string[]) =>
    sky("ckcore").map((each) =>
      "reported" in each
        ? {
          ...each,
          ...(ids.includes(String(each["id"])) ? { replace: true } : { replace: undefined }),
        }
        : each
    );
  assert.match(problems(replaceAt()).join(), /No replace nodes provided/);
  assert.deepEqual(problems(replaceAt("a", "b")), []);
  assert.match(problems(replaceAt("a-1", "a", "b")).join(), /replace at a disk/);
  assert.match(problems(replaceAt("sky", "a")).join(), /more than one merge node/);
  const up = { from: "a-1", to: "sky", edge_type: "delete" };
  assert.deepEqual(problems([...replaceAt("a", "b"), up]), []);
  const crossing = [...replaceAt("a", "b"), { from: "a-1", to: "b-1" }];
  assert.match(problems(crossing).join(), /more than one merge node: b-1/);
  assert.match(problems(replaceAt("a")).join(), /b-1: belongs to nothing that is replaced/);
});

Deno.test("uploadProblems: lines are no longer than the generation takes", () => {
  const long = (dialect: CoreDialect, size: number) =>
    problems(
      withNode(dialect, "a-1", () => node(dialect, "a-1", "disk", { name: "ä".repeat(size / 2) })),
      dialect,
    );
  assert.deepEqual(long("ckcore", 130_000), []);
  assert.match(long("ckcore", 132_000).join(), /Chunk too big/);
  assert.deepEqual(long("fixcore", 132_000), []);
});

Deno.test("uploadProblems: the newer core takes deferred edges, last", () => {
  const deferred = { from_selector: { node_id: "a-1" }, to_selector: { search_criteria: "is(x)" } };
  const good = sky("fixcore");
  assert.deepEqual(problems([...good, deferred], "fixcore"), []);
  assert.match(problems([...sky("ckcore"), deferred]).join(), /neither node nor edge/);
  assert.match(problems([...good, { ...deferred, to_selector: {} }], "fixcore").join(), /selector/);
  const early = [...good.slice(0, -1), deferred, ...good.slice(-1)];
  assert.match(problems(early, "fixcore").join(), /comes behind a deferred one/);
});

Deno.test("uploadProblems: a model that a core refuses is told too", () => {
  const clash = { fqn: "x", bases: [], properties: [{ name: "disk_size", kind: "string" }] };
  assert.match(
    uploadProblems([...KINDS, clash], lines(sky("ckcore"))).join(),
    /is defined in disk/,
  );
});
