import assert from "node:assert/strict";
import {
  CORE,
  parseWorkerDocument,
  preview,
  type WorkerDocument,
} from "../../../lib/config/mod.ts";
import { ConfigError } from "../../../lib/errors/mod.ts";
import { CLOUDY_OPTIONS, configError, configureWith } from "./support.ts";

const SETS = [CORE, CLOUDY_OPTIONS];

Deno.test("parseWorkerDocument: reads the worker's section and those of plugins", () => {
  const { given, unknown } = read({
    sections: {
      fixworker: { pool_size: 3, collector: ["cloudy"], timeout: 60, graph: null },
      cloudy: { region: ["a", "b"], role_override: true, role: "reader", page_size: null },
    },
  });
  assert.deepEqual(unknown, []);
  assert.deepEqual([...given.keys()], [
    "pool-size",
    "collector",
    "timeout",
    "cloudy-region",
    "cloudy-role-override",
    "cloudy-role",
  ]);
  assert.deepEqual(given.get("cloudy-region"), {
    texts: ["a", "b"],
    origin: "fix.worker: cloudy.region",
    source: "core",
  });
  const { settings, plugins } = configureWith({ document: given });
  assert.deepEqual([settings.pool_size, settings.collector], [3, ["cloudy"]]);
  assert.equal(plugins.get("cloudy")?.role_override, true);
  assert.equal(plugins.get("cloudy")?.page_size, 100);
});

Deno.test("parseWorkerDocument: is weaker than flags, variables and the file", () => {
  const { given: document } = read({
    sections: {
      cloudy: { role: "document", page_size: 1 },
      fixworker: { pool_size: 1, timeout: 1 },
    },
  });
  const { settings, plugins } = configureWith({
    document,
    args: ["--cloudy-role", "flag", "--config", "f"],
    env: { CKWORKER_POOL_SIZE: "2" },
    files: { f: "timeout: 3" },
  });
  assert.deepEqual([settings.pool_size, settings.timeout], [2, 3]);
  assert.equal(plugins.get("cloudy")?.role, "flag");
  assert.equal(plugins.get("cloudy")?.page_size, 1);
});

Deno.test("parseWorkerDocument: a secret's file that is given here beats its value there", () => {
  const { given: document } = read({ sections: { cloudy: { key: "there" } } });
  const args = ["--cloudy-key-file", "f"];
  const { plugins } = configureWith({ document, args, files: { f: "here" } });
  assert.equal(plugins.get("cloudy")?.key, "here");
  assert.equal(configureWith({ document }).plugins.get("cloudy")?.key, "there");
});

Deno.test("parseWorkerDocument: chooses collectors before their options are known", () => {
  const { given: document } = read({ sections: { fixworker: { collector: ["cloudy"] } } });
  const previewed = (args: readonly string[]) =>
    preview({ args, env: {}, readText: () => "", document }).collector;
  assert.deepEqual(previewed([]), ["cloudy"]);
  assert.deepEqual(previewed(["--collector", "demo"]), ["demo"]);
});

Deno.test("parseWorkerDocument: says what the level of replacement is called here", () => {
  for (const [kind, level] of [["cloud", "auto"], ["account", "account"]]) {
    const { given } = read({ sections: { fixworker: { graph_merge_kind: kind, graph: "g" } } });
    assert.deepEqual(given.get("replace")?.texts, [level]);
    assert.deepEqual(given.get("ckcore-graph")?.texts, ["g"]);
  }
});

Deno.test("parseWorkerDocument: collects what means nothing here", () => {
  const { given, unknown } = read({
    sections: {
      fixworker: { fork_process: true, tempdir: "/tmp", surprise: 1 },
      cloudy: { profiles: ["x"], profile: null },
      azure: { subscriptions: [] },
      demo: null,
      web: { port: 1 },
      "": { timeout: 1 },
      text: "x",
    },
  });
  assert.equal(given.size, 0);
  assert.deepEqual(unknown, [
    "fixworker.surprise",
    "cloudy.profiles",
    "cloudy.profile",
    "azure",
    "web",
    "",
    "text",
  ]);
});

