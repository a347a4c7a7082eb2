import { BASE_KINDS, type Kind, type KindIndex, type Property } from "../../model/mod.ts";
import type { NodeInput } from "../collector.ts";
import { Misfit, toType } from "./to_type.ts";

/** One thing of a list, as the API gave it. */
export type RawRecord = Readonly<Record<string, unknown>>;

/** Where a value comes from: a path of members (`profile.email`), or a function. */
export type Source = string | ((record: RawRecord) => unknown);

/** What is not said by the names of a kind's properties, which are members of a record by default. */
export interface RecordMapping {
  readonly kind: string;
  readonly id: Source;
  /** Default: the id. */
  readonly name?: Source;
  /** Sources by property, for those that are not named as the member. */
  readonly from?: Readonly<Record<string, Source>>;
  /** Values of properties that the record does not give; by default those of the model. */
  readonly defaults?: Readonly<Record<string, unknown>>;
}

/** A node, and the properties whose values were of no use. */
export interface MappedRecord {
  readonly node: NodeInput;
  readonly misfits: readonly string[];
}

/** Makes nodes of records. */
export interface NodeMapper {
  /** Undefined when it is no record or has no id. */
  map(record: unknown): MappedRecord | undefined;
}

/** Times that every node may have; a kind's mapping names their sources. */
const TIMES = ["ctime", "mtime", "atime"] as const;

/**
 * Makes nodes of records by the model: each property takes the member of its name if the value fits
 * its type. One that does not fit is left out, since a core refuses a whole graph for it, and keeps
 * its last good value.
 */
export class RecordMapper implements NodeMapper {
  readonly #mapping: RecordMapping;
  readonly #properties: readonly MappedProperty[];

  constructor(kinds: KindIndex, mapping: RecordMapping) {
    this.#mapping = mapping;
    const own = ownProperties(kinds, kinds.require(mapping.kind));
    const times = TIMES.filter((time) => mapping.from?.[time] !== undefined)
      .map((name): Property => ({ name, type: "datetime" }));
    this.#properties = [...own.filter(({ name }) => name !== "name"), ...times].map(
      ({ name, type, default: ofModel }) => ({
        name,
        type,
        source: mapping.from?.[name] ?? name,
        otherwise: mapping.defaults?.[name] ?? ofModel,
      }),
    );
  }

  map(record: unknown): MappedRecord | undefined {
    if (!isRecord(record)) return undefined;
    const { kind, id: idSource, name: nameSource } = this.#mapping;
    const id = textOf(read(record, idSource));
    if (id === undefined || id === "") return undefined;
    const name = nameSource === undefined ? undefined : textOf(read(record, nameSource));
    const reported: Record<string, unknown> = { tags: {} };
    const misfits: string[] = [];
    for (const { name: property, source, type, otherwise } of this.#properties) {
      const value = read(record, source) ?? otherwise;
      if (value === undefined || value === null) continue;
      const fitting = toType(value, type);
      if (fitting instanceof Misfit) misfits.push(property);
      else reported[property] = fitting;
    }
    const keep = misfits.length === 0 ? {} : { keep: misfits };
    return { node: { kind, id, name: name ?? id, reported, ...keep }, misfits };
  }
}

interface MappedProperty {
  readonly name: string;
  readonly type: string;
  readonly source: Source;
  /** Value where the record gives none. */
  readonly otherwise: unknown;
}

/** Whether a value has members. */
export function isRecord(value: unknown): value is RawRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A member of a record by path; undefined where there is none, and something that fits no type where
 * the path leads through what has no members.
 */
export function read(record: RawRecord, source: Source): unknown {
  if (typeof source === "function") return source(record);
  let value: unknown = record;
  for (const member of source.split(".")) {
    if (value === undefined || value === null) return undefined;
    if (!isRecord(value)) return new Misfit();
    value = Object.hasOwn(value, member) ? value[member] : undefined;
  }
  return value;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : undefined;
}

/** Properties of a kind and of those bases that come from the same plugin, not from the program. */
function ownProperties(kinds: KindIndex, kind: Kind): readonly Property[] {
  const inherited = kind.bases.flatMap((base) => {
    return OF_THE_PROGRAM.has(base) ? [] : ownProperties(kinds, kinds.require(base));
  });
  return [...inherited, ...kind.properties];
}

const OF_THE_PROGRAM: ReadonlySet<string> = new Set(BASE_KINDS.map(({ name }) => name));
