import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import {
  collectOnce,
  type CollectPorts,
  type CollectRequest,
  type RunSummary,
} from "../../lib/collect/mod.ts";
import { uploadProblems } from "./fake_core.ts";

/**
 * Collects, and lets what a core would be told pass the rules by which a core takes or refuses it:
 * whatever a plugin met, its graph must never be one that is refused. The dumps lie beside the store.
 */
export async function collectChecked(
  request: CollectRequest,
  ports?: CollectPorts,
): Promise<RunSummary> {
  const folder = dirname(request.store.path);
  const summary = await collectOnce({ ...request, dumpJson: folder }, ports);
  const read = (name: string) => Deno.readTextFile(join(folder, `${name}.dump.json`));
  const [model, graph] = await Promise.all([read("model"), read("graph")]);
  // Of what nothing was collected nothing is uploaded.
  if (graph.trimEnd().includes("\n")) assert.deepEqual(uploadProblems(model, graph), []);
  return summary;
}
