import assert from "node:assert/strict";
import { z } from "zod";
import {
  type Configuration,
  configure,
  CORE,
  type GivenOptions,
  optionSet,
  pluginOptionSet,
} from "../../../lib/config/mod.ts";
import { ConfigError } from "../../../lib/errors/mod.ts";
import { CLOUDY } from "../../support/cli_plugins.ts";

/** Options of the test plugin. */
export const CLOUDY_OPTIONS = pluginOptionSet(CLOUDY.manifest);

/** What a test configures with. */
export interface Given {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly document?: GivenOptions;
}

/** Configures as a collecting command with the test plugin does. */
export function configureWith(
  { args = [], env = {}, files = {}, document = new Map() }: Given,
): Configuration {
  return configure({ args, env, readText: (path) => readFrom(files, path), document }, {
    core: CORE.options,
    command: optionSet(z.object({}), { group: "Options" }),
    plugins: [CLOUDY_OPTIONS],
    known: CLOUDY_OPTIONS.options,
  });
}

/** The error that a configuration ends in. */
export function configError(given: Given): ConfigError {
  try {
    configureWith(given);
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError, String(thrown));
    return thrown;
  }
  throw new assert.AssertionError({ message: `no error from ${JSON.stringify(given)}` });
}

/** Reads from files in memory. */
export function readFrom(files: Readonly<Record<string, string>>, path: string): string {
  const text = files[path];
  if (text === undefined) throw new Deno.errors.NotFound("No such file or directory");
  return text;
}
