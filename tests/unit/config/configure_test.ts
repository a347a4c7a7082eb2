import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import {
  configure,
  CORE,
  nearest,
  optionSet,
  pluginOptionSet,
  preview,
  Secret,
} from "../../../lib/config/mod.ts";
import { configError, configureWith, readFrom } from "./support.ts";

const NUMBER = fc.integer({ min: 1, max: 1000 });

Deno.test("configure: the strongest source wins, whichever others there are", () => {
  const maybe = fc.option(NUMBER, { nil: undefined });
  fc.assert(fc.property(maybe, maybe, maybe, (flag, variable, file) => {
    const { settings } = configureWith({
      args: ["--config", "/c", ...(flag === undefined ? [] : ["--pool-size", String(flag)])],
      env: variable === undefined ? {} : { CKWORKER_POOL_SIZE: String(variable) },
      files: { "/c": file === undefined ? "" : `pool-size: ${file}` },
    });
    assert.equal(settings.pool_size, flag ?? variable ?? file ?? 5);
  }));
});

Deno.test("configure: a list of a stronger source replaces the weaker one's", () => {
  const { settings } = configureWith({
    args: ["--collector", "a", "--config", "/c"],
    env: { CKWORKER_COLLECTOR: "b c" },
    files: { "/c": "collector: [d, e]" },
  });
  assert.deepEqual(settings.collector, ["a"]);
});

Deno.test("configure: an empty variable hides the file's value and means the default", () => {
  const { settings } = configureWith({
    args: ["--config", "/c"],
    env: { CKWORKER_STORE: "", CKWORKER_COLLECTOR: "" },
    files: { "/c": "store: /x.db\ncollector: aws" },
  });
  assert.equal(settings.store, undefined);
  assert.deepEqual(settings.collector, []);
});

Deno.test("configure: a list ends at the next token that starts with a dash", () => {
  const { settings, positionals } = configureWith({
    args: ["first", "--collector", "aws", "gcp", "--once", "second", "--", "--third"],
  });
  assert.deepEqual(settings.collector, ["aws", "gcp"]);
  assert.equal(settings.once, true);
  assert.deepEqual(positionals, ["first", "second", "--third"]);
});

Deno.test("configure: a flag given twice: the last counts, lists add up", () => {
  const { settings } = configureWith({
    args: ["--pool-size", "1", "--collector", "a", "--pool-size=2", "--collector=b"],
  });
  assert.equal(settings.pool_size, 2);
  assert.deepEqual(settings.collector, ["a", "b"]);
});

Deno.test("configure: any list survives as a flag, a variable or numbered variables", () => {
  const word = fc.stringMatching(/^[a-z0-9_.:/]{1,12}$/);
  fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
    const numbered = words.map((word, at) => [`CKWORKER_COLLECTOR${at * 40}`, word]);
    for (
      const given of [
        { args: ["--collector", ...words] },
        { env: { CKWORKER_COLLECTOR: words.join(" ") } },
        { env: Object.fromEntries(numbered) },
      ]
    ) assert.deepEqual(configureWith(given).settings.collector, words);
  }));
});

Deno.test("configure: numbered variables are in numeric order, unsplit, up to 254", () => {
  const { settings } = configureWith({
    env: {
      CKWORKER_COLLECTOR10: "ten",
      CKWORKER_COLLECTOR2: "two words",
      CKWORKER_COLLECTOR254: "last",
      CKWORKER_COLLECTOR255: "beyond",
    },
  });
  assert.deepEqual(settings.collector, ["two words", "ten", "last"]);
});

Deno.test("configure: lists of choices may be separated by commas", () => {
  const { settings } = configureWith({ args: ["--accept", "denied,failed", "partial"] });
  assert.deepEqual(settings.accept, ["denied", "failed", "partial"]);
  assert.match(configError({ args: ["--accept", "denied,x"] }).message, /, not "x"$/);
});

