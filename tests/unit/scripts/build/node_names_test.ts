import assert from "node:assert/strict";
import { build, stop } from "esbuild";
import { nodeNames } from "../../../../scripts/build/node_names.ts";

Deno.test({
  name: "bundle: modules of Node are imported by their full names, and nothing else is",
  // The bundler's own process ends when it likes.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const contents = `import { join } from "path"; import { readFile } from "fs/promises";
import other from "elsewhere"; console.log(join, readFile, other, await import("stream"));`;
    try {
      const { outputFiles: [file] } = await build({
        stdin: { contents },
        bundle: true,
        write: false,
        format: "esm",
        platform: "node",
        plugins: [nodeNames],
        external: ["elsewhere"],
      });
      const names = [...(file?.text ?? "").matchAll(/(?:from |import\()"([^"]+)"/g)];
      assert.deepEqual(names.map(([, name]) => name).sort(), [
        "elsewhere",
        "node:fs/promises",
        "node:path",
        "node:stream",
      ]);
    } finally {
      await stop();
    }
  },
});
