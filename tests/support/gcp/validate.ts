import { innerType, schemaFacts } from "../../../scripts/gen/gcp/facts.ts";

/**
 * Checks a value against the published description of an API.
 * @returns what is wrong, with its path; empty for a value of that type
 */
export function problemsOf(
  service: string,
  value: unknown,
  type: string,
  path = "",
): readonly string[] {
  if (type.endsWith("[]")) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((each, i) =>
      problemsOf(service, each, type.slice(0, -2), `${path}[${i}]`)
    );
  }
  const values = /^dictionary\[(.+)\]$/.exec(type)?.[1];
  const known = schemaFacts(service, type);
  if (values === undefined && known === undefined) {
    return isSimple(value, type) ? [] : [`${path} is no ${type}`];
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${path} is no object`];
  }
  return Object.entries(value).flatMap(([name, each]) => {
    const inner = values ?? known?.[name];
    return inner === undefined
      ? [`${path}.${name} is not described in ${innerType(type)}`]
      : problemsOf(service, each, inner, `${path}.${name}`);
  });
}

function isSimple(value: unknown, type: string): boolean {
  switch (type) {
    case "int64":
      return Number.isSafeInteger(value);
    case "int64_text":
      return typeof value === "string" && /^-?\d+$/.test(value);
    case "double":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string";
    case "datetime":
      return typeof value === "string" && !Number.isNaN(Date.parse(value));
    default:
      // Structures that lie deeper than the facts go.
      return true;
  }
}
