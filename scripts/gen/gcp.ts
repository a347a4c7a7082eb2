import { KindIndex, type Model } from "../../lib/model/mod.ts";
import { BASE_KINDS } from "../../plugins/gcp/engine/base.ts";
import { listsOf } from "../../plugins/gcp/engine/lists.ts";
import type { Resource } from "../../plugins/gcp/resource.ts";
import { callsOf } from "./gcp/calls.ts";
import { DeclaredKinds } from "./gcp/declared_kinds.ts";
import { serviceFacts } from "./gcp/facts.ts";
import { operationsOf } from "./gcp/operations.ts";
import { declaredIn, listModule } from "./declarations.ts";
import { jsonText } from "./json_text.ts";
import { checkBesideOthers, takenNames } from "./plugin_models.ts";

const FOLDER = "plugins/gcp/resources";
/** What `--gcp-no-collect` takes beside listings. */
const OPTIONALS = ["quotas"] as const;

/** Everything of the gcp plugin that follows from its declarations and the published descriptions. */
export async function generate(): Promise<ReadonlyMap<string, string>> {
  const modules = await declaredIn(FOLDER, isResource);
  const resources = modules.map(({ resource }) => resource);
  checkLists(resources);
  const derived = new DeclaredKinds(resources, await takenNames(BASE_KINDS)).derive();
  await checkBesideOthers("gcp", derived.kinds);
  new KindIndex(derived.kinds);
  const collectors = resources.flatMap(({ collector }) => collector ?? []);
  const model: Model = { kinds: derived.kinds };
  return new Map([
    [
      `${FOLDER}/mod.ts`,
      listModule(modules, "All kinds of the plugin that have objects of their own."),
    ],
    ["plugins/gcp/model.json", jsonText(model)],
    ["plugins/gcp/calls.json", jsonText(callsOf(resources))],
    ["plugins/gcp/operations.json", jsonText(operationsOf(resources))],
    ["plugins/gcp/catalog.json", jsonText([...collectors, ...OPTIONALS].sort())],
    ["plugins/gcp/mapping.json", jsonText(derived.mapping)],
  ]);
}

function checkLists(resources: readonly Resource[]): void {
  for (const resource of resources) {
    const { operations } = serviceFacts(resource.service);
    const lists = listsOf(resource, (operation) => operation in operations);
    if (lists.length === 0 && resource.source === undefined) {
      throw new Error(`${resource.kind}: facts.json has no list of ${resource.collections}`);
    }
  }
}

function isResource(value: unknown): value is Resource {
  return typeof value === "object" && value !== null && "collections" in value && "schema" in value;
}
