import assert from "node:assert/strict";
import { CORE, type Option } from "../../../lib/config/mod.ts";
import { CLOUDY_OPTIONS, configError, configureWith, type Given } from "./support.ts";

/** A file for every option that names one. */
const FILES = { "/some/file": "" };

/** Every option but those that a run of the command line answers before it reads values. */
const OPTIONS = [...CORE.options, ...CLOUDY_OPTIONS.options]
  .filter(({ name }) => name !== "config" && !name.endsWith("-file"));

/** The three places an option can be given, as a function of its text. */
const PLACES: Readonly<Record<string, (option: Option, text: string) => Given>> = {
  flag: ({ name }, text) => ({ args: [`--${name}=${text}`] }),
  variable: ({ env = "" }, text) => ({ env: { [env]: text } }),
  file: ({ name }, text) => ({
    args: ["--config", "/c.yaml"],
    files: { "/c.yaml": `# comment\n${name}: ${JSON.stringify(text)}\n` },
  }),
};

/** How an error names the place. */
function originOf(place: string, { name, env }: Option): string {
  return place === "flag" ? `--${name}` : place === "variable" ? env ?? "" : `/c.yaml:2: ${name}`;
}

function placesOf(option: Option): readonly string[] {
  return option.env === undefined ? ["flag"] : Object.keys(PLACES);
}

function given(place: string, option: Option, text: string): Given {
  const base = PLACES[place]?.(option, text) ?? {};
  return { ...base, files: { ...FILES, ...base.files } };
}

/** Legal texts of options that do not take any. */
const GOOD_TEXTS: Readonly<Record<string, string>> = {
  "cleanup-max": "5%",
  "keep-history": "12h",
  "max-age": "2d",
  "web-path": "/x",
  "override": "aws.role=x",
};

/** A text that is legal and differs from the default. */
function goodText(option: Option): string {
  switch (option.type) {
    case "boolean":
      return "yes";
    case "integer":
    case "number":
      return "7";
    default:
      return option.choices?.find((choice) => choice !== option.default) ??
        GOOD_TEXTS[option.name] ?? "some-text";
  }
}

function expectedOf(option: Option): unknown {
  if (option.type === "boolean") return true;
  if (option.type === "integer" || option.type === "number") return 7;
  return option.type === "list" ? [goodText(option)] : goodText(option);
}

function valueFrom(option: Option, from: Given): unknown {
  const { settings, plugins } = configureWith(from);
  const values: Readonly<Record<string, unknown>> = CORE.options.includes(option)
    ? settings
    : plugins.get("cloudy") ?? {};
  return values[option.key];
}

for (const option of OPTIONS) {
  for (const place of placesOf(option)) {
    Deno.test(`options: --${option.name} takes a good value from a ${place}`, () => {
      const from = given(place, option, goodText(option));
      assert.deepEqual(valueFrom(option, from), expectedOf(option));
    });

    Deno.test(`options: --${option.name} treats an empty value from a ${place} by its type`, () => {
      const from = given(place, option, "");
      if (option.type === "list") assert.deepEqual(valueFrom(option, from), []);
      else if (option.type === "string" && option.choices === undefined) {
        assert.deepEqual(valueFrom(option, from), option.default);
      } else {
        const error = configError(from);
        assert.ok(error.message.startsWith(`${originOf(place, option)} must be `), error.message);
        assert.match(error.message, /, but is empty$/);
      }
    });

    if (option.type === "string" && option.choices === undefined) continue;
    if (option.type === "list" && option.choices === undefined) continue;
    Deno.test(`options: --${option.name} refuses a bad value from a ${place}`, () => {
      for (const bad of badTexts(option)) {
        const error = configError(given(place, option, bad));
        assert.ok(error.message.startsWith(`${originOf(place, option)} must be `), error.message);
      }
    });
  }
}

function badTexts({ type }: Option): readonly string[] {
  switch (type) {
    case "boolean":
      return ["maybe", "2", "truee", "null"];
    case "integer":
      return ["abc", "1.5", "1e3", "0x10", "12 34", "-3", "0", "99999999999999999999", "NaN"];
    default:
      return ["nonsense"];
  }
}

Deno.test("options: names, keys and variables are unique and derive from each other", () => {
  for (const key of ["name", "key", "env", "short"] as const) {
    const values = CORE.options.flatMap((option) => option[key] ?? []);
    assert.equal(new Set(values).size, values.length, key);
  }
  for (const { name, key, env, flagOnly } of OPTIONS) {
    assert.ok(name.endsWith(key.replaceAll("_", "-")));
    if (!flagOnly) assert.equal(env, `CKWORKER_${name.replaceAll("-", "_").toUpperCase()}`);
  }
});

Deno.test("options: every one has help that neither ends in a full stop nor starts small", () => {
  for (const { name, help } of CORE.options) assert.match(help, /^[A-Z].*[^.]$/, name);
});

Deno.test("options: variables of later generations of the worker count where ours is absent", () => {
  const env = {
    FIXWORKER_PSK: "fix",
    RESOTOWORKER_RESOTOCORE_URI: "https://old",
    CKWORKER_FORK: "1",
  };
  const { settings } = configureWith({ env: { ...env, FIXWORKER_FORK: "false" } });
  assert.equal(settings.psk, "fix");
  assert.equal(settings.fixcore_uri, "https://old");
  assert.equal(settings.fork, true);
});

Deno.test("options: one without effect is taken, and its use is told", () => {
  const { warnings } = configureWith({ args: ["--event-timeout", "5"] });
  assert.deepEqual(warnings, ["--event-timeout: has no effect"]);
  assert.deepEqual(configureWith({}).warnings, []);
});

/** Flags of the original worker with their defaults; a computed one is told in words. */
const ORIGINAL: Readonly<Record<string, unknown>> = {
  "machine-help": false,
  psk: undefined,
  verbose: false,
  quiet: false,
  "ignore-deferred-connections": false,
  fork: false,
  "pool-size": 5,
  cleanup: false,
  "cleanup-pool-size": 10,
  "cleanup-dry-run": false,
  "ckcore-uri": "http://localhost:8900",
  "ckcore-ws-uri": "that of --ckcore-uri",
  "ckcore-graph": "ck, or fix at a fixcore",
  "debug-dump-json": false,
  "ckcore-subscriber-id": "worker",
  "web-path": "/",
  collector: [],
  "event-timeout": 900,
  timeout: 10_800,
  "web-port": 9956,
  "web-host": "::",
};

Deno.test("options: every flag of the original worker is declared with its default", () => {
  for (const [name, expected] of Object.entries(ORIGINAL)) {
    const option = CORE.options.find((candidate) => candidate.name === name);
    assert.ok(option, name);
    assert.deepEqual(option.default ?? option.defaultText, expected, name);
  }
});
