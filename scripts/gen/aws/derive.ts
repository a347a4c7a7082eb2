import { type Kind, KindIndex, type PropertyType } from "../../../lib/model/mod.ts";
import type { KindMapping, Mapping } from "../../../plugins/aws/engine/mapping.ts";
import type { DeclaredNode } from "./declared.ts";
import { declaredDefaults, declaredKind, resourceKind } from "./declared_kind.ts";
import { DerivedMembers, tagsOf } from "./derived_members.ts";
import { NestedKinds, register } from "./nested_kinds.ts";
import type { Sdk } from "./sdk.ts";
import { structureOf } from "./structure.ts";

/** Everything that follows from declarations and schemas. */
export interface Derived {
  readonly kinds: readonly Kind[];
  readonly mapping: Mapping["kinds"];
  readonly structures: Mapping["structures"];
}

/**
 * Derives kinds and mappings. Names that were released or are declared come first; a derived name
 * that is taken with another type is prefixed.
 * @param registry type by property path; grows by the names that are chosen
 */
export async function derive(
  nodes: readonly DeclaredNode[],
  sdk: Sdk,
  registry: Map<string, PropertyType>,
): Promise<Derived> {
  const facts = await Promise.all(
    nodes.map(async (node) => ({ node, members: await structureOf(node, sdk) })),
  );
  const declared = facts.map(({ node, members }) => declaredKind(node, members, nodes));
  const index = new KindIndex([resourceKind(), ...declared]);
  for (const kind of declared) {
    for (const { name, type } of kind.properties) register(registry, name, type);
  }
  const nested = new NestedKinds(registry, new Set(declared.map((kind) => kind.name)));
  const mapping: Record<string, KindMapping> = {};
  const kinds = facts.map(({ node, members }, i) => {
    const kind = declared[i] ?? resourceKind();
    const derived = new DerivedMembers(node, kind, index, registry, nested);
    derived.addAll(members);
    const full = { ...kind, properties: [...kind.properties, ...derived.properties] };
    mapping[kind.name] = {
      members: derived.members,
      defaults: { ...index.defaults(kind.name), ...declaredDefaults(node) },
      targets: kind.targets ?? [],
      ...tagsOf(node, members),
    };
    return full;
  });
  const { kinds: nestedKinds, structures } = nested.finish();
  return { kinds: [resourceKind(), ...kinds, ...nestedKinds], mapping, structures };
}
