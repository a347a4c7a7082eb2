import type { Hide } from "../sensitive.ts";
import type { DescribedField, DescribedMapping } from "./mapping.ts";
import { valueAt } from "./paths.ts";
import {
  dictionaryOf,
  listOf,
  membersOf,
  Mismatch,
  WIRE_TYPES,
  type WireType,
} from "./wire_types.ts";

/** Properties of one object. */
export interface DescribedProperties {
  readonly reported: Readonly<Record<string, unknown>>;
  /** Properties whose value is not of the described type; they are left out. */
  readonly wrong: readonly string[];
}

/** What is special about an API. */
export interface DescribedMapperOptions {
  /** Default: {@link WIRE_TYPES}. */
  readonly types?: Readonly<Record<string, WireType>>;
  /** What becomes of the texts of sensitive fields. */
  readonly hide?: Hide;
}

/** Compiles mappings: the types are looked at once, not for every object. */
export class DescribedMapper {
  readonly #mapping: DescribedMapping;
  readonly #types: Readonly<Record<string, WireType>>;
  readonly #hide: Hide | undefined;
  readonly #structures = new Map<string, WireType>();

  constructor(
    mapping: DescribedMapping,
    { types = WIRE_TYPES, hide }: DescribedMapperOptions = {},
  ) {
    this.#mapping = mapping;
    this.#types = types;
    this.#hide = hide;
  }

  /**
   * What reads the properties of a kind's objects.
   * @throws Error for a kind that the mapping does not have, or a sensitive field that nobody hides
   */
  compile(kind: string): (raw: unknown) => DescribedProperties {
    const fields = this.#mapping.kinds[kind];
    if (fields === undefined) throw new Error(`there is no mapping of ${kind}`);
    const converts = fields.map((field) => ({ ...field, convert: this.#field(field) }));
    return (raw) => {
      const reported: Record<string, unknown> = {};
      const wrong: string[] = [];
      for (const { path, name, convert, default: otherwise } of converts) {
        try {
          const found = firstAt(raw, path);
          const value = found === undefined ? otherwise : convert(found);
          if (value !== undefined) reported[name] = value;
        } catch (error) {
          if (!(error instanceof Mismatch)) throw error;
          wrong.push(name);
        }
      }
      return { reported, wrong };
    };
  }

  /** Names of the properties of a kind that follow from members. */
  names(kind: string): readonly string[] {
    return (this.#mapping.kinds[kind] ?? []).map(({ name }) => name);
  }

  #field({ type, sensitive, map, otherwise, name }: DescribedField): WireType {
    if (map !== undefined) {
      const text = this.#convert("string");
      return (value) => {
        const word = String(text(value));
        return Object.hasOwn(map, word) ? map[word] : otherwise;
      };
    }
    if (sensitive !== true) return this.#convert(type);
    const hide = this.#hide;
    if (hide === undefined) throw new Error(`nobody hides what ${name} holds`);
    const text = this.#convert("string");
    const hidden: WireType = (value) => hide(String(text(value)));
    return this.#container(type, () => hidden) ?? hidden;
  }

  #convert(type: string): WireType {
    return this.#container(type, (inner) => this.#convert(inner)) ?? this.#types[type] ??
      this.#structure(type);
  }

  #container(type: string, inner: (type: string) => WireType): WireType | undefined {
    if (type.endsWith("[]")) return listOf(inner(type.slice(0, -2)));
    // Keys are texts on the wire, whatever the model calls them.
    const values = /^dictionary\[\w+, (.+)\]$/.exec(type)?.[1];
    return values === undefined ? undefined : dictionaryOf(inner(values));
  }

  #structure(name: string): WireType {
    const known = this.#structures.get(name);
    if (known !== undefined) return known;
    let fields: readonly (DescribedField & { readonly convert: WireType })[] | undefined;
    const convert: WireType = (value) => {
      // A structure may hold itself, so its members are looked at when the first one comes.
      fields ??= (this.#mapping.structures[name] ?? [])
        .map((field) => ({ ...field, convert: this.#field(field) }));
      const members = membersOf(value);
      const result: Record<string, unknown> = {};
      for (const { path, name: property, convert: member } of fields) {
        const found = firstAt(members, path);
        if (found !== undefined) result[property] = member(found);
      }
      return result;
    };
    this.#structures.set(name, convert);
    return convert;
  }
}

function firstAt(raw: unknown, path: string | readonly string[]): unknown {
  if (typeof path === "string") return valueAt(raw, path);
  return path.map((each) => valueAt(raw, each)).find((each) => each !== undefined);
}
