import reserved from "../../../lib/model/reserved_properties.json" with { type: "json" };
import {
  type ChangeType,
  chooseName,
  type Kind,
  KindIndex,
  type Property,
  type PropertyType,
} from "../../../lib/model/mod.ts";
import {
  BASE_KINDS,
  pythonType,
  SERVICE_KIND,
  SKU_KIND,
} from "../../../plugins/gcp/engine/base.ts";
import { RESOURCE_PATH } from "../../../plugins/gcp/engine/link.ts";
import type { DescribedField, DescribedMapping } from "../../../lib/sdk/mod.ts";
import type { Field, Resource } from "../../../plugins/gcp/resource.ts";
import { lastWord, snakeCase } from "../aws/names.ts";
import { schemaFacts, typeAt } from "./facts.ts";
import { Structures, toldMembers } from "./structures.ts";

/** Members that every node has under another name. */
const COMMON: ReadonlySet<string> = new Set([
  "creationTimestamp",
  "id",
  "labelFingerprint",
  "labels",
  "name",
  "region",
  "selfLink",
  "selfLinkWithId",
  "zone",
]);

/** Names that a node's header or a core gives; a member of that name gets its kind's last word. */
const TAKEN: ReadonlySet<string> = new Set([
  "account",
  "age",
  "atime",
  "cloud",
  "ctime",
  "expires",
  "id",
  "kind",
  "last_access",
  "last_update",
  "link",
  "mtime",
  "name",
  "region",
  "tags",
  "zone",
]);

/** Properties of kinds that the original worker had. */
const RESERVED: Readonly<Record<string, Readonly<Record<string, PropertyType>>>> = reserved;

/** Kinds and mappings of all declarations. */
export class DeclaredKinds {
  readonly #resources: readonly Resource[];
  readonly #registry: Map<string, PropertyType>;
  readonly #structures: Structures;
  /** Kinds whose declared properties are known, so that those that derive from them find them. */
  readonly #kinds = new Map<string, Kind>(BASE_KINDS.map((kind) => [kind.name, kind]));

  constructor(resources: readonly Resource[], registry: Map<string, PropertyType>) {
    this.#resources = resources;
    this.#registry = registry;
    for (const { kind, bases } of resources) {
      this.#kinds.set(kind, { name: kind, bases, properties: [] });
    }
    const names = new Set([...resources.map(({ kind }) => kind), ...this.#kinds.keys()]);
    this.#structures = new Structures(registry, names);
  }

  /** @throws Error for a declaration that does not go with the description */
  derive(): { readonly kinds: readonly Kind[]; readonly mapping: DescribedMapping } {
    const mapping: Record<string, DescribedField[]> = {};
    // Names of declared properties are fixed; derived ones take what is left.
    const declared = this.#resources.map((resource) => ({ resource, ...this.#declare(resource) }));
    const kinds = declared.map(({ resource, properties, fields }) => {
      const derived = this.#derive(resource, properties);
      mapping[resource.kind] = [...fields, ...derived.fields];
      return complete(resource, markVolatile(resource, [...properties, ...derived.properties]));
    });
    const nested = this.#structures.finish();
    return {
      kinds: [...BASE_KINDS, ...kinds, ...nested.kinds],
      mapping: { kinds: mapping, structures: nested.mapping },
    };
  }

  #declare(resource: Resource) {
    const { kind, bases, own = {}, properties = {} } = resource;
    const inherited = this.#inherited(kind);
    const found: Property[] = Object.entries(own).map(([name, [type, value]]) =>
      value === undefined ? { name, type } : { name, type, default: value }
    );
    const fields: DescribedField[] = [];
    for (const [name, given] of Object.entries(properties)) {
      const field: Field = typeof given === "string" ? { path: given } : given;
      const known = inherited.get(name);
      const { property, mapped } = known === undefined
        ? this.#typeOf(resource, name, field)
        : { property: known.type, mapped: known.type };
      fields.push(mappedField(name, field, mapped));
      if (known !== undefined) continue;
      const { default: value } = field;
      found.push({ name, type: property, ...(value === undefined ? {} : { default: value }) });
      this.#registry.set(name, property.startsWith("gcp_") ? "object" : property);
    }
    this.#kinds.set(kind, { name: kind, bases, properties: found });
    return { properties: found, fields };
  }

  #typeOf({ kind, service, schema }: Resource, name: string, { path, type, map }: Field) {
    const given = type ?? RESERVED[kind]?.[name] ?? (map === undefined ? undefined : "string");
    if (given !== undefined) return { property: given, mapped: given };
    const first = typeof path === "string" ? path : path[0] ?? "";
    const found = typeAt(service, schema, first);
    return this.#structures.resolve(service, found, first, 1);
  }

