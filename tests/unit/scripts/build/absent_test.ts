import assert from "node:assert/strict";
import { resolve } from "node:path";
import { build, stop } from "esbuild";
import { leaveOut } from "../../../../scripts/build/absent.ts";
import { OPTIONS } from "../../../../scripts/build/bundle.ts";

const ROOT = resolve(import.meta.dirname ?? ".", "../../../..");

Deno.test({
  name: "bundle: ssh2 comes without native code, and asks for nothing beside itself",
  // The bundler's own process ends when it likes.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    try {
      const { outputFiles, metafile } = await build({
        ...OPTIONS,
        absWorkingDir: ROOT,
        entryPoints: ["plugins/onprem/worker.ts"],
        outdir: "out",
        write: false,
      });
      assert.ok(OPTIONS.plugins.includes(leaveOut));
      const inputs = Object.keys(metafile.inputs).filter((path) => !path.startsWith("absent:"));
      assert.ok(inputs.some((path) => path.endsWith("ssh2/lib/client.js")));
      assert.deepEqual(inputs.filter((path) => /\.node$|cpu-features|poly1305/.test(path)), []);
      const asked = outputFiles.flatMap(({ text }) => [...text.matchAll(/require\("([^"]*)"\)/g)])
        .map(([, name = ""]) => name);
      assert.deepEqual(asked.filter((name) => /^\.|cpu-features|\.node$/.test(name)), []);
    } finally {
      await stop();
    }
  },
});
