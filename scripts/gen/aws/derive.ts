import {
  chooseName,
  type Kind,
  KindIndex,
  type Property,
  type PropertyType,
  withInnerKind,
} from "../../../lib/model/mod.ts";
import { RESOURCE_KIND } from "../../../plugins/aws/engine/base.ts";
import type { Code, KindMapping, Mapping } from "../../../plugins/aws/engine/mapping.ts";
import type { Field, Value } from "../../../plugins/aws/resource.ts";
import type { DeclaredNode } from "./declared.ts";
import { lastWord, snakeCase } from "./names.ts";
import { SECRET_MEMBERS } from "./secrets.ts";
import type { Sdk } from "./sdk.ts";
import type { Shape, StructureShape } from "./shape.ts";
import { type Members, structureOf, walk } from "./structure.ts";

/** Structures inside structures become kinds down to this level; what is deeper is `any`. */
const LEVELS = 3;

/** Names that a node's header or a core gives; a member of that name gets its kind's last word. */
const RESERVED: ReadonlySet<string> = new Set([
  "age",
  "atime",
  "ctime",
  "expires",
  "id",
  "kind",
  "last_access",
  "last_update",
  "mtime",
  "name",
  "tags",
]);

const TAG_MEMBERS = ["Tags", "TagSet", "TagList", "tags"] as const;

/** Everything that follows from declarations and schemas. */
export interface Derived {
  readonly kinds: readonly Kind[];
  readonly mapping: Mapping["kinds"];
  readonly structures: Mapping["structures"];
}

/**
 * Derives kinds and mappings. Names that were released or are declared come first; a derived name
 * that is taken with another type is prefixed.
 * @param registry type by property path; grows by the names that are chosen
 */
export async function derive(
  nodes: readonly DeclaredNode[],
  sdk: Sdk,
  registry: Map<string, PropertyType>,
): Promise<Derived> {
  const facts = await Promise.all(
    nodes.map(async (node) => ({ node, members: await structureOf(node, sdk) })),
  );
  const declared = facts.map(({ node, members }) => declaredKind(node, members, nodes));
  const index = new KindIndex([resourceKind(), ...declared]);
  for (const kind of declared) {
    for (const { name, type } of kind.properties) register(registry, name, type);
  }
  const nested = new NestedKinds(registry, new Set(declared.map((kind) => kind.name)));
  const mapping: Record<string, KindMapping> = {};
  const kinds = facts.map(({ node, members }, i) => {
    const kind = declared[i] ?? resourceKind();
    const derived = new DerivedMembers(node, kind, index, registry, nested);
    derived.addAll(members);
    const full = { ...kind, properties: [...kind.properties, ...derived.properties] };
    mapping[kind.name] = {
      members: derived.members,
      defaults: { ...index.defaults(kind.name), ...declaredDefaults(node) },
      targets: kind.targets ?? [],
      ...tagsOf(node, members),
    };
    return full;
  });
  const { kinds: nestedKinds, structures } = nested.finish();
  return { kinds: [resourceKind(), ...kinds, ...nestedKinds], mapping, structures };
}

function resourceKind(): Kind {
  return {
    name: RESOURCE_KIND,
    bases: [],
    pythonType: pythonType("AWSResource"),
    properties: [{ name: "arn", type: "string" }],
  };
}

function pythonType(name: string): string {
  return `cloudkeeper_plugin_aws.resources.${name}`;
}

/** Type name of a kind that the original worker did not have: `AwsEc2LaunchTemplate`. */
function ownType(kind: string): string {
  const words = kind.split("_").map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return `ckworker_plugin_aws.resources.${words.join("")}`;
}

