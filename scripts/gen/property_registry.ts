import reserved from "../../lib/model/reserved_properties.json" with { type: "json" };
import { buildRegistry } from "../../lib/model/mod.ts";
import { pluginModels, readIfThere } from "./plugin_models.ts";

const PATH = "lib/model/property_registry.json";

/** The property registry: what was released, and what base kinds and plugins have now. */
export async function generate(): Promise<ReadonlyMap<string, string>> {
  const released: Record<string, string> = JSON.parse(await readIfThere(PATH) ?? "{}");
  const models = await pluginModels();
  const registry = buildRegistry(
    new Map(Object.entries(released)),
    reserved,
    [...models.values()].flatMap((model) => model.kinds),
  );
  const sorted = Object.fromEntries([...registry].sort(([a], [b]) => a < b ? -1 : 1));
  return new Map([[PATH, `${JSON.stringify(sorted, null, 2)}\n`]]);
}
