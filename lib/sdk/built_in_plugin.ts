import type { z } from "zod";
import type { Call, Model } from "../model/mod.ts";
import type { Manifest } from "./manifest.ts";
import type { PluginEntry } from "./plugin.ts";
import { callsSchema, modelSchema } from "./plugin_schema.ts";

/**
 * Entry of a plugin that is part of the program.
 * @param model contents of its `model.json`, read when the entry's model is first asked for
 * @param calls contents of its `calls.json`, the same
 */
export function builtInPlugin<Options extends z.ZodObject>(
  manifest: Manifest<Options>,
  model: unknown,
  calls: unknown,
): PluginEntry {
  let readModel: Model | undefined;
  let readCalls: readonly Call[] | undefined;
  return {
    manifest,
    get model() {
      return readModel ??= modelSchema.parse(model);
    },
    get calls() {
      return readCalls ??= callsSchema.parse(calls);
    },
    source: { type: "built-in", name: manifest.name },
  };
}
