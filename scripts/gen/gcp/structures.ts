import { chooseName, type Kind, type Property, type PropertyType } from "../../../lib/model/mod.ts";
import { NESTED } from "../../../lib/model/property_paths.ts";
import type { DescribedField } from "../../../lib/sdk/mod.ts";
import { snakeCase } from "../aws/names.ts";
import { innerType, type SchemaFacts, schemaFacts, withInnerType } from "./facts.ts";

/** Structures inside structures become kinds down to this level; what is deeper is `any`. */
const LEVELS = 3;

/** Members that hold secrets, or what only writes: they are never stored. */
const SECRET = /secret|password|rawkey|rsaencryptedkey|privatekey|accesskey$|clientkey/i;
/** Members that say nothing of the object. */
const EMPTY: ReadonlySet<string> = new Set(["etag", "fingerprint", "kind"]);
/** Texts that users give to programs, such as a start script or variables: they hold anything. */
const USERS: ReadonlySet<string> = new Set([
  "buildEnvironmentVariables",
  "env",
  "envVariables",
  "environmentVariables",
  "metadata",
]);

/** Short names that other plugins' structures have for values of another type. */
const FULL: Readonly<Record<string, string>> = { max: "maximum", min: "minimum" };

/** A type of the description as models and mappings have it. */
export interface Resolved {
  readonly property: PropertyType;
  /** For the registry: nested kinds are all the same. */
  readonly registered: PropertyType;
  /** Of the mapping: nested kinds by service and structure. */
  readonly mapped: string;
}

/** Whether a member becomes a property. */
export function isTold(member: string): boolean {
  return !SECRET.test(member) && !EMPTY.has(member) && !USERS.has(member);
}

/** Nested kinds, made when they are first met. */
export class Structures {
  readonly #registry: Map<string, PropertyType>;
  readonly #nodeKinds: ReadonlySet<string>;
  /** Level at which each structure was met first, by service and structure. */
  readonly #met = new Map<string, number>();

  /** @param registry type by property path; grows by the names that are chosen */
  constructor(registry: Map<string, PropertyType>, nodeKinds: ReadonlySet<string>) {
    this.#registry = registry;
    this.#nodeKinds = nodeKinds;
  }

  /** @param level of the structures in the value; those of a node's property are at level 1 */
  resolve(service: string, type: string, member: string, level: number): Resolved {
    const inner = innerType(type);
    const isTyped = this.#isTyped(service, inner, level);
    const key = `${service}.${inner}`;
    if (isTyped) this.#met.set(key, Math.min(level, this.#met.get(key) ?? level));
    const simple = isTyped ? undefined : simpleType(inner, member);
    const named = (name: string) => dictionaries(withInnerType(type, () => name));
    return {
      property: named(simple ?? this.#nameOf(service, inner)),
      registered: named(simple ?? NESTED),
      mapped: named(simple ?? key),
    };
  }

  /** All nested kinds that were met, level by level, and how their members are mapped. */
  finish(): {
    readonly kinds: readonly Kind[];
    readonly mapping: Record<string, DescribedField[]>;
  } {
    const kinds: Kind[] = [];
    const mapping: Record<string, DescribedField[]> = {};
    for (let level = 1; level <= LEVELS; level++) {
      const here = [...this.#met].filter(([key, met]) => met === level && !(key in mapping));
      for (const [key] of here.sort(([a], [b]) => a < b ? -1 : 1)) {
        const dot = key.indexOf(".");
        kinds.push(this.#define(key.slice(0, dot), key.slice(dot + 1), level, mapping));
      }
    }
    return { kinds: kinds.sort((a, b) => a.name < b.name ? -1 : 1), mapping };
  }

  #define(
    service: string,
    structure: string,
    level: number,
    mapping: Record<string, DescribedField[]>,
  ): Kind {
    const name = this.#nameOf(service, structure);
    const properties: Property[] = [];
    const fields: DescribedField[] = [];
    for (const [member, type] of toldMembers(schemaFacts(service, structure) ?? {})) {
      const found = this.resolve(service, type, member, level + 1);
      const wanted = member === "kind"
        ? `${snakeCase(structure)}_kind`
        : FULL[member] ?? snakeCase(member);
      const chosen = chooseName(this.#registry, name, wanted, found.registered);
      if (properties.some((each) => each.name === chosen)) continue;
      this.#registry.set(chosen, found.registered);
      properties.push({ name: chosen, type: found.property });
      fields.push({ path: member, name: chosen, type: found.mapped });
    }
    mapping[`${service}.${structure}`] = fields;
    return { name, bases: [], properties, nested: true };
  }

  /** Deeper structures, and those that hold nothing to tell, are plain values. */
  #isTyped(service: string, inner: string, level: number): boolean {
    const schema = schemaFacts(service, inner);
    return schema !== undefined && level <= LEVELS && toldMembers(schema).length > 0;
  }

  #nameOf(service: string, structure: string): string {
    // Newer APIs name package and version in front of each structure.
    const own = structure.replace(/^Google[A-Z]\w*?V\d+(?=[A-Z])/, "");
    const words = own.split(".").map(snakeCase).join("_");
    const kind = `gcp_${service}_${words}`;
    return this.#nodeKinds.has(kind) ? `${kind}_value` : kind;
  }
}

/** Members that become properties. */
export function toldMembers(schema: SchemaFacts): readonly (readonly [string, string])[] {
  return Object.entries(schema).filter(([member]) => isTold(member));
}

/** Core's type of a value without structures. */
function simpleType(type: string, member: string): PropertyType {
  switch (type) {
    case "int64_text":
      // Numbers that only name something may be larger than a core takes.
      return /(^id|Ids?|Codes?)$/.test(member) ? "string" : "int64";
    case "int64":
    case "double":
    case "boolean":
    case "datetime":
      return type;
    case "string":
      // Compute Engine does not mark its times.
      return /Timestamp$/.test(member) ? "datetime" : "string";
    default:
      return "any";
  }
}

function dictionaries(type: string): PropertyType {
  return type.replaceAll("dictionary[", "dictionary[string, ");
}
