import {
  CHANGE_TYPES,
  type Kind,
  KindIndex,
  type Property,
  type PropertyType,
} from "../../../lib/model/mod.ts";
import { RESOURCE_KIND } from "../../../plugins/aws/engine/base.ts";
import type { Field, Value } from "../../../plugins/aws/resource.ts";
import { type DeclaredNode, isReadable } from "./declared.ts";
import { simpleType } from "./nested_kinds.ts";
import { type Members, walk } from "./structure.ts";

/** Base of all kinds of the plugin but accounts and regions. */
export function resourceKind(): Kind {
  return {
    name: RESOURCE_KIND,
    bases: [],
    pythonType: pythonType("AWSResource"),
    properties: [{ name: "arn", type: "string" }],
    // Whoever deletes a stack deletes what was made with it.
    cleanup: {
      along: [{
        with: ["aws_cloudformation_stack"],
        when: {},
        by: "tags.aws:cloudformation:stack-id",
      }],
    },
  };
}

function pythonType(name: string): string {
  return `cloudkeeper_plugin_aws.resources.${name}`;
}

/** Type name of a kind that the original worker did not have: `AwsEc2LaunchTemplate`. */
function ownType(kind: string): string {
  const words = kind.split("_").map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return `ckworker_plugin_aws.resources.${words.join("")}`;
}

/** The kind with the properties that its declaration names. */
export function declaredKind(
  node: DeclaredNode,
  members: Members,
  nodes: readonly DeclaredNode[],
): Kind {
  const { declaration, listing } = node;
  const { kind, bases, pythonClass, description, phantom, volatile = [] } = declaration;
  const inherited = new Set(
    new KindIndex([resourceKind()]).properties("resource").map((p) => p.name),
  );
  for (const base of bases) {
    for (const { name } of new KindIndex([resourceKind()]).properties(base)) inherited.add(name);
  }
  const properties = Object.entries(declaration.properties ?? {}).flatMap(([name, given]) => {
    const field = toField(given);
    if (inherited.has(name) && field.type === undefined) return [];
    const type = field.type ?? typeOfPath(field.value, members);
    if (type === undefined) throw new Error(`${kind}.${name}: its type cannot be told, declare it`);
    return [ownProperty(name, type, field.default, volatile.includes(name))];
  });
  const targets = targetsOf(kind, nodes);
  const changes = CHANGE_TYPES.filter((type) =>
    type === "read" ? isReadable(node) : (declaration.change?.[type] ?? []).length > 0
  );
  const inheritedVolatile = volatile.filter((name) => inherited.has(name));
  return {
    name: kind,
    bases,
    pythonType: pythonClass === undefined ? ownType(kind) : pythonType(pythonClass),
    ...(description === undefined ? {} : { description }),
    ...(phantom === true ? { phantom } : {}),
    ...(targets.length === 0 ? {} : { targets }),
    ...(changes.length === 0 ? {} : { changes }),
    ...(declaration.cleanup === undefined ? {} : { cleanup: declaration.cleanup }),
    ...(listing === kind ? {} : { listing }),
    ...(inheritedVolatile.length === 0 ? {} : { volatile: inheritedVolatile }),
    properties,
  };
}

/** Defaults that a declaration gives, those for properties of base kinds among them. */
export function declaredDefaults({ declaration }: DeclaredNode): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(declaration.properties ?? {}).flatMap(([name, given]) => {
      const { default: value } = toField(given);
      return isDefault(value) ? [[name, value]] : [];
    }),
  );
}

/** A property as a kind declares it. */
export function ownProperty(
  name: string,
  type: PropertyType,
  value: unknown,
  volatile: boolean,
): Property {
  return {
    name,
    type,
    ...(isDefault(value) ? { default: value } : {}),
    ...(volatile ? { volatile } : {}),
  };
}

function isDefault(value: unknown): value is NonNullable<Property["default"]> {
  return value !== undefined && value !== null;
}

/** A declared value with its facts. */
export function toField(given: Value | Field): Field {
  return typeof given === "object" && !Array.isArray(given) && "value" in given
    ? given
    : { value: given as Value };
}

/** Type of what a plain path finds; undefined for functions and the values of hooks. */
function typeOfPath(value: Value, members: Members): PropertyType | undefined {
  const path = typeof value === "string" ? value : Array.isArray(value) ? value[0] : undefined;
  if (path === undefined || path.startsWith("$")) return undefined;
  const shape = walk(members, path);
  if (shape === undefined) return undefined;
  const type = simpleType(shape);
  if (type === undefined) return undefined;
  return path.includes("[]") ? `${type}[]` : type;
}

/** Properties under which edges of any kind look this one up. */
function targetsOf(kind: string, nodes: readonly DeclaredNode[]): readonly string[] {
  const targets = new Set(nodes.flatMap(({ declaration }) => [
    ...(declaration.kind === kind ? declaration.targets ?? [] : []),
    ...(declaration.edges ?? []).filter((edge) => edge.kind === kind).map((edge) => edge.by),
  ]));
  targets.delete("id");
  return [...targets].sort();
}
