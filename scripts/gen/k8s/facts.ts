import facts from "./facts.json" with { type: "json" };

/** An object or a part of one in the published description. */
export interface Definition {
  readonly required: readonly string[];
  /** Type by member: `string`, `int64`, `X[]`, `dictionary[string, X]`, or another definition. */
  readonly fields: Readonly<Record<string, string>>;
}

const definitions = new Map<string, Definition>(
  Object.entries(facts.definitions).map(([name, { required, fields }]) => [
    name,
    { required, fields: Object.fromEntries(Object.entries(fields)) },
  ]),
);

/** A definition by name, `core.v1.Pod`; undefined for a simple type. */
export function definition(name: string): Definition | undefined {
  return definitions.get(name);
}

/** Version of Kubernetes that the facts describe. */
export const VERSION = facts.version;

/**
 * Type at a path of members.
 * @throws Error when the description has no such member
 */
export function typeAt(root: string, path: string): string {
  let type = root;
  for (const member of path.split(".")) {
    const next: string | undefined = definitions.get(type)?.fields[member];
    if (next === undefined) throw new Error(`${root} has no ${path}: ${type} lacks ${member}`);
    type = next;
  }
  return type;
}
