import { z } from "zod";
import * as ckworker from "../../../mod.ts";
import { lockdown, refuseImports } from "./lockdown.ts";

/** What a third-party plugin's default export is handed: this SDK, and zod for its options. */
const SDK = Object.freeze({ ...ckworker, z });

// A plugin's schemas must do without compiled code, which the lockdown forbids.
z.config({ jitless: true });

ckworker.serveGuest({
  load: async (start) => {
    const { manifest, collector } = await loadPlugin(start.source ?? "");
    return ckworker.bindOptions(collector, manifest.options.parse(start.options));
  },
  inspect: async (source, options) => {
    const { manifest, model, calls } = await loadPlugin(source);
    // The host says what is wrong with any other type; its manifest has another form.
    if (manifest.type !== "collector") return { type: manifest["type"] };
    const nothingSeen = { env: {}, files: {} };
    return {
      name: manifest.name,
      type: manifest.type,
      description: manifest.description,
      clouds: manifest.clouds,
      onlyWhenNamed: manifest.onlyWhenNamed ?? false,
      options: z.toJSONSchema(manifest.options, { io: "input" }),
      permissions: manifest.permissions(manifest.options.parse(options), nothingSeen),
      model,
      calls,
    };
  },
});

/** Runs a plugin's text, which the host read and checked: the guest itself may read no file. */
async function loadPlugin(source: string): Promise<ckworker.ExternalPlugin> {
  refuseImports(source);
  lockdown();
  const { default: define } = await importText(source);
  if (typeof define !== "function") {
    throw new ckworker.PluginError("The plugin's default export is no function", {
      hint: "Export default (sdk) => ({ manifest, model, calls, collector }).",
    });
  }
  return await define(SDK);
}

/** A data URL is the one kind of module that needs no right and works in a compiled binary, too. */
async function importText(source: string): Promise<{ readonly default?: unknown }> {
  // The name that stack traces show in the place of the whole text.
  const named = new TextEncoder().encode(`${source}\n//# sourceURL=plugin.js\n`);
  const url = `data:text/javascript;base64,${named.toBase64()}`;
  try {
    return await import(url);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    error.message = error.message.replaceAll(url, "plugin.js");
    throw error;
  }
}
