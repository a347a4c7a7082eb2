import { isRecord, type KindIndex, typeForm } from "ckworker";

const INT64 = 2n ** 63n;
const TIME = /^\d{4}-\d{2}-\d{2}(?:[T ].+)?$/;

/**
 * Whether a value is of a property's type. A core refuses a whole graph for one that is not, so what
 * does not fit is never passed on.
 */
export function fitsType(kinds: KindIndex, type: string, value: unknown): boolean {
  const form = typeForm(type);
  switch (form.form) {
    case "array":
      return Array.isArray(value) && value.every((part) => fitsType(kinds, form.of, part));
    case "dictionary":
      return isRecord(value) &&
        Object.values(value).every((part) => fitsType(kinds, form.of, part));
    case "name":
      return fitsName(kinds, form.name, value);
  }
}

function fitsName(kinds: KindIndex, name: string, value: unknown): boolean {
  switch (name) {
    case "any":
      return true;
    case "string":
    case "duration":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "int32":
      return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31;
    case "int64":
      return typeof value === "bigint"
        ? value < INT64 && value >= -INT64
        : Number.isSafeInteger(value);
    case "float":
    case "double":
      return typeof value === "number" || typeof value === "bigint";
    case "date":
    case "datetime":
      return typeof value === "string" && TIME.test(value) && !Number.isNaN(Date.parse(value));
    default:
      return fitsKind(kinds, name, value);
  }
}

/** A nested value has the members of its kind and no others. */
function fitsKind(kinds: KindIndex, name: string, value: unknown): boolean {
  if (kinds.get(name) === undefined || !isRecord(value)) return false;
  const types = typesOf(kinds, name);
  return Object.entries(value).every(([member, part]) => {
    if (member === "kind") return part === name;
    const type = types.get(member);
    return type !== undefined && (part === null || fitsType(kinds, type, part));
  });
}

const known = new WeakMap<KindIndex, Map<string, ReadonlyMap<string, string>>>();

/** Types of the properties that a node of a kind may report, by name. */
export function typesOf(kinds: KindIndex, kind: string): ReadonlyMap<string, string> {
  let ofKinds = known.get(kinds);
  if (ofKinds === undefined) known.set(kinds, ofKinds = new Map());
  let types = ofKinds.get(kind);
  if (types === undefined) {
    const sent = kinds.properties(kind).filter(({ synthetic }) => synthetic === undefined);
    types = new Map(sent.map(({ name, type }) => [name, type]));
    ofKinds.set(kind, types);
  }
  return types;
}
