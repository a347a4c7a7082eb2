import {
  chooseName,
  type Kind,
  type Property,
  type PropertyType,
  withInnerKind,
} from "../../../lib/model/mod.ts";
import type { Code, Mapping } from "../../../plugins/aws/engine/mapping.ts";
import { snakeCase } from "./names.ts";
import { SECRET_MEMBERS } from "./secrets.ts";
import type { Shape, StructureShape } from "./shape.ts";

/** Structures inside structures become kinds down to this level; what is deeper is `any`. */
const LEVELS = 3;

/** Type with the names of nested kinds replaced, as the registry knows it. */
export function generic(type: PropertyType): PropertyType {
  return withInnerKind(type, (name) => name.startsWith("aws_") ? "object" : name);
}

/** Core's type of a value without structures; undefined for structures and streams. */
export function simpleType(shape: Shape): PropertyType | undefined {
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
export class NestedKinds {
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

/** Adds a path to the registry, unless it has a type that says more. */
export function register(
  registry: Map<string, PropertyType>,
  path: string,
  type: PropertyType,
): void {
  const known = registry.get(path);
  if (known === undefined || known.includes("any")) registry.set(path, type);
}
