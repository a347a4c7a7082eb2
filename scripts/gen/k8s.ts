import {
  type Call,
  chooseName,
  type Kind,
  type Property,
  type PropertyType,
} from "../../lib/model/mod.ts";
import {
  ACCOUNT_KIND,
  BASE_KINDS,
  pythonType,
  QUALIFIED_NAME,
} from "../../plugins/k8s/engine/base.ts";
import type { DescribedField } from "../../lib/sdk/mod.ts";
import { CHANGES, type DeclaredProperty, type Resource } from "../../plugins/k8s/resource.ts";
import { permissionOf } from "../../plugins/k8s/engine/calls.ts";
import { snakeCase } from "./aws/names.ts";
import { typeAt } from "./k8s/facts.ts";
import { Structures } from "./k8s/structures.ts";
import { declaredIn, listModule } from "./declarations.ts";
import { jsonText } from "./json_text.ts";
import { checkBesideOthers, takenNames } from "./plugin_models.ts";

const FOLDER = "plugins/k8s/resources";

/** Everything of the k8s plugin that follows from its declarations and the published description. */
export async function generate(): Promise<ReadonlyMap<string, string>> {
  const modules = await declaredIn(FOLDER, isResource);
  const resources = modules.map(({ resource }) => resource);
  const { kinds, mapping, structures } = derive(resources, await takenNames(BASE_KINDS));
  await checkBesideOthers("k8s", kinds);
  return new Map([
    [`${FOLDER}/mod.ts`, listModule(modules, "All listings of the plugin.")],
    ["plugins/k8s/model.json", jsonText({ kinds })],
    ["plugins/k8s/calls.json", jsonText(callsOf(resources))],
    ["plugins/k8s/catalog.json", jsonText(resources.map(({ collector }) => collector).sort())],
    ["plugins/k8s/mapping.json", jsonText({ kinds: mapping, structures })],
  ]);
}

interface Derived {
  readonly kinds: readonly Kind[];
  readonly mapping: Readonly<Record<string, readonly DescribedField[]>>;
  readonly structures: Readonly<Record<string, readonly DescribedField[]>>;
}

function derive(resources: readonly Resource[], registry: Map<string, PropertyType>): Derived {
  const structures = new Structures(registry);
  const mapping: Record<string, readonly DescribedField[]> = {};
  const kinds = resources.map((resource): Kind => {
    const derived = resource.properties.map((declared) =>
      property(resource, typeof declared === "string" ? { path: declared } : declared)
    );
    mapping[resource.kind] = derived.map(({ field }) => field);
    return {
      name: resource.kind,
      bases: resource.bases,
      properties: derived.map(({ property }) => property),
      pythonType: pythonType(resource.kind, resource.pythonModule),
      targets: [QUALIFIED_NAME],
      ...(resource.volatile === undefined ? {} : { volatile: resource.volatile }),
      changes: CHANGES,
      description: resource.description,
    };
  });
  return {
    kinds: [...BASE_KINDS, ...kinds, ...structures.kinds],
    mapping,
    structures: structures.mapping,
  };

  function property(
    { kind, definition }: Resource,
    declared: DeclaredProperty,
  ): { readonly property: Property; readonly field: DescribedField } {
    const { path, as, sensitive, volatile, default: value } = declared;
    const type = structures.resolve(typeAt(definition, path), 0);
    const wanted = as ?? snakeCase(path.slice(path.lastIndexOf(".") + 1));
    const name = chooseName(registry, kind, wanted, type.registered);
    registry.set(name, type.registered);
    return {
      property: {
        name,
        type: type.property,
        ...(value === undefined ? {} : { default: value }),
        ...(volatile === true ? { volatile } : {}),
      },
      field: { path, name, type: type.mapped, ...(sensitive === true ? { sensitive } : {}) },
    };
  }
}

/** What is called, and with which rights: each list, what tells of the cluster, and changes. */
function callsOf(resources: readonly Resource[]): readonly Call[] {
  const account = [ACCOUNT_KIND];
  const discovery: readonly Call[] = [
    { call: "version", permissions: ["get /version"], purpose: "read", kinds: account },
    { call: "discovery", permissions: ["get /api", "get /apis"], purpose: "read", kinds: account },
  ];
  const calls = (["list", "get", "patch", "delete"] as const).flatMap((verb) =>
    resources.map(({ kind, api }): Call => ({
      call: permissionOf(verb, api),
      permissions: [permissionOf(verb, api)],
      purpose: verb === "list" ? "read" : "change",
      kinds: [kind],
    }))
  );
  return [...discovery, ...calls];
}

function isResource(value: unknown): value is Resource {
  return typeof value === "object" && value !== null && "api" in value && "definition" in value;
}
