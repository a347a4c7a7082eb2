import type { JsonObject } from "./json.ts";
import { isObject } from "./json.ts";
import { isComplex, type Model, typeForm } from "./model.ts";

const MAX_PROBLEMS = 20;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATETIME =
  /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)?$/;
const DURATION = /^[+-]?(\d+(\.\d+)?\s*[a-zA-Z]+[\s,]*(and\s*)?)+$|^P(?=.)[\dDWMYTHS.]+$/;

/** What a core makes of a value, or why it refuses it. */
export interface CheckedValue {
  readonly value: unknown;
  readonly problems: readonly string[];
}

/** Checks the properties of a node of this kind, and brings dates into the core's form. */
export function checkReported(model: Model, kind: string, reported: JsonObject): CheckedValue {
  const checked = checkComplex(model, kind, reported, "reported");
  return { ...checked, problems: checked.problems.slice(0, MAX_PROBLEMS) };
}

function checkComplex(model: Model, kind: string, value: unknown, path: string): CheckedValue {
  if (!isObject(value)) return wrong(value, path, kind);
  const properties = model.properties(kind);
  const open = model.allowsUnknown(kind);
  const result: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, inner] of Object.entries(value)) {
    const property = properties.get(name);
    result[name] = inner;
    if (property === undefined) {
      if (!open) problems.push(`${path}.${name}: Property is not defined in model ${kind}`);
    } else if (property.synthetic) {
      problems.push(`${path}.${name}: a synthetic property is never sent`);
    } else if (inner === null) {
      if (property.required) problems.push(`${path}.${name}: is required, but null`);
    } else {
      const checked = checkValue(model, property.kind, inner, `${path}.${name}`);
      result[name] = checked.value;
      problems.push(...checked.problems);
    }
  }
  const missing = [...properties.values()].filter((each) => each.required && !(each.name in value));
  problems.push(...missing.map(({ name }) => `${path}.${name}: is required, but missing`));
  return { value: result, problems };
}

function checkValue(model: Model, type: string, value: unknown, path: string): CheckedValue {
  const form = typeForm(type);
  if (form.form === "array") {
    if (!Array.isArray(value)) return wrong(value, path, type);
    return joined(value.map((each, at) => checkValue(model, form.of, each, `${path}[${at}]`)));
  }
  if (form.form === "dictionary") return checkDictionary(model, form, value, path);
  const kind = model.get(form.name);
  if (kind === undefined) return checkSimple(form.name, value, path);
  if (isComplex(kind)) return checkComplex(model, kind.fqn, value, path);
  const checked = checkSimple(kind.runtime_kind, value, path);
  if (checked.problems.length > 0 || kind.enum === undefined) return checked;
  return typeof value === "string" && kind.enum.includes(value)
    ? checked
    : wrong(value, path, `enum ${kind.fqn}`);
}

function checkDictionary(
  model: Model,
  { key, of }: { readonly key: string; readonly of: string },
  value: unknown,
  path: string,
): CheckedValue {
  if (!isObject(value)) return wrong(value, path, `dictionary[${key}, ${of}]`);
  const values = Object.entries(value).map(([name, inner]) => {
    const { value, problems } = checkValue(model, of, inner, `${path}.${name}`);
    return { name, value, problems };
  });
  return {
    value: Object.fromEntries(values.map(({ name, value }) => [name, value])),
    problems: values.flatMap(({ problems }) => problems),
  };
}

function checkSimple(type: string, value: unknown, path: string): CheckedValue {
  if (type === "date" || type === "datetime") return checkDate(type, value, path);
  return SIMPLE[type]?.(value) === true ? { value, problems: [] } : wrong(value, path, type);
}

const SIMPLE: Readonly<Record<string, (value: unknown) => boolean>> = {
  any: () => true,
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  int32: (value) => isWhole(value, 2 ** 31),
  int64: (value) => isWhole(value, 2 ** 63),
  float: (value) => typeof value === "number",
  double: (value) => typeof value === "number",
  duration: (value) => typeof value === "string" && DURATION.test(value),
};

function isWhole(value: unknown, limit: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= -limit && value < limit;
}

/** Dates are brought to UTC, to the second. Without a zone they are taken as UTC. */
function checkDate(type: string, value: unknown, path: string): CheckedValue {
  if (typeof value !== "string" || !(DATE.test(value) || DATETIME.test(value))) {
    return wrong(value, path, type);
  }
  const zone = /(Z|[+-]\d{2}(:?\d{2})?)$/.exec(value.slice(10))?.[0];
  const text = value.slice(0, 10) + value.slice(10).replace(" ", "T").replace(",", ".");
  const time = Date.parse(zone === undefined && text.length > 10 ? `${text}Z` : fullZone(text));
  if (Number.isNaN(time)) return wrong(value, path, type);
  const utc = new Date(time).toISOString();
  return { value: type === "date" ? utc.slice(0, 10) : `${utc.slice(0, 19)}Z`, problems: [] };
}

/** JavaScript wants `+02:00` where Python also writes `+0200` and `+02`. */
function fullZone(text: string): string {
  return text.length <= 10
    ? text
    : text.replace(/([+-]\d{2}):?(\d{2})?$/, (_, hours, minutes) => `${hours}:${minutes ?? "00"}`);
}

function wrong(value: unknown, path: string, type: string): CheckedValue {
  const shown = JSON.stringify(value)?.slice(0, 60);
  return { value, problems: [`${path}: Expected ${type} but got ${shown}`] };
}

function joined(checked: readonly CheckedValue[]): CheckedValue {
  return {
    value: checked.map(({ value }) => value),
    problems: checked.flatMap(({ problems }) => problems),
  };
}