  #derive(resource: Resource, declared: readonly Property[]) {
    const { kind, service, schema } = resource;
    const facts = schemaFacts(service, schema);
    if (facts === undefined) throw new Error(`${service} has no ${schema}`);
    const inherited = this.#inherited(kind);
    const used = usedMembers(resource);
    const taken = new Set([
      ...declared.map(({ name }) => name),
      ...Object.keys(resource.properties ?? {}),
    ]);
    const properties: Property[] = [];
    const fields: DescribedField[] = [];
    for (const [member, type] of toldMembers(facts).filter(([name]) => !used.has(name))) {
      const found = this.#structures.resolve(service, type, member, 1);
      const snake = snakeCase(member);
      const wanted = TAKEN.has(snake) ? `${lastWord(kind)}_${snake}` : snake;
      const name = chooseName(this.#registry, kind, wanted, found.registered);
      if (taken.has(name)) continue;
      taken.add(name);
      this.#registry.set(name, found.registered);
      fields.push({ path: member, name, type: found.mapped });
      if (!inherited.has(name)) properties.push({ name, type: found.property });
    }
    return { properties, fields };
  }

  #inherited(kind: string): ReadonlyMap<string, Property> {
    const properties = new KindIndex(this.#kinds.values()).properties(kind);
    return new Map(properties.map((each) => [each.name, each]));
  }
}

function mappedField(name: string, field: Field, type: string): DescribedField {
  const { path, map, otherwise } = field;
  const value = field.absent ?? field.default;
  return {
    path: typeof path === "string" ? path : [...path],
    name,
    type,
    ...(map === undefined ? {} : { map: { ...map } }),
    ...(otherwise === undefined ? {} : { otherwise }),
    ...(value === undefined ? {} : { default: value }),
  };
}

/** Members that a declared property takes whole, and those that are left out. */
function usedMembers(resource: Resource): ReadonlySet<string> {
  const { id, name, ctime, mtime, labels, place = {}, properties = {}, omit = [] } = resource;
  const paths = Object.values(properties).flatMap((given) =>
    typeof given === "string" ? [given] : given.path
  );
  const ids = typeof id === "string" ? [id] : [];
  const all = [...ids, name, ctime, mtime, labels, place.region, place.zone, ...paths];
  const whole = all.flatMap((path) => path === undefined || path.includes(".") ? [] : [path]);
  return new Set([...COMMON, ...whole, ...omit]);
}

function markVolatile(
  { kind, volatile = [] }: Resource,
  properties: readonly Property[],
): readonly Property[] {
  const missing = volatile.find((name) => !properties.some((each) => each.name === name));
  if (missing !== undefined) throw new Error(`${kind} has no property ${missing} of its own`);
  return properties.map((each) =>
    volatile.includes(each.name) ? { ...each, volatile: true } : each
  );
}

function complete(resource: Resource, properties: readonly Property[]): Kind {
  const { kind, bases, pythonClass, phantom, description, cleanup } = resource;
  const changes = changesOf(resource);
  return {
    name: kind,
    bases,
    properties,
    pythonType: pythonType(kind, pythonClass),
    ...(phantom === true ? { phantom } : {}),
    targets: [RESOURCE_PATH],
    ...(changes.length === 0 ? {} : { changes }),
    ...(cleanup === undefined ? {} : { cleanup }),
    description,
    ...(kind === SKU_KIND ? { listing: SERVICE_KIND } : {}),
  };
}

function changesOf({ labelling, deletable, prepare }: Resource): readonly ChangeType[] {
  if (labelling === undefined && deletable !== true) return [];
  return [
    ...(labelling === undefined ? [] : ["setTag", "removeTag"] as const),
    ...(prepare === undefined ? [] : ["prepare"] as const),
    ...(deletable === true ? ["delete"] as const : []),
    "read",
  ];
}