/** The kind with the properties that its declaration names. */
function declaredKind(
  { declaration }: DeclaredNode,
  members: Members,
  nodes: readonly DeclaredNode[],
): Kind {
  const { kind, bases, pythonClass, description, phantom, volatile = [] } = declaration;
  const inherited = new Set(
    new KindIndex([resourceKind()]).properties("resource").map((p) => p.name),
  );
  for (const base of bases) {
    for (const { name } of new KindIndex([resourceKind()]).properties(base)) inherited.add(name);
  }
  const properties = Object.entries(declaration.properties ?? {}).flatMap(([name, given]) => {
    const field = toField(given);
    if (inherited.has(name) && field.type === undefined) return [];
    const type = field.type ?? typeOfPath(field.value, members);
    if (type === undefined) throw new Error(`${kind}.${name}: its type cannot be told, declare it`);
    return [ownProperty(name, type, field.default, volatile.includes(name))];
  });
  const targets = targetsOf(kind, nodes);
  const inheritedVolatile = volatile.filter((name) => inherited.has(name));
  return {
    name: kind,
    bases,
    pythonType: pythonClass === undefined ? ownType(kind) : pythonType(pythonClass),
    ...(description === undefined ? {} : { description }),
    ...(phantom === true ? { phantom } : {}),
    ...(targets.length === 0 ? {} : { targets }),
    ...(inheritedVolatile.length === 0 ? {} : { volatile: inheritedVolatile }),
    properties,
  };
}

/** Defaults that a declaration gives, those for properties of base kinds among them. */
function declaredDefaults({ declaration }: DeclaredNode): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(declaration.properties ?? {}).flatMap(([name, given]) => {
      const { default: value } = toField(given);
      return isDefault(value) ? [[name, value]] : [];
    }),
  );
}

function ownProperty(
  name: string,
  type: PropertyType,
  value: unknown,
  volatile: boolean,
): Property {
  return {
    name,
    type,
    ...(isDefault(value) ? { default: value } : {}),
    ...(volatile ? { volatile } : {}),
  };
}

function isDefault(value: unknown): value is NonNullable<Property["default"]> {
  return value !== undefined && value !== null;
}

function toField(given: Value | Field): Field {
  return typeof given === "object" && !Array.isArray(given) && "value" in given
    ? given
    : { value: given as Value };
}

/** Type of what a plain path finds; undefined for functions and the values of hooks. */
function typeOfPath(value: Value, members: Members): PropertyType | undefined {
  const path = typeof value === "string" ? value : Array.isArray(value) ? value[0] : undefined;
  if (path === undefined || path.startsWith("$")) return undefined;
  const shape = walk(members, path);
  if (shape === undefined) return undefined;
  const type = simpleType(shape);
  if (type === undefined) return undefined;
  return path.includes("[]") ? `${type}[]` : type;
}

/** Properties under which edges of any kind look this one up. */
function targetsOf(kind: string, nodes: readonly DeclaredNode[]): readonly string[] {
  const targets = new Set(nodes.flatMap(({ declaration }) => [
    ...(declaration.kind === kind ? declaration.targets ?? [] : []),
    ...(declaration.edges ?? []).filter((edge) => edge.kind === kind).map((edge) => edge.by),
  ]));
  targets.delete("id");
  return [...targets].sort();
}

function tagsOf(
  { declaration }: DeclaredNode,
  members: Members,
): { readonly tags?: string } {
  if (declaration.tags !== undefined) return {};
  const found = TAG_MEMBERS.find((member) => members.has(member));
  return found === undefined ? {} : { tags: found };
}

/** Adds a path to the registry, unless it has a type that says more. */
function register(registry: Map<string, PropertyType>, path: string, type: PropertyType): void {
  const known = registry.get(path);
  if (known === undefined || known.includes("any")) registry.set(path, type);
}

/** Properties of one kind that no declaration names. */
class DerivedMembers {
  readonly properties: Property[] = [];
  readonly members: Record<string, readonly [string, Code]> = {};
  readonly #node: DeclaredNode;
  readonly #kind: Kind;
  readonly #inherited: ReadonlyMap<string, Property>;
  readonly #registry: Map<string, PropertyType>;
  readonly #nested: NestedKinds;

