import assert from "node:assert/strict";
import { bundledPackages, notices } from "../../../../scripts/build/notices.ts";

Deno.test("bundledPackages: the innermost package of each module, once", () => {
  const packages = bundledPackages([
    "main.ts",
    "node_modules/.deno/zod@4.0.0/node_modules/zod/index.js",
    "node_modules/.deno/zod@4.0.0/node_modules/zod/v4/core.js",
    "node_modules/.deno/a@1.0.0/node_modules/@scope/a/dist/a.js",
  ]);
  assert.deepEqual(packages, [
    { name: "@scope/a", folder: "node_modules/.deno/a@1.0.0/node_modules/@scope/a" },
    { name: "zod", folder: "node_modules/.deno/zod@4.0.0/node_modules/zod" },
  ]);
});

Deno.test("notices: packages of one licence share its text, one without any is refused", async () => {
  const root = await Deno.makeTempDir();
  try {
    for (const [name, licence] of [["one", "Be kind"], ["two", "Be kind"], ["three", ""]]) {
      await Deno.mkdir(`${root}/${name}`);
      await Deno.writeTextFile(`${root}/${name}/package.json`, '{"version":"1.0.0"}');
      if (licence) await Deno.writeTextFile(`${root}/${name}/LICENSE`, licence);
    }
    const of = (...names: string[]) => names.map((name) => ({ name, folder: name }));
    const text = await notices(root, of("one", "two"));
    assert.match(text, /one 1\.0\.0\ntwo 1\.0\.0\n\nBe kind\n/);
    await assert.rejects(notices(root, of("three")), /three 1\.0\.0 states no licence/);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
