import assert from "node:assert/strict";
import { z } from "zod";
import { configure, CORE, optionSet, pluginOptionSet } from "../../../lib/config/mod.ts";

const PLUGIN = pluginOptionSet({
  name: "many",
  options: z.object({
    token: z.array(z.string()).default([]).describe("Tokens").meta({ secret: true }),
  }),
});

function configured(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const readText = (path: string) => files[path] ?? "";
  const { plugins, secrets, warnings } = configure(
    { args, env: {}, readText, document: new Map() },
    {
      core: CORE.options,
      command: optionSet(z.object({}), { group: "Options" }),
      plugins: [PLUGIN],
      known: PLUGIN.options,
    },
  );
  return { values: plugins.get("many"), secrets: secrets.map((each) => each.reveal()), warnings };
}

Deno.test("configure: each value of a list of secrets is one, and the list warns on the command line", () => {
  const { values, secrets, warnings } = configured(["--many-token", "hunter22", "hunter33"]);
  assert.deepEqual(values, { token: ["hunter22", "hunter33"] });
  assert.deepEqual(secrets, ["hunter22", "hunter33"]);
  assert.equal(warnings.length, 1);
});

Deno.test("configure: the file of a list of secrets has one a line", () => {
  const { values, secrets } = configured(["--many-token-file", "/t"], {
    "/t": "one1\n\n two22 \n",
  });
  assert.deepEqual(values, { token: ["one1", "two22"] });
  assert.ok(secrets.includes("one1") && secrets.includes("two22"));
});
