import { z } from "zod";
import { at } from "./path.ts";

const fieldSchema = z.strictObject({
  /** Members joined by dots, of several the first that is there; in a structure one member. */
  path: z.union([z.string(), z.array(z.string())]),
  name: z.string(),
  /** `string`, `int64`, `S[]`, `dictionary[S]`, or the name of a structure, `compute.Tags`. */
  type: z.string(),
  map: z.record(z.string(), z.string()).exactOptional(),
  otherwise: z.string().exactOptional(),
  /** Value where the object gives none. */
  default: z.unknown().optional(),
});
const schema = z.strictObject({
  kinds: z.record(z.string(), z.array(fieldSchema)),
  structures: z.record(z.string(), z.array(fieldSchema)),
});

/** How properties follow from members: generated from declarations and the APIs' descriptions. */
export type Mapping = z.infer<typeof schema>;
/** One property. */
export type MappedField = z.infer<typeof fieldSchema>;

/** Reads what the generator wrote. */
export function toMapping(value: unknown): Mapping {
  return schema.parse(value);
}

/** Properties of one object. */
export interface Mapped {
  readonly reported: Readonly<Record<string, unknown>>;
  /** Properties whose value is not of the described type; they are left out. */
  readonly wrong: readonly string[];
}

/** Reads the properties of a kind's objects. */
export type Map = (raw: unknown) => Mapped;

/** What a value becomes; throws {@link Mismatch} for one of another type. */
type Convert = (value: unknown) => unknown;

/** Compiles mappings: the types are looked at once, not for every object. */
export class Mapper {
  readonly #mapping: Mapping;
  readonly #structures = new globalThis.Map<string, Convert>();

  constructor(mapping: Mapping) {
    this.#mapping = mapping;
  }

  /** @throws Error for a kind that the mapping does not have */
  compile(kind: string): Map {
    const fields = this.#mapping.kinds[kind];
    if (fields === undefined) throw new Error(`there is no mapping of ${kind}`);
    const converts = fields.map((field) => ({ ...field, convert: this.#field(field) }));
    return (raw) => {
      const reported: Record<string, unknown> = {};
      const wrong: string[] = [];
      for (const { path, name, convert, default: otherwise } of converts) {
        try {
          const value = first(raw, path);
          reported[name] = value === undefined ? otherwise : convert(value);
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

  #field({ type, map, otherwise }: MappedField): Convert {
    if (map === undefined) return this.#convert(type);
    return (value) => {
      const text = stringOf(value);
      return Object.hasOwn(map, text) ? map[text] : otherwise;
    };
  }

  #convert(type: string): Convert {
    if (type.endsWith("[]")) return listOf(this.#convert(type.slice(0, -2)));
    const values = /^dictionary\[(.+)\]$/.exec(type)?.[1];
    if (values !== undefined) return dictionaryOf(this.#convert(values));
    return SIMPLE[type] ?? this.#structure(type);
  }

  #structure(name: string): Convert {
    const known = this.#structures.get(name);
    if (known !== undefined) return known;
    let fields: readonly (MappedField & { readonly convert: Convert })[] | undefined;
    const convert: Convert = (value) => {
      // A structure may hold itself, so its members are looked at when the first one comes.
      fields ??= (this.#mapping.structures[name] ?? [])
        .map((field) => ({ ...field, convert: this.#field(field) }));
      const result: Record<string, unknown> = {};
      for (const { path, name: property, convert: member } of fields) {
        const found = first(objectOf(value), path);
        if (found !== undefined) result[property] = member(found);
      }
      return result;
    };
    this.#structures.set(name, convert);
    return convert;
  }
}

/** A value is not of its described type. */
class Mismatch extends Error {}

const SIMPLE: Readonly<Record<string, Convert>> = {
  string: stringOf,
  int64: integerOf,
  double: (value) => typeof value === "number" ? value : mismatch(),
  boolean: (value) => typeof value === "boolean" ? value : mismatch(),
  datetime: dateOf,
  any: (value) => value,
};

function first(raw: unknown, path: string | readonly string[]): unknown {
  if (typeof path === "string") return at(raw, path);
  return path.map((each) => at(raw, each)).find((each) => each !== undefined);
}

/** Large numbers are texts on the wire. One that no double holds exactly is none that can be told. */
function integerOf(value: unknown): number {
  const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : mismatch();
}

/** A time of the API, RFC 3339; its fraction of a second is dropped. */
function dateOf(value: unknown): Date {
  const date = new Date(stringOf(value));
  return Number.isNaN(date.getTime()) ? mismatch() : date;
}

/** Ids are texts here and numbers there. */
function stringOf(value: unknown): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : mismatch();
}

function listOf(convert: Convert): Convert {
  return (value) => Array.isArray(value) ? value.map(convert) : mismatch();
}

function dictionaryOf(convert: Convert): Convert {
  return (value) =>
    Object.fromEntries(
      Object.entries(objectOf(value)).map(([key, each]) => [key, convert(each)]),
    );
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return mismatch();
  return Object.fromEntries(Object.entries(value));
}

function mismatch(): never {
  throw new Mismatch("is of another type");
}
