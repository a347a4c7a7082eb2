import floats from "../../../plugins/aws/client/floats.json" with { type: "json" };
import type { ServiceName } from "../../../plugins/aws/services.ts";

/** A value of an API as the SDK's runtime schemas describe it. */
export type Shape =
  & { readonly sensitive: boolean }
  & (
    | { readonly type: "text" | "boolean" | "time" | "bytes" | "any" | "stream" }
    | { readonly type: "number"; readonly float: boolean }
    | { readonly type: "list" | "map"; readonly of: Shape }
    | StructureShape
  );

/** A structure; members are read when asked for, since structures may hold themselves. */
export interface StructureShape {
  readonly type: "structure";
  readonly sensitive: boolean;
  readonly service: ServiceName;
  readonly name: string;
  members(): ReadonlyMap<string, Shape>;
}

const LIST = 64;
const MAP = 128;
const SENSITIVE = 8;

const NUMBERS: ReadonlySet<number> = new Set([1, 17, 19]);
const SIMPLE: Readonly<Record<number, "text" | "boolean" | "bytes" | "any" | "stream">> = {
  0: "text",
  2: "boolean",
  15: "any",
  21: "bytes",
  42: "stream",
};
const FLOATS: Readonly<Record<string, readonly string[]>> = floats;

/** What the place of a schema adds to it. */
interface Spot {
  readonly service: ServiceName;
  readonly sensitive: boolean;
  /** Schemas tell whole and floating numbers not apart; the structure's member does. */
  readonly float: boolean;
}

/** Reads a schema of the SDK: a number, a lazy function, a member pair, or a named array. */
export function readShape(schema: unknown, service: ServiceName): Shape {
  return read(schema, { service, sensitive: false, float: false });
}

function read(schema: unknown, spot: Spot): Shape {
  if (typeof schema === "function") return read(schema(), spot);
  if (typeof schema === "number") return simple(schema, spot);
  if (!Array.isArray(schema)) return { type: "any", sensitive: spot.sensitive };
  const parts: readonly unknown[] = schema;
  if (parts.length === 2) return read(parts[0], hide(spot, parts[1]));
  const [form, , name, traits, first, second] = parts;
  const here = hide(spot, traits);
  const { sensitive } = here;
  switch (form) {
    case 0:
      return read(first, here);
    case 1:
      return { type: "list", of: read(first, here), sensitive };
    case 2:
      return { type: "map", of: read(second, here), sensitive };
    default:
      return structure(String(name), first, second, here);
  }
}

function hide(spot: Spot, traits: unknown): Spot {
  return isSensitive(traits) ? { ...spot, sensitive: true } : spot;
}

function simple(code: number, spot: Spot): Shape {
  const { sensitive, float } = spot;
  if (code & LIST) return { type: "list", of: simple(code & ~LIST, spot), sensitive };
  if (code & MAP) return { type: "map", of: simple(code & ~MAP, spot), sensitive };
  if (code >= 4 && code <= 7) return { type: "time", sensitive };
  if (NUMBERS.has(code)) return { type: "number", float, sensitive };
  return { type: SIMPLE[code] ?? "any", sensitive };
}

function structure(name: string, names: unknown, schemas: unknown, spot: Spot): StructureShape {
  const { service, sensitive } = spot;
  const floating = FLOATS[service] ?? [];
  return {
    type: "structure",
    service,
    name,
    sensitive,
    members: () => {
      if (!Array.isArray(names) || !Array.isArray(schemas)) return new Map();
      const list: readonly unknown[] = schemas;
      return new Map(names.map((member, i) => {
        const float = floating.includes(`${name}.${member}`);
        return [String(member), read(list[i], { service, sensitive, float })];
      }));
    },
  };
}

function isSensitive(traits: unknown): boolean {
  if (typeof traits === "number") return (traits & SENSITIVE) !== 0;
  return typeof traits === "object" && traits !== null && Boolean(Reflect.get(traits, "sensitive"));
}
