import reserved from "../../lib/model/reserved_properties.json" with { type: "json" };
import {
  buildRegistry,
  type Call,
  checkModel,
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
import { pluginModels, readIfThere } from "./plugin_models.ts";

const FOLDER = "plugins/k8s/resources";

/** Everything of the k8s plugin that follows from its declarations and the published description. */
export async function generate(): Promise<ReadonlyMap<string, string>> {
  const modules = await resourceModules();
  const resources = modules.map(({ resource }) => resource);
  const { kinds, mapping, structures } = derive(resources, await registry());
  const models = await pluginModels();
  const others = [...models].filter(([name]) => name !== "k8s").flatMap(([, { kinds }]) => kinds);
  const [problem] = checkModel([...others, ...kinds]);
  if (problem !== undefined) throw new Error(problem.message);
  return new Map([
    [`${FOLDER}/mod.ts`, index(modules)],
    ["plugins/k8s/model.json", json({ kinds })],
    ["plugins/k8s/calls.json", json(callsOf(resources))],
    ["plugins/k8s/catalog.json", json(resources.map(({ collector }) => collector).sort())],
    ["plugins/k8s/mapping.json", json({ kinds: mapping, structures })],
  ]);
}

/** Names that are taken: released ones and those that are kept for plugins to come. */
async function registry(): Promise<Map<string, PropertyType>> {
  const released = JSON.parse(await readIfThere("lib/model/property_registry.json") ?? "{}");
  return new Map(buildRegistry(new Map(Object.entries(released)), reserved, BASE_KINDS));
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

interface Module {
  readonly file: string;
  readonly name: string;
  readonly resource: Resource;
}

async function resourceModules(): Promise<readonly Module[]> {
  const files = [...Deno.readDirSync(FOLDER)].map((entry) => entry.name)
    .filter((name) => name.endsWith(".ts") && name !== "mod.ts").toSorted();
  const modules = await Promise.all(files.map(async (file) => {
    const module: Readonly<Record<string, unknown>> = await import(`../../${FOLDER}/${file}`);
    return Object.entries(module).flatMap(([name, value]) =>
      isResource(value) ? [{ file, name, resource: value }] : []
    );
  }));
  return modules.flat();
}

function isResource(value: unknown): value is Resource {
  return typeof value === "object" && value !== null && "api" in value && "definition" in value;
}

function index(modules: readonly Module[]): string {
  const imports = modules.map(({ file, name }) => `import { ${name} } from "./${file}";`);
  return `// Generated by scripts/gen; do not edit.
import type { Resource } from "../resource.ts";
${imports.join("\n")}

/** All listings of the plugin. */
export const resources: readonly Resource[] = [${modules.map(({ name }) => name).join(", ")}];
`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