  constructor(
    node: DeclaredNode,
    kind: Kind,
    index: KindIndex,
    registry: Map<string, PropertyType>,
    nested: NestedKinds,
  ) {
    this.#node = node;
    this.#kind = kind;
    this.#inherited = new Map(index.properties(kind.name).map((each) => [each.name, each]));
    this.#registry = registry;
    this.#nested = nested;
  }

  addAll(members: Members): void {
    const mapped = mappedMembers(this.#node, members);
    for (const [member, shape] of members) if (!mapped.has(member)) this.#add(member, shape);
  }

  #add(member: string, shape: Shape): void {
    const { rename = {}, secret = [], volatile = [] } = this.#node.declaration;
    const hidden = shape.sensitive || secret.includes(member);
    const found = this.#nested.type(shape, 1, hidden);
    if (found === undefined) return;
    const wanted = rename[member] ?? propertyName(this.#kind.name, member);
    const name = rename[member] ??
      chooseName(this.#registry, this.#kind.name, wanted, generic(found.type));
    if (this.#properties().has(name)) return;
    this.members[member] = [name, hidden ? "s" : found.code];
    register(this.#registry, name, generic(found.type));
    // A property of a base kind is filled, not declared again.
    if (this.#inherited.has(name)) return;
    this.properties.push(ownProperty(name, found.type, undefined, volatile.includes(name)));
  }

  /** Names that the declaration or an earlier member fills. */
  #properties(): ReadonlySet<string> {
    return new Set([
      ...Object.keys(this.#node.declaration.properties ?? {}),
      ...Object.values(this.members).map(([name]) => name),
    ]);
  }
}

function propertyName(kind: string, member: string): string {
  const name = snakeCase(member);
  return RESERVED.has(name) ? `${lastWord(kind)}_${name}` : name;
}

/** Members that a declared value takes whole, tags, and those that are left out. */
function mappedMembers({ declaration }: DeclaredNode, members: Members): ReadonlySet<string> {
  const { id, name, arn, ctime, mtime, atime, tags, properties = {}, attach = {} } = declaration;
  const values: (Value | undefined)[] = [
    id,
    name,
    arn,
    ctime,
    mtime,
    atime,
    typeof tags === "string" ? tags : undefined,
    ...Object.values(properties).map((given) => toField(given).value),
  ];
  const paths = values.flatMap((value) =>
    typeof value === "string" ? [value] : Array.isArray(value) ? value : []
  );
  const whole = paths.filter((path) => !path.includes(".")).map((path) => path.replace("[]", ""));
  const attached = paths.map((path) => (path.split(".")[0] ?? "").replace("[]", ""))
    .filter((root) => root in attach);
  const tagMember = TAG_MEMBERS.find((member) => members.has(member));
  return new Set([
    ...whole,
    ...attached,
    ...(declaration.omit ?? []),
    ...(tagMember === undefined ? [] : [tagMember]),
  ]);
}

/** Type with the names of nested kinds replaced, as the registry knows it. */
function generic(type: PropertyType): PropertyType {
  return withInnerKind(type, (name) => name.startsWith("aws_") ? "object" : name);
}

/** Core's type of a value without structures; undefined for structures and streams. */
function simpleType(shape: Shape): PropertyType | undefined {
  switch (shape.type) {
    case "text":
    case "bytes":
      return "string";
    case "number":
      return shape.float ? "double" : "int64";
    case "boolean":
      return "boolean";
    case "time":
      return "datetime";
    case "any":
      return "any";
    case "list": {
      const of = simpleType(shape.of);
      return of === undefined ? undefined : `${of}[]`;
    }
    case "map": {
      const of = simpleType(shape.of);
      return of === undefined ? undefined : `dictionary[string, ${of}]`;
    }
    default:
      return undefined;
  }
}

interface FoundType {
  readonly type: PropertyType;
  readonly code: Code;
}

/** Kinds of nested structures, named by service and structure. */
class NestedKinds {
  readonly #registry: Map<string, PropertyType>;
  readonly #nodeKinds: ReadonlySet<string>;
  /** Every structure that was met, at the level where it was met first. */
  readonly #met = new Map<string, { readonly shape: StructureShape; level: number }>();

  constructor(registry: Map<string, PropertyType>, nodeKinds: ReadonlySet<string>) {
    this.#registry = registry;
    this.#nodeKinds = nodeKinds;
  }

  /** Type and code of a value whose structures lie at this level. */
  type(shape: Shape, level: number, hidden: boolean): FoundType | undefined {
    if (shape.type === "structure") return this.#structure(shape, level, hidden);
    if (shape.type === "list" || shape.type === "map") {
      const of = this.type(shape.of, level, hidden);
      if (of === undefined) return undefined;
      const list = shape.type === "list";
      return {
        type: list ? `${of.type}[]` : `dictionary[string, ${of.type}]`,
        code: of.code === 0 ? 0 : list ? [of.code] : { "*": of.code },
      };
    }
    const type = simpleType(shape);
    if (type === undefined) return undefined;
    return { type, code: hidden ? "s" : shape.type === "bytes" ? "b" : 0 };
  }

  /** All structures that were met, and those inside them. */
  finish(): { readonly kinds: readonly Kind[]; readonly structures: Mapping["structures"] } {
    const kinds: Kind[] = [];
    const structures: Record<string, Record<string, readonly [string, Code]>> = {};
    // Level by level, so that each structure is met first where it is least deep.
    for (let level = 1; this.#pending(structures).length > 0; level++) {
      const here = this.#pending(structures).filter(([, met]) => met.level <= level);
      for (const [key, { shape }] of here.sort(([a], [b]) => a < b ? -1 : 1)) {
        const { kind, members } = this.#define(shape, level);
        structures[key] = members;
        if (level <= LEVELS && kind.properties.length > 0) kinds.push(kind);
      }
    }
    return {
      kinds: kinds.sort((a, b) => a.name < b.name ? -1 : 1),
      structures: sorted(structures),
    };
  }

  #pending(
    done: Readonly<Record<string, unknown>>,
  ): (readonly [string, { readonly shape: StructureShape; readonly level: number }])[] {
    return [...this.#met].filter(([key]) => !(key in done));
  }

  #structure(shape: StructureShape, level: number, hidden: boolean): FoundType {
    if (hidden) return { type: "any", code: "s" };
    const key = `${shape.service}.${shape.name}`;
    const met = this.#met.get(key);
    if (met === undefined) this.#met.set(key, { shape, level });
    else met.level = Math.min(met.level, level);
    const typed = level <= LEVELS && shape.members().size > 0;
    return { type: typed ? this.#nameOf(shape) : "any", code: key };
  }

  #define(
    shape: StructureShape,
    level: number,
  ): { readonly kind: Kind; readonly members: Record<string, readonly [string, Code]> } {
    const kindName = this.#nameOf(shape);
    const properties: Property[] = [];
    const members: Record<string, readonly [string, Code]> = {};
    for (const [member, inner] of shape.members()) {
      const key = `${shape.service}.${shape.name}.${member}`;
      const hidden = inner.sensitive || SECRET_MEMBERS.has(key);
      const found = this.type(inner, level + 1, hidden);
      if (found === undefined) continue;
      const wanted = snakeCase(member);
      const name = chooseName(this.#registry, kindName, wanted, generic(found.type));
      if (properties.some((each) => each.name === name)) continue;
      register(this.#registry, name, generic(found.type));
      properties.push({ name, type: found.type });
      members[member] = [name, found.code];
    }
    return { kind: { name: kindName, bases: [], properties, nested: true }, members };
  }

  #nameOf({ service, name }: StructureShape): string {
    const kind = `aws_${service.replace("-", "_")}_${snakeCase(name)}`;
    return this.#nodeKinds.has(kind) ? `${kind}_value` : kind;
  }
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => a < b ? -1 : 1));
}
