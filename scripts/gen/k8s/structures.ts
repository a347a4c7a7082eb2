import { chooseName, type Kind, type Property, type PropertyType } from "../../../lib/model/mod.ts";
import { valueKind, withInnerKind } from "../../../lib/model/property_type.ts";
import { NESTED } from "../../../lib/model/property_paths.ts";
import type { DescribedField } from "../../../lib/sdk/mod.ts";
import { DEEPEST, structures } from "../../../plugins/k8s/structures.ts";
import { snakeCase } from "../aws/names.ts";
import { definition, typeAt } from "./facts.ts";

/** A type of the description as properties and mappings have it. */
export interface Resolved {
  /** Of the property: nested kinds by their name. */
  readonly property: PropertyType;
  /** For the registry: nested kinds are all the same. */
  readonly registered: PropertyType;
  /** Of the mapping: nested kinds by their definition. */
  readonly mapped: string;
}

/** Types that a core knows by another name. */
const SIMPLE: Readonly<Record<string, PropertyType>> = { int_or_string: "string" };

/** Nested kinds, made when they are first used. */
export class Structures {
  readonly kinds: Kind[] = [];
  readonly mapping: Record<string, DescribedField[]> = {};
  readonly #registry: Map<string, PropertyType>;

  /** @param registry type by property path; grows by the names that are chosen */
  constructor(registry: Map<string, PropertyType>) {
    this.#registry = registry;
  }

  /**
   * @param level of the value: a property of a node is at level 0
   * @throws Error for a structure that is not declared, or lies too deep
   */
  resolve(type: string, level: number): Resolved {
    const inner = valueKind(type);
    if (definition(inner) === undefined) {
      const property = withInnerKind(type, (name) => SIMPLE[name] ?? name);
      return { property, registered: property, mapped: type };
    }
    if (level >= DEEPEST) throw new Error(`${inner} lies below level ${DEEPEST}: keep it plain`);
    const name = this.#kind(inner, level + 1);
    return {
      property: withInnerKind(type, () => name),
      registered: withInnerKind(type, () => NESTED),
      mapped: type,
    };
  }

  #kind(inner: string, level: number): string {
    const declared = structures[inner];
    if (declared === undefined) throw new Error(`structure ${inner} is not declared`);
    const name = declared.kind ?? `kubernetes_${snakeCase(inner.replace(/^.*\./, ""))}`;
    const isNew = this.mapping[inner] === undefined;
    const fields: DescribedField[] = this.mapping[inner] ??= [];
    const properties: Property[] = [];
    for (const member of declared.members) {
      const isPlain = declared.plain?.includes(member) === true;
      // Resolved anew at each level, so that what lies too deep anywhere is found.
      const type = this.resolve(isPlain ? "any" : typeAt(inner, member), level);
      if (!isNew) continue;
      const isSensitive = declared.sensitive?.includes(member) === true;
      const wanted = declared.as?.[member] ?? nameOf(name, member);
      const chosen = chooseName(this.#registry, name, wanted, type.registered);
      this.#registry.set(chosen, type.registered);
      properties.push({ name: chosen, type: type.property });
      fields.push({
        path: member,
        name: chosen,
        type: type.mapped,
        ...(isSensitive ? { sensitive: true } : {}),
      });
    }
    if (isNew) this.#add({ name, bases: [], properties, nested: true }, inner);
    return name;
  }

  /** Two definitions of one name are one kind if they say the same. */
  #add(kind: Kind, inner: string): void {
    const other = this.kinds.find(({ name }) => name === kind.name);
    if (other === undefined) this.kinds.push(kind);
    else if (JSON.stringify(other) !== JSON.stringify(kind)) {
      throw new Error(`${inner} and another definition both make ${kind.name}`);
    }
  }
}

/** `kind` is the name of every node's own kind, so a member of that name gets a word in front. */
function nameOf(kind: string, member: string): string {
  return member === "kind" ? `${kind.slice(kind.lastIndexOf("_") + 1)}_kind` : snakeCase(member);
}
