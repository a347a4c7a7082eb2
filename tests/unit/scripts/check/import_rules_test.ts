import assert from "node:assert/strict";
import { breachLine } from "../../../../scripts/check/breach.ts";
import { importRules } from "../../../../scripts/check/import_rules.ts";

/** Breaches of a tree whose imported own files all exist. */
function breaches(files: Readonly<Record<string, string>>): string[] {
  const present = ["mod.ts", "plugins/mod.ts", "plugins/a/manifest.ts", "plugins/a/collector.ts"];
  const folders = ["errors", "log", "async", "model", "graph", "sdk", "store", "sandbox", "cli"];
  const faces = [...present, ...folders.map((folder) => `lib/${folder}/mod.ts`)];
  const tree = new Map([...faces.map((path) => [path, ""] as const), ...Object.entries(files)]);
  return importRules(tree).map(breachLine);
}

Deno.test("importRules: lower layers, own folder and packages are allowed", () => {
  const text = `import { a } from "../graph/mod.ts";
import type { B } from "../errors/mod.ts";
export * from "./own.ts";
import { z } from "zod";
import { join } from "node:path";
const lazy = await import("../model/mod.ts");`;
  assert.deepEqual(breaches({ "lib/store/a.ts": text, "lib/store/own.ts": "" }), []);
});

Deno.test("importRules: an upper layer, the same layer and lib to plugin are refused", () => {
  const found = breaches({
    "lib/store/a.ts": `import "../cli/mod.ts";`,
    "lib/graph/a.ts": `\nimport { b } from "../sdk/mod.ts";`,
    "lib/collect/a.ts": `import { c } from "../../plugins/mod.ts";`,
    "lib/sandbox/a.ts": `const s = await import("../store/mod.ts");`,
  });
  assert.equal(found.length, 4);
  assert.match(found[0] ?? "", /^lib\/store\/a\.ts:1: .*layer 3.*lib\/cli \(layer 6\)/);
  assert.match(found[1] ?? "", /^lib\/graph\/a\.ts:2: .*lib\/sdk \(layer 2\)/);
  assert.match(found[2] ?? "", /lib imports lib and packages only/);
  assert.match(found[3] ?? "", /lib\/sandbox \(layer 3\) may not import lib\/store/);
});

Deno.test("importRules: log may import errors, errors may not import log", () => {
  assert.deepEqual(breaches({ "lib/log/a.ts": `import "../errors/mod.ts";` }), []);
  assert.equal(breaches({ "lib/errors/a.ts": `import "../log/mod.ts";` }).length, 1);
});

Deno.test("importRules: a folder of lib that no layer names is refused", () => {
  const found = breaches({ "lib/other/a.ts": `import "../errors/mod.ts";` });
  assert.match(found[0] ?? "", /lib\/other has no layer/);
});

Deno.test("importRules: cloud libraries are refused in lib and in what a manifest loads", () => {
  const client = `import { EC2 } from "@aws-sdk/client-ec2";`;
  assert.equal(breaches({ "lib/store/a.ts": client }).length, 1);
  assert.deepEqual(breaches({ "plugins/a/collector.ts": client }), []);
  const found = breaches({
    "plugins/a/manifest.ts": `import { x } from "./options.ts";`,
    "plugins/a/options.ts": `import { z } from "zod";\n${client}`,
  });
  assert.equal(found.length, 1);
  assert.match(found[0] ?? "", /^plugins\/a\/options\.ts:2: .*plugins\/a\/manifest\.ts is data/);
});

Deno.test("importRules: a plugin imports neither lib nor another plugin", () => {
  const found = breaches({
    "plugins/b/collector.ts": `import { x } from "../../lib/graph/mod.ts";
import { y } from "../a/collector.ts";
import { z } from "ckworker";
import { own } from "./own.ts";`,
    "plugins/b/own.ts": "",
  });
  assert.deepEqual(found.map((line) => line.slice(0, 26)), [
    "plugins/b/collector.ts:1: ",
    "plugins/b/collector.ts:2: ",
  ]);
});

Deno.test("importRules: the plugin index and the program load no code of a plugin", () => {
  assert.equal(breaches({ "plugins/mod.ts": `import "./a/collector.ts";` }).length, 1);
  assert.equal(breaches({ "main.ts": `import "./plugins/a/manifest.ts";` }).length, 1);
  assert.deepEqual(breaches({ "plugins/mod.ts": `import "./a/manifest.ts";` }), []);
  assert.deepEqual(breaches({ "main.ts": `import "./plugins/mod.ts";` }), []);
});

Deno.test("importRules: the SDK shows nothing above its layer", () => {
  assert.equal(breaches({ "mod.ts": `export * from "./lib/store/mod.ts";` }).length, 1);
  assert.deepEqual(breaches({ "mod.ts": `export * from "./lib/sdk/mod.ts";` }), []);
});

Deno.test("importRules: of lib only the guest of plugin files loads the SDK as a whole", () => {
  assert.deepEqual(breaches({ "lib/sandbox/guest/a.ts": `import "../../../mod.ts";` }), []);
  assert.equal(breaches({ "lib/sandbox/a.ts": `import "../../mod.ts";` }).length, 1);
  assert.equal(breaches({ "lib/cli/a.ts": `import "ckworker";` }).length, 1);
});

Deno.test("importRules: a missing file is named", () => {
  assert.deepEqual(breaches({ "lib/store/a.ts": `import "./gone.ts";` }), [
    'lib/store/a.ts:1: import of "./gone.ts": no such file',
  ]);
});

Deno.test("importRules: imports in comments and template strings are no imports", () => {
  const text = `// import "../cli/mod.ts";
/* import "../cli/mod.ts"; */
const text = \`import "../cli/mod.ts";\`;
const url = "http://x"; import "../errors/mod.ts";`;
  assert.deepEqual(breaches({ "lib/store/a.ts": text }), []);
});
