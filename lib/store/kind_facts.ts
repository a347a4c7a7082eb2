import type { Kind } from "../model/mod.ts";

/** What the store needs to know of kinds. */
export interface KindFacts {
  /** Properties whose difference is no change, inherited ones included. */
  volatile(kind: string): ReadonlySet<string>;
  /** Whether the id alone does not tell nodes apart: kinds that derive from `region`. */
  namedByName(kind: string): boolean;
}

/** Derives the facts once for all kinds. */
export function kindFacts(kinds: readonly Kind[]): KindFacts {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const volatile = new Map<string, ReadonlySet<string>>();
  const named = new Set<string>();
  for (const { name } of kinds) {
    const line = lineage(name, byName);
    const properties = line.flatMap((kind) => kind.properties);
    volatile.set(name, new Set(properties.filter((p) => p.volatile === true).map((p) => p.name)));
    if (line.some((kind) => kind.name === "region")) named.add(name);
  }
  return {
    volatile: (kind) => volatile.get(kind) ?? NONE,
    namedByName: (kind) => named.has(kind),
  };
}

/** A kind and all kinds it derives from, bases first; unknown names are left out. */
export function lineage(name: string, byName: ReadonlyMap<string, Kind>): readonly Kind[] {
  const seen = new Map<string, Kind>();
  const visit = (current: string): void => {
    const kind = byName.get(current);
    if (kind === undefined || seen.has(current)) return;
    for (const base of kind.bases) visit(base);
    seen.set(current, kind);
  };
  visit(name);
  return [...seen.values()];
}

const NONE: ReadonlySet<string> = new Set();
