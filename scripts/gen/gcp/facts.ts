import facts from "./facts.json" with { type: "json" };

/** An operation in the published description. */
export interface OperationFacts {
  readonly method: string;
  readonly path: string;
  /** `path string`, `query int64`, `repeated query string`, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly required: readonly string[];
  /** Type of the body. */
  readonly request?: string;
  readonly response?: string;
}

/** A structure: type by member. */
export type SchemaFacts = Readonly<Record<string, string>>;

/** What is known of one API. */
export interface ServiceFacts {
  readonly version: string;
  readonly root: string;
  readonly base: string;
  /** Addresses by region, of a service that is called at one of them. */
  readonly hosts?: Readonly<Record<string, string>>;
  readonly operations: Readonly<Record<string, OperationFacts>>;
  readonly schemas: Readonly<Record<string, SchemaFacts>>;
}

/** All APIs by name. */
export const SERVICES_FACTS: Readonly<Record<string, ServiceFacts>> = facts.services;

/**
 * Facts of an API.
 * @throws Error for one that is not described
 */
export function serviceFacts(service: string): ServiceFacts {
  const found = SERVICES_FACTS[service];
  if (found === undefined) throw new Error(`${service} is not in facts.json: add it to facts.py`);
  return found;
}

/** A structure; undefined for a simple type or one that lies too deep. */
export function schemaFacts(service: string, name: string): SchemaFacts | undefined {
  const { schemas } = serviceFacts(service);
  return Object.hasOwn(schemas, name) ? schemas[name] : undefined;
}

/** The innermost type of lists and dictionaries. */
export function innerType(type: string): string {
  const inner = type.endsWith("[]") ? type.slice(0, -2) : /^dictionary\[(.+)\]$/.exec(type)?.[1];
  return inner === undefined ? type : innerType(inner);
}

/** The type with its innermost one replaced. */
export function withInnerType(type: string, replace: (inner: string) => string): string {
  if (type.endsWith("[]")) return `${withInnerType(type.slice(0, -2), replace)}[]`;
  const inner = /^dictionary\[(.+)\]$/.exec(type)?.[1];
  return inner === undefined ? replace(type) : `dictionary[${withInnerType(inner, replace)}]`;
}

/**
 * Type at a path of members.
 * @throws Error when the description has no such member
 */
export function typeAt(service: string, root: string, path: string): string {
  let type = root;
  for (const member of path.split(".")) {
    const next = schemaFacts(service, type)?.[member];
    if (next === undefined) throw new Error(`${service} ${root} has no ${path}: ${type}`);
    type = next;
  }
  return type;
}
