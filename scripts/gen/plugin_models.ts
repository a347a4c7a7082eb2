import reserved from "../../lib/model/reserved_properties.json" with { type: "json" };
import {
  buildRegistry,
  checkModel,
  type Kind,
  type Model,
  type PropertyType,
} from "../../lib/model/mod.ts";

/** Models of all plugins by plugin name, sorted; a folder without a model is no plugin yet. */
export async function pluginModels(): Promise<ReadonlyMap<string, Model>> {
  const names: string[] = [];
  for await (const entry of Deno.readDir("plugins")) if (entry.isDirectory) names.push(entry.name);
  const models = new Map<string, Model>();
  for (const name of names.sort()) {
    const text = await readIfThere(`plugins/${name}/model.json`);
    if (text !== undefined) models.set(name, JSON.parse(text));
  }
  return models;
}

/**
 * Checks kinds that are generated anew together with those of all other plugins.
 * @throws Error when a core would refuse them
 */
export async function checkBesideOthers(plugin: string, kinds: readonly Kind[]): Promise<void> {
  const models = await pluginModels();
  const others = [...models].filter(([name]) => name !== plugin).flatMap(([, { kinds }]) => kinds);
  const [problem] = checkModel([...others, ...kinds]);
  if (problem !== undefined) throw new Error(problem.message);
}

/**
 * Types of property names that are taken: released ones and those that are kept for plugins to come.
 * @param kinds further ones that have names of their own
 */
export async function takenNames(kinds: readonly Kind[]): Promise<Map<string, PropertyType>> {
  const released = JSON.parse(await readIfThere("lib/model/property_registry.json") ?? "{}");
  return new Map(buildRegistry(new Map(Object.entries(released)), reserved, kinds));
}

/** Text of a file of this repository, or undefined where there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