Deno.test("configure: booleans in every spelling, as flag, variable and file key", () => {
  for (const [word, value] of [["true", true], ["1", true], ["Yes", true], ["ON", true]] as const) {
    assert.equal(configureWith({ env: { CKWORKER_FORK: word } }).settings.fork, value);
  }
  for (const word of ["false", "0", "NO", "Off"]) {
    assert.equal(configureWith({ args: [`--fork=${word}`] }).settings.fork, false);
    assert.equal(configureWith({ env: { CKWORKER_FORK: word } }).settings.fork, false);
    const files = { "/c": `fork: ${word}` };
    assert.equal(configureWith({ args: ["--config", "/c"], files }).settings.fork, false);
  }
});

Deno.test("configure: a boolean flag does not take the word behind it", () => {
  const { settings, positionals } = configureWith({ args: ["--fork", "false"] });
  assert.equal(settings.fork, true);
  assert.deepEqual(positionals, ["false"]);
});

Deno.test("configure: every unique prefix of a flag stands for it, every other is refused", () => {
  const names = [...CORE.options.map(({ name }) => name)];
  fc.assert(fc.property(fc.constantFrom(...names), fc.nat(30), (name, length) => {
    const prefix = name.slice(0, Math.max(1, length));
    const matching = [...names, ...CLOUDY_NAMES].filter((each) => each.startsWith(prefix));
    const { problems } = readFlag(prefix);
    if (matching.length === 1 || matching.includes(prefix)) assert.equal(problems, undefined);
    else assert.match(problems ?? "", /is short for several: /);
  }));
});

const CLOUDY_NAMES = ["region", "role-override", "page-size", "role", "partition", "collect", "key"]
  .map((name) => `cloudy-${name}`);

/** Whether a flag is understood, told by the message about its name. */
function readFlag(name: string): { readonly problems: string | undefined } {
  try {
    configureWith({ args: [`--${name}=1`] });
    return { problems: undefined };
  } catch (thrown) {
    const message = String(thrown);
    return { problems: /unknown flag|is short for/.test(message) ? message : undefined };
  }
}

Deno.test("configure: an unknown flag is refused with the nearest one", () => {
  const error = configError({ args: ["--stroe", "x"] });
  assert.equal(error.message, "unknown flag --stroe");
  assert.equal(error.hint, "Did you mean --store?");
  assert.match(configError({ args: ["--xyzzyxyzzy"] }).hint ?? "", /--help/);
  assert.equal(configError({ args: ["-x"] }).message, "unknown flag -x");
});

Deno.test("configure: a flag without its value is refused, also before another flag", () => {
  for (const args of [["--store"], ["--store", "--once"], ["--collector"], ["--pool-size", "-3"]]) {
    assert.match(configError({ args }).message, /^--[a-z-]+ needs a value$/);
  }
});

Deno.test("configure: a value that starts with a dash is given behind an equals sign", () => {
  assert.equal(configureWith({ args: ["--store=-x"] }).settings.store, "-x");
});

Deno.test("configure: a flag of another command is named as such", () => {
  const accepted = {
    core: CORE.options.filter(({ everywhere }) => everywhere),
    command: optionSet(z.object({}), { group: "Options" }),
    plugins: [],
    known: [],
  };
  const input = { args: ["--pool-size", "3"], env: {}, readText: () => "" };
  assert.throws(() => configure(input, accepted), /--pool-size does not belong to this command/);
});

Deno.test("configure: variables of options that a command does not take are not read", () => {
  const accepted = {
    core: CORE.options.filter(({ everywhere }) => everywhere),
    command: optionSet(z.object({}), { group: "Options" }),
    plugins: [],
    known: [],
  };
  const env = { CKWORKER_POOL_SIZE: "abc", CKWORKER_CLEANUP: "true" };
  configure({ args: [], env, readText: () => "" }, accepted);
});

Deno.test("configure: --verbose and --quiet exclude each other", () => {
  assert.match(configError({ args: ["--verbose", "--quiet"] }).message, /exclude each other/);
  assert.match(configError({ args: ["-v"], env: { CKWORKER_QUIET: "1" } }).message, /exclude/);
});

Deno.test("configure: limits of a plugin's schema name the flag or variable at fault", () => {
  assert.equal(
    configError({ args: ["--cloudy-page-size", "501"] }).message,
    "--cloudy-page-size must be at most 500",
  );
  assert.equal(
    configError({ env: { CKWORKER_CLOUDY_PAGE_SIZE: "0" } }).message,
    "CKWORKER_CLOUDY_PAGE_SIZE must be at least 1",
  );
});

