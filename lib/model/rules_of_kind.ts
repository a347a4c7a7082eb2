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

/**
 * The same where a property that nobody told counts as if it had one of the values: what is not known
 * is no reason to be less careful. A list that is known to be empty has none.
 */
export function mightMatch(
  match: PropertyMatch,
  node: { readonly name: string; readonly reported: Readonly<Record<string, unknown>> },
): boolean {
  const told = { ...node.reported, name: node.name };
  return Object.entries(match).every(([path, values]) =>
    isUntold(told, path.split(".")) ||
    valuesAt(told, path).some((found) => values.some((value) => value === found))
  );
}

/** Whether a path leads to where nothing is, or nothing of its form. */
function isUntold(value: unknown, [step, ...others]: readonly string[]): boolean {
  if (value === undefined || value === null) return true;
  if (step === undefined) return false;
  if (typeof value !== "object") return true;
  const spreads = step.endsWith("[]");
  const name = spreads ? step.slice(0, -2) : step;
  const inner: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  if (spreads && Array.isArray(inner)) return inner.some((each) => isUntold(each, others));
  return isUntold(inner, others);
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
