import { definition } from "../../../scripts/gen/k8s/facts.ts";

/** A value of JSON. */
export type Json = Readonly<Record<string, unknown>>;

/**
 * Checks a value against the published description of Kubernetes.
 * @returns what is wrong, with its path; empty for a value of that type
 */
export function problemsOf(value: unknown, type: string, path = ""): readonly string[] {
  if (type === "any") return [];
  if (type.endsWith("[]")) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((each, i) => problemsOf(each, type.slice(0, -2), `${path}[${i}]`));
  }
  const values = /^dictionary\[string, (.+)\]$/.exec(type)?.[1];
  const known = definition(type);
  if (values === undefined && known === undefined) {
    return isSimple(value, type) ? [] : [`${path} is no ${type}`];
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${path} is no object`];
  }
  const missing = (known?.required ?? []).filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${path}.${name} is missing`),
    ...Object.entries(value).flatMap(([name, each]) => {
      const inner = values ?? known?.fields[name];
      return inner === undefined
        ? [`${path}.${name} is not described`]
        : problemsOf(each, inner, `${path}.${name}`);
    }),
  ];
}

function isSimple(value: unknown, type: string): boolean {
  switch (type) {
    case "int64":
      return Number.isSafeInteger(value);
    case "double":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "int_or_string":
      return typeof value === "string" || Number.isSafeInteger(value);
    case "datetime":
      return typeof value === "string" && !Number.isNaN(Date.parse(value));
    default:
      return typeof value === "string";
  }
}
