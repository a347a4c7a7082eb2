import assert from "node:assert/strict";
import { cycles } from "../../../../scripts/check/cycles.ts";

Deno.test("cycles: a circle is named once with all its files", () => {
  const tree = new Map([
    ["lib/a/a.ts", `import "./b.ts";`],
    ["lib/a/b.ts", `import "./c.ts"; import "./d.ts";`],
    ["lib/a/c.ts", `import type { A } from "./a.ts";`],
    ["lib/a/d.ts", ""],
  ]);
  assert.deepEqual(cycles(tree).map(({ message }) => message), [
    "imports run in a circle: lib/a/a.ts > lib/a/b.ts > lib/a/c.ts > lib/a/a.ts",
  ]);
});

Deno.test("cycles: two ways to the same file are none", () => {
  const tree = new Map([
    ["lib/a/a.ts", `import "./b.ts"; import "./c.ts";`],
    ["lib/a/b.ts", `import "./c.ts";`],
    ["lib/a/c.ts", ""],
  ]);
  assert.deepEqual(cycles(tree), []);
});
