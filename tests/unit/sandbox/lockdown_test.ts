import assert from "node:assert/strict";
import { PluginError } from "../../../lib/errors/mod.ts";
import { refuseImports } from "../../../lib/sandbox/guest/lockdown.ts";

for (
  const text of [
    'import "x"',
    'import{a}from"x"',
    "const a = await import(name)",
    "f(...import(name))",
    "`${import(name)}`",
    "import\n/* comment */ (name)",
    'export * from "x"',
    "export/**/{ a }/**/from/**/'x'",
    "import.meta.resolve; import(x)",
  ]
) {
  Deno.test(`refuseImports() refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => refuseImports(`let a = 1;\n${text}`), (error) => {
      assert.ok(error instanceof PluginError);
      assert.match(error.message, /in line [23]$/);
      return true;
    });
  });
}

for (
  const text of [
    "import.meta.url",
    "const important = reimport + $import",
    "table.import(rows)",
    'Array.from("abc")',
    "export default 1; export { a }; const from = 1",
  ]
) {
  Deno.test(`refuseImports() takes ${JSON.stringify(text)}`, () => refuseImports(text));
}
