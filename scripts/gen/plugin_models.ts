import type { Model } from "../../lib/model/mod.ts";

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

/** Text of a file of this repository, or undefined where there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