Deno.test("configure: broken rules of a schema as a whole name the plugin", () => {
  const schema = z.object({ a: z.boolean().default(false) }).refine(() => false, "cannot be");
  const accepted = {
    core: CORE.options,
    command: optionSet(z.object({}), { group: "Options" }),
    plugins: [pluginOptionSet({ name: "odd", options: schema })],
    known: [],
  };
  const input = { args: [], env: {}, readText: () => "" };
  assert.throws(() => configure(input, accepted), /options of odd cannot be/);
});

Deno.test("configure: unknown, broken and nested files are refused with their line", () => {
  const cases = [
    ["fork: true\nstroe: x\n", "/c:2: stroe: unknown key"],
    ["help: true\n", "/c:1: help: unknown key"],
    ["fork: true\nfork: false\n", /^\/c:2: .*unique/],
    ["fork: [\n", /^\/c:\d+: /],
    ["- a\n", "/c:1: this is no list of options"],
    ["just text", "/c:1: this is no list of options"],
    ["fork:\n  deep: true\n", "/c:1: fork: must be one value"],
    ["store: [a, b]\n", "/c:1: store: must be one value"],
    ["collector:\n  - {a: b}\n", "/c:1: collector: must be a value or a list of values"],
  ] as const;
  for (const [text, expected] of cases) {
    const { message } = configError({ args: ["--config", "/c"], files: { "/c": text } });
    if (typeof expected === "string") assert.equal(message, expected);
    else assert.match(message, expected);
  }
});

Deno.test("configure: a file's key that is mistyped gets a suggestion", () => {
  const error = configError({ args: ["--config", "/c"], files: { "/c": "cloudy_role: x" } });
  assert.equal(error.hint, "Did you mean cloudy-role?");
});

Deno.test("configure: a file keeps leading zeros and takes comments, aliases and emptiness", () => {
  const files = {
    "/c": "# mine\ncloudy-region: [&a 012345678901, *a]\nkeep-runs: 3 # few\ncollector:\n",
  };
  const { plugins, settings } = configureWith({ args: ["--config", "/c"], files });
  assert.equal(settings.keep_runs, 3);
  assert.deepEqual(settings.collector, []);
  assert.deepEqual(plugins.get("cloudy")?.region, ["012345678901", "012345678901"]);
  configureWith({ args: ["--config", "/c"], files: { "/c": "" } });
  configureWith({ args: ["--config", "/c"], files: { "/c": "# only a comment\n" } });
});

Deno.test("configure: a file's alias of nothing is an error with its line", () => {
  const files = { "/c": "pool-size: 3\ncloudy-region: *nope\n" };
  const { message } = configError({ args: ["--config", "/c"], files });
  assert.equal(message, "/c:2: cloudy-region: nothing is named &nope");
});

Deno.test("configure: a file that cannot be read names the file and who asked for it", () => {
  assert.match(configError({ args: ["--config", "/no"] }).message, /^--config: cannot read \/no: /);
  const error = configError({ env: { CKWORKER_CONFIG: "/no" } });
  assert.match(error.message, /^CKWORKER_CONFIG: cannot read \/no: /);
});

Deno.test("configure: a secret comes from flag, variable or file, is reported and warned about", () => {
  const flag = configureWith({ args: ["--cloudy-key", "hunter22"] });
  assert.equal(flag.plugins.get("cloudy")?.key, "hunter22");
  assert.deepEqual(flag.secrets.map((secret) => secret.reveal()), ["hunter22"]);
  assert.equal(flag.warnings.length, 1);
  assert.match(flag.warnings[0] ?? "", /--cloudy-key-file or CKWORKER_CLOUDY_KEY/);
  assert.ok(!flag.warnings.join().includes("hunter22"));
  const files = { "/key": "hunter22\n", "/other": "other222" };
  for (
    const given of [
      { env: { CKWORKER_CLOUDY_KEY: "hunter22" } },
      { args: ["--cloudy-key-file", "/key"], files },
      { env: { CKWORKER_CLOUDY_KEY_FILE: "/key" }, files },
      { env: { CKWORKER_CLOUDY_KEY_FILE: "/key", CKWORKER_CLOUDY_KEY: "" }, files },
      { args: ["--cloudy-key-file", "/key"], env: { CKWORKER_CLOUDY_KEY: "other222" }, files },
    ]
  ) {
    const { plugins, secrets, warnings } = configureWith(given);
    assert.equal(plugins.get("cloudy")?.key, "hunter22");
    assert.ok(secrets.some((secret) => secret.reveal() === "hunter22"));
    assert.deepEqual(warnings, []);
  }
});

