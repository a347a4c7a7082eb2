import assert from "node:assert/strict";
import { z } from "zod";
import { builtInPlugin, defineManifest } from "../../../lib/sdk/mod.ts";

const manifest = defineManifest({
  name: "sample",
  type: "collector",
  description: "Sample",
  clouds: ["sample"],
  options: z.object({ size: z.number().default(1) }),
  permissions: () => ({}),
});

Deno.test("builtInPlugin: model and calls are those of the files", () => {
  const kind = { name: "sample_thing", bases: [], properties: [] };
  const call = { call: "a:B", permissions: ["a:B"], purpose: "read", kinds: ["sample_thing"] };
  const entry = builtInPlugin(manifest, { kinds: [kind] }, [call]);
  assert.deepEqual(entry.model, { kinds: [kind] });
  assert.deepEqual(entry.calls, [call]);
  assert.deepEqual(entry.source, { type: "built-in", name: "sample" });
});

Deno.test("builtInPlugin: a malformed file shows when it is read, not before", () => {
  const entry = builtInPlugin(manifest, { kinds: [{ name: "Not Snake" }] }, [{ call: 1 }]);
  assert.throws(() => entry.model, z.ZodError);
  assert.throws(() => entry.calls, z.ZodError);
});
