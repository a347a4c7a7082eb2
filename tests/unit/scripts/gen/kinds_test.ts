import assert from "node:assert/strict";
import { BASE_KINDS } from "../../../../lib/model/mod.ts";
import { generate } from "../../../../scripts/gen/kinds.ts";
import { pluginModels } from "../../../../scripts/gen/plugin_models.ts";

Deno.test("generate: describes every base kind and every kind of every plugin once", async () => {
  const pages = await generate();
  assertSections(pages.get("docs/kinds.md"), BASE_KINDS.map((kind) => kind.name));
  for (const [name, { kinds }] of await pluginModels()) {
    assertSections(pages.get(`docs/kinds/${name}.md`), kinds.map((kind) => kind.name));
  }
});

Deno.test("generate: tells type, origin and meaning of properties", async () => {
  const page = (await generate()).get("docs/kinds.md") ?? "";
  assert.match(page, /^\| tags \| dictionary\[string, string\] \|/m);
  assert.match(page, /^\| age \| trafo\.duration_to_datetime \| computed from ctime \|$/m);
});

function assertSections(page: string | undefined, names: readonly string[]): void {
  const found = [...(page ?? "").matchAll(/^### (\w+)$/gm)].map(([, name = ""]) => name);
  assert.deepEqual(found.sort(), [...names].sort());
}