Deno.test("parseWorkerDocument: cannot choose programs, files or secrets of this machine", () => {
  const keys = [
    "allow_helper",
    "plugin",
    "store",
    "logfile",
    "ckcore_uri",
    "psk",
    "config",
    "help",
  ];
  const { given, unknown } = read({
    sections: { fixworker: Object.fromEntries(keys.map((key) => [key, "x"])) },
  });
  assert.equal(given.size, 0);
  assert.deepEqual(unknown, keys.map((key) => `fixworker.${key}`));
});

Deno.test("parseWorkerDocument: wrong values are errors that name the key", () => {
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [{ cloudy: { role: ["a"] } }, /^fix\.worker: cloudy\.role: must be one value$/],
    [{ cloudy: { region: [{ a: 1 }] } }, /^fix\.worker: cloudy\.region: must be a value or a list/],
    [{ fixworker: { pool_size: {} } }, /^fix\.worker: fixworker\.pool_size: must be one value$/],
  ];
  for (const [sections, message] of cases) {
    assert.throws(
      () => read({ sections: Object(sections) }),
      (error: unknown) => error instanceof ConfigError && message.test(error.message),
    );
  }
  const { given } = read({ sections: { fixworker: { pool_size: "many" } } });
  assert.match(
    configError({ document: given }).message,
    /^fix\.worker: fixworker\.pool_size must be/,
  );
});

Deno.test("parseWorkerDocument: puts variables in, and leaves what it does not know", () => {
  const { given } = read({
    sections: { cloudy: { role: "$(TEAM)-$(NONE)", region: ["$(TEAM)"] } },
    env: { TEAM: "blue" },
  });
  assert.deepEqual(given.get("cloudy-role")?.texts, ["blue-$(NONE)"]);
  assert.deepEqual(given.get("cloudy-region")?.texts, ["blue"]);
});

Deno.test("parseWorkerDocument: overrides are stronger, and lists in them stand between commas", () => {
  const { given } = read({
    sections: { cloudy: { region: ["old"], role: "old" }, fixworker: { timeout: 5 } },
    overrides: [
      "cloudy.region=a, b",
      "cloudy.role=x=y,z",
      "fixworker.pool_size=7",
      "fixworker.fork_process=false",
    ],
  });
  assert.deepEqual(given.get("cloudy-region"), {
    texts: ["a", "b"],
    origin: "--override cloudy.region",
    source: "core",
  });
  assert.deepEqual(given.get("cloudy-role")?.texts, ["x=y,z"]);
  assert.equal(configureWith({ document: given }).settings.pool_size, 7);
  assert.equal(configureWith({ document: given }).settings.timeout, 5);
});

Deno.test("parseWorkerDocument: an override that changes nothing is an error, without its value", () => {
  const cases: readonly (readonly [string, RegExp, RegExp])[] = [
    ["cloudy=secret", /must be section\.key=value$/, /^$/],
    ["secret", /must be section\.key=value$/, /^$/],
    ["cloudy.rol=secret", /^--override cloudy\.rol: unknown key$/, /Did you mean role\?/],
    ["fixworker.pool_sise=secret", /pool_sise: unknown key$/, /Did you mean pool_size\?/],
    ["azure.x=secret", /^--override azure\.x: unknown key$/, /a plugin's name/],
  ];
  for (const [override, message, hint] of cases) {
    assert.throws(() => read({ overrides: [override] }), (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, message);
      assert.match(error.hint ?? "", hint);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  }
});

function read(document: Partial<WorkerDocument>) {
  const whole = { name: "fix.worker", sections: {}, overrides: [], env: {}, ...document };
  return parseWorkerDocument(whole, SETS);
}
