import assert from "node:assert/strict";
import { KindIndex } from "../../../../lib/model/mod.ts";
import { KeyTable } from "../../../../plugins/remote/graph/key_table.ts";
import { Parents } from "../../../../plugins/remote/graph/parents.ts";
import { Texts } from "../../../../plugins/remote/graph/texts.ts";
import { fitsType } from "../../../../plugins/remote/graph/value_check.ts";
import { LineReader } from "../../../../plugins/remote/source/lines.ts";

Deno.test("lines are found wherever chunks end, and a long one is told and not held", () => {
  const bytes = new TextEncoder().encode("one\n\ntwo\nthree");
  for (let size = 1; size <= bytes.length; size++) {
    const reader = new LineReader();
    const found: string[] = [];
    const take = (line: Uint8Array | undefined) => found.push(new TextDecoder().decode(line));
    for (let at = 0; at < bytes.length; at += size) {
      reader.take(bytes.subarray(at, at + size)).forEach(take);
    }
    reader.end().forEach(take);
    assert.deepEqual(found, ["one", "two", "three"], `chunks of ${size}`);
  }
  const reader = new LineReader();
  const part = new Uint8Array(1024 * 1024).fill(0x78);
  for (let count = 0; count < 20; count++) assert.deepEqual([...reader.take(part)], []);
  const [first, second] = [...reader.take(new TextEncoder().encode("x\nok\n"))];
  assert.deepEqual([first, new TextDecoder().decode(second)], [undefined, "ok"]);
});

Deno.test("parents of a node come in the order of their edges", () => {
  const parents = new Parents();
  const edges = [[0, 3], [1, 2], [1, 3], [2, 3], [0, 1]] as const;
  for (const [from, to] of edges) parents.add(from, to, from === 1 ? "delete" : "dependency");
  parents.settle(4);
  const of = [0, 1, 2, 3].map((node) =>
    parents.of(node).map(({ node, type }) => `${node} ${type}`)
  );
  assert.deepEqual(of, [
    [],
    ["0 dependency"],
    ["1 delete"],
    ["0 dependency", "1 delete", "2 dependency"],
  ]);
});

Deno.test("a million texts have a number each, and are found by it", () => {
  const table = new KeyTable();
  for (let at = 0; at < 1_000_000; at++) assert.equal(table.add(`kind_${at % 7} id-${at}`), at);
  assert.equal(table.add("kind_3 id-3"), 3);
  assert.equal(table.find("kind_5 id-999997"), 999_997);
  assert.equal(table.find("kind_3 id-4"), undefined);
  assert.match(table.mark(3), /^[0-9a-f]{16}$/);
  assert.equal(new Set([0, 1, 2, 3].map((number) => table.mark(number))).size, 4);
});

Deno.test("texts are found again, however long and of whatever letters", () => {
  const texts = new Texts();
  const all = ["", "a", "é€😀", "x".repeat(300_000), "", "\u0000", "y".repeat(349_000), "z"];
  for (const text of all) texts.push(text);
  assert.deepEqual(all.map((_, index) => texts.at(index)), all);
});

Deno.test("a value fits the type of its property or it does not", () => {
  const kinds = new KindIndex([{
    name: "part",
    bases: [],
    nested: true,
    properties: [{ name: "size", type: "int64" }, { name: "parts", type: "part[]" }],
  }]);
  const fits:
    readonly (readonly [type: string, good: readonly unknown[], bad: readonly unknown[]])[] = [
      ["string", ["", "x"], [1, true, {}, []]],
      ["int32", [0, -5], [2 ** 31, 1.5, "1"]],
      ["int64", [2 ** 40, 9007199254740993n], [2 ** 60, 1n << 63n, 1.5]],
      ["double", [1.5, 2], ["1"]],
      ["boolean", [true], [0, "true"]],
      ["datetime", ["2026-01-02T03:04:05Z", "2026-01-02"], ["yesterday", "2026-13-01", 5, "5"]],
      ["string[]", [[], ["a"]], ["a", [1]]],
      ["dictionary[string, int64]", [{}, { a: 1 }], [{ a: "1" }, [1]]],
      ["any", [1, "x", {}], []],
      ["part", [{ size: 1, parts: [{ size: 2 }] }, { kind: "part" }], [{ other: 1 }, {
        parts: [{ size: "x" }],
      }, "x"]],
      ["nobody", [], [{}, "x"]],
    ];
  for (const [type, good, bad] of fits) {
    for (const value of good) assert.equal(fitsType(kinds, type, value), true, `${type} ${value}`);
    for (const value of bad) assert.equal(fitsType(kinds, type, value), false, `${type} ${value}`);
  }
});