Deno.test("configure: a secret's file that cannot be read is an error that names the flag", () => {
  assert.match(
    configError({ args: ["--cloudy-key-file", "/no"] }).message,
    /^--cloudy-key-file: cannot read \/no/,
  );
});

Deno.test("Secret: string, JSON and inspect forms hide the value", () => {
  const secret = new Secret("hunter22");
  const forms = [`${secret}`, JSON.stringify({ secret }), Deno.inspect({ secret }), secret + ""];
  for (const form of forms) {
    assert.ok(form.includes("[secret]"), form);
    assert.ok(!form.includes("hunter22"), form);
  }
  assert.equal(secret.reveal(), "hunter22");
});

Deno.test("preview: reads what decides which options there are and minds nothing else", () => {
  const files = { "/c": "collector: filed\nunknown: x\n" };
  const readText = (path: string) => readFrom(files, path);
  const args = ["--cloudy-role", "x", "--pool-size", "abc", "--coll", "aws", "gcp", "-h", "--nope"];
  const first = preview({ args, env: {}, readText });
  assert.deepEqual(first.collector, ["aws", "gcp"]);
  assert.equal(first.help, true);
  assert.equal(first.version, false);
  assert.deepEqual(preview({ args: ["--config=/c"], env: {}, readText }).collector, ["filed"]);
  assert.deepEqual(preview({ args: ["--config=/no"], env: {}, readText }).collector, []);
  const env = { CKWORKER_COLLECTOR0: "a", CKWORKER_VERBOSE: "true", CKWORKER_PLUGIN: "x.js" };
  const fromEnv = preview({ args: [], env, readText });
  assert.deepEqual(fromEnv.collector, ["a"]);
  assert.equal(fromEnv.verbose, true);
  assert.deepEqual(fromEnv.plugin, ["x.js"]);
});

Deno.test("optionSet: reads type, choices, default, help and meta of every kind of schema", () => {
  const { options } = optionSet(
    z.object({
      a: z.string().describe("A").optional(),
      b: z.number().default(1.5).describe("B"),
      c: z.array(z.enum(["x", "y"])).optional(),
      d: z.enum(["x", "y"]).optional().meta({ short: "d", group: "Mine" }),
    }),
    { plugin: "p", group: "G" },
  );
  assert.deepEqual(options.map(({ name, type }) => `${name}:${type}`), [
    "p-a:string",
    "p-b:number",
    "p-c:list",
    "p-d:string",
  ]);
  assert.deepEqual(options.map(({ choices }) => choices), [undefined, undefined, ["x", "y"], [
    "x",
    "y",
  ]]);
  assert.deepEqual(options.map(({ help }) => help), ["A", "B", "", ""]);
  assert.deepEqual([options[1]?.default, options[3]?.short, options[3]?.group], [1.5, "d", "Mine"]);
});

Deno.test("nearest: finds slips of one or two letters and nothing far away", () => {
  const words = ["--store", "--once", "--collector"];
  assert.equal(nearest("--stroe", words), "--store");
  assert.equal(nearest("--oncee", words), "--once");
  assert.equal(nearest("--colector", words), "--collector");
  assert.equal(nearest("--kubernetes", words), undefined);
  assert.equal(nearest("x", []), undefined);
});

Deno.test("configure: spans of time that no timer or calendar holds are refused", () => {
  for (const args of [["--timeout", "2147484"], ["--keep-history", "999999w"]]) {
    assert.match(configError({ args }).message, /^--(timeout|keep-history) must be/);
  }
  assert.equal(configureWith({ args: ["--timeout", "2147483"] }).settings.timeout, 2_147_483);
});
