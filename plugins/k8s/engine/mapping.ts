import { z } from "zod";
import { at } from "./path.ts";
import type { Hide } from "./sensitive.ts";

const fieldSchema = z.strictObject({
  /** Members joined by dots; in a structure one member. */
  path: z.string(),
  name: z.string(),
  /** `string`, `int64`, `S[]`, `dictionary[string, S]`, or the name of a structure. */
  type: z.string(),
  sensitive: z.boolean().exactOptional(),
});
const schema = z.strictObject({
  kinds: z.record(z.string(), z.array(fieldSchema)),
  structures: z.record(z.string(), z.array(fieldSchema)),
});

/** How properties follow from members: generated from the declarations and the description. */
export type Mapping = z.infer<typeof schema>;
/** One property. */
export type Field = z.infer<typeof fieldSchema>;

/** Reads what the generator wrote. */
export function toMapping(value: unknown): Mapping {
  return schema.parse(value);
}

/** Properties of one object. */
export interface Mapped {
  readonly reported: Readonly<Record<string, unknown>>;
  /** Properties whose value is not of the declared type; they are left out. */
  readonly wrong: readonly string[];
}

/** Reads the properties of a kind's objects. */
export type Map = (raw: unknown) => Mapped;

/** What a value becomes; throws {@link Mismatch} for one of another type. */
type Convert = (value: unknown) => unknown;

/** Compiles mappings: the types are looked at once, not for every object. */
export class Mapper {
  readonly #mapping: Mapping;
  readonly #hide: Hide;
  readonly #structures = new Map<string, Convert>();

  constructor(mapping: Mapping, hide: Hide) {
    this.#mapping = mapping;
    this.#hide = hide;
  }

  /** @throws Error for a kind that the mapping does not have */
  compile(kind: string): Map {
    const fields = this.#mapping.kinds[kind];
    if (fields === undefined) throw new Error(`there is no mapping of ${kind}`);
    const converts = fields.map((field) => ({ ...field, convert: this.#converted(field) }));
    return (raw) => {
      const reported: Record<string, unknown> = {};
      const wrong: string[] = [];
      for (const { path, name, convert } of converts) {
        try {
          const value = at(raw, path);
          if (value !== undefined) reported[name] = convert(value);
        } catch (error) {
          if (!(error instanceof Mismatch)) throw error;
          wrong.push(name);
        }
      }
      return { reported, wrong };
    };
  }

  #converted({ type, sensitive }: Field): Convert {
    if (sensitive !== true) return this.#convert(type);
    const hidden: Convert = (value) => this.#hide(stringOf(value));
    return this.#container(type, () => hidden) ?? hidden;
  }

  #convert(type: string): Convert {
    return this.#container(type, (inner) => this.#convert(inner)) ?? SIMPLE[type] ??
      this.#structure(type);
  }

  #container(type: string, inner: (type: string) => Convert): Convert | undefined {
    if (type.endsWith("[]")) return listOf(inner(type.slice(0, -2)));
    const values = /^dictionary\[string, (.+)\]$/.exec(type)?.[1];
    return values === undefined ? undefined : dictionaryOf(inner(values));
  }

  #structure(name: string): Convert {
    const known = this.#structures.get(name);
    if (known !== undefined) return known;
    const fields = (this.#mapping.structures[name] ?? [])
      .map((field) => ({ ...field, convert: this.#converted(field) }));
    const convert: Convert = (value) => {
      const members = objectOf(value);
      const result: Record<string, unknown> = {};
      for (const { path, name, convert } of fields) {
        const member = members[path];
        if (member !== undefined && member !== null) result[name] = convert(member);
      }
      return result;
    };
    this.#structures.set(name, convert);
    return convert;
  }
}

/** A value is not of its declared type. */
class Mismatch extends Error {}

const SIMPLE: Readonly<Record<string, Convert>> = {
  string: stringOf,
  // Kubernetes allows a number where a share or a name could stand.
  int_or_string: (value) => typeof value === "number" ? String(value) : stringOf(value),
  int64: (value) => Number.isSafeInteger(value) ? value : mismatch(),
  double: (value) => typeof value === "number" ? value : mismatch(),
  boolean: (value) => typeof value === "boolean" ? value : mismatch(),
  datetime: dateOf,
  any: (value) => value,
};

/** A time of the API, RFC 3339; its fraction of a second is dropped. */
function dateOf(value: unknown): Date {
  const date = new Date(stringOf(value));
  return Number.isNaN(date.getTime()) ? mismatch() : date;
}

function stringOf(value: unknown): string {
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
