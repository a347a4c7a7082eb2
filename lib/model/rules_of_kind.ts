import type { CleanupRules, PropertyMatch } from "./cleanup_rules.ts";
import type { KindIndex } from "./kind_index.ts";

/** The rules of a kind and all its bases; none for a kind that nobody declares. */
export function cleanupRules(kinds: KindIndex, kind: string): Required<CleanupRules> {
  const rules = kinds.get(kind) === undefined
    ? []
    : [...kinds.lineage(kind)].flatMap((name) => kinds.get(name)?.cleanup ?? []);
  return {
    ended: rules.flatMap(({ ended }) => ended ?? []),
    never: rules.flatMap(({ never }) => never ?? []),
    along: rules.flatMap(({ along }) => along ?? []),
    first: rules.flatMap(({ first }) => first ?? []),
    loose: Object.assign({}, ...rules.map(({ loose }) => loose ?? {})),
  };
}

/** Whether a node's properties have the values. */
export function matchesProperties(
  match: PropertyMatch,
  node: { readonly name: string; readonly reported: Readonly<Record<string, unknown>> },
): boolean {
  return Object.entries(match).every(([path, values]) =>
    valuesAt({ ...node.reported, name: node.name }, path)
      .some((found) => values.some((value) => value === found))
  );
}

/** Values that a path finds. */
export function valuesAt(reported: unknown, path: string): readonly unknown[] {
  return path.split(".").reduce<readonly unknown[]>((found, step) => {
    const spreads = step.endsWith("[]");
    const name = spreads ? step.slice(0, -2) : step;
    return found.flatMap((value) => {
      const inner = typeof value === "object" && value !== null && Object.hasOwn(value, name)
        ? Reflect.get(value, name)
        : undefined;
      if (inner === undefined || inner === null) return [];
      return spreads && Array.isArray(inner) ? inner : [inner];
    });
  }, [reported]);
}
