import {
  chooseName,
  type Kind,
  type KindIndex,
  type Property,
  type PropertyType,
} from "../../../lib/model/mod.ts";
import type { Code } from "../../../plugins/aws/engine/mapping.ts";
import type { Value } from "../../../plugins/aws/resource.ts";
import type { DeclaredNode } from "./declared.ts";
import { ownProperty, toField } from "./declared_kind.ts";
import { lastWord, snakeCase } from "./names.ts";
import { generic, type NestedKinds, register } from "./nested_kinds.ts";
import type { Shape } from "./shape.ts";
import type { Members } from "./structure.ts";

/** Names that a node's header or a core gives; a member of that name gets its kind's last word. */
const RESERVED: ReadonlySet<string> = new Set([
  "age",
  "atime",
  "ctime",
  "expires",
  "id",
  "kind",
  "last_access",
  "last_update",
  "mtime",
  "name",
  "tags",
]);

const TAG_MEMBERS = ["Tags", "TagSet", "TagList", "tags"] as const;

/** Properties of one kind that no declaration names. */
export class DerivedMembers {
  readonly properties: Property[] = [];
  readonly members: Record<string, readonly [string, Code]> = {};
  readonly #node: DeclaredNode;
  readonly #kind: Kind;
  readonly #inherited: ReadonlyMap<string, Property>;
  readonly #registry: Map<string, PropertyType>;
  readonly #nested: NestedKinds;

  constructor(
    node: DeclaredNode,
    kind: Kind,
    index: KindIndex,
    registry: Map<string, PropertyType>,
    nested: NestedKinds,
  ) {
    this.#node = node;
    this.#kind = kind;
    this.#inherited = new Map(index.properties(kind.name).map((each) => [each.name, each]));
    this.#registry = registry;
    this.#nested = nested;
  }

  addAll(members: Members): void {
    const mapped = mappedMembers(this.#node, members);
    for (const [member, shape] of members) if (!mapped.has(member)) this.#add(member, shape);
  }

  #add(member: string, shape: Shape): void {
    const { rename = {}, secret = [], volatile = [] } = this.#node.declaration;
    const hidden = shape.sensitive || secret.includes(member);
    const found = this.#nested.type(shape, 1, hidden);
    if (found === undefined) return;
    const wanted = rename[member] ?? propertyName(this.#kind.name, member);
    const name = rename[member] ??
      chooseName(this.#registry, this.#kind.name, wanted, generic(found.type));
    if (this.#properties().has(name)) return;
    this.members[member] = [name, hidden ? "s" : found.code];
    register(this.#registry, name, generic(found.type));
    // A property of a base kind is filled, not declared again.
    if (this.#inherited.has(name)) return;
    this.properties.push(ownProperty(name, found.type, undefined, volatile.includes(name)));
  }

  /** Names that the declaration or an earlier member fills. */
  #properties(): ReadonlySet<string> {
    return new Set([
      ...Object.keys(this.#node.declaration.properties ?? {}),
      ...Object.values(this.members).map(([name]) => name),
    ]);
  }
}

function propertyName(kind: string, member: string): string {
  const name = snakeCase(member);
  return RESERVED.has(name) ? `${lastWord(kind)}_${name}` : name;
}

/** Members that a declared value takes whole, tags, and those that are left out. */
function mappedMembers({ declaration }: DeclaredNode, members: Members): ReadonlySet<string> {
  const { id, name, arn, ctime, mtime, atime, tags, properties = {}, attach = {} } = declaration;
  const values: (Value | undefined)[] = [
    id,
    name,
    arn,
    ctime,
    mtime,
    atime,
    typeof tags === "string" ? tags : undefined,
    ...Object.values(properties).map((given) => toField(given).value),
  ];
  const paths = values.flatMap((value) =>
    typeof value === "string" ? [value] : Array.isArray(value) ? value : []
  );
  const whole = paths.filter((path) => !path.includes(".")).map((path) => path.replace("[]", ""));
  const attached = paths.map((path) => (path.split(".")[0] ?? "").replace("[]", ""))
    .filter((root) => root in attach);
  const tagMember = TAG_MEMBERS.find((member) => members.has(member));
  return new Set([
    ...whole,
    ...attached,
    ...(declaration.omit ?? []),
    ...(tagMember === undefined ? [] : [tagMember]),
  ]);
}

/** Member that holds the tags, where the declaration does not say. */
export function tagsOf(
  { declaration }: DeclaredNode,
  members: Members,
): { readonly tags?: string } {
  if (declaration.tags !== undefined) return {};
  const found = TAG_MEMBERS.find((member) => members.has(member));
  return found === undefined ? {} : { tags: found };
}
