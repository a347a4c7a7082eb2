import { z } from "zod";
import * as ckworker from "../../../mod.ts";

/** What a third-party plugin's default export is handed: this SDK, and zod for its options. */
const SDK = Object.freeze({ ...ckworker, z });

ckworker.serveGuest({
  load: async (start) => {
    const { manifest, collector } = await loadPlugin(start.source ?? "");
    return ckworker.bindOptions(collector, manifest.options.parse(start.options));
  },
  inspect: async (source, options) => {
    const { manifest, model, calls } = await loadPlugin(source);
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
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    const { default: define } = await import(url);
    if (typeof define !== "function") {
      throw new ckworker.PluginError("The plugin's default export is no function", {
        hint: "Export default (sdk) => ({ manifest, model, calls, collector }).",
      });
    }
    return await define(SDK);
  } finally {
    URL.revokeObjectURL(url);
  }
}
