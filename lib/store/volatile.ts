import type { KindIndex } from "../model/mod.ts";

/** Looks up the properties of a kind whose difference is no change. */
export function volatileProperties(index: KindIndex): (kind: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>();
  return (kind) => {
    const found = known.get(kind) ?? namesOf(index, kind);
    known.set(kind, found);
    return found;
  };
}

function namesOf(index: KindIndex, kind: string): ReadonlySet<string> {
  if (index.get(kind) === undefined) return new Set();
  return new Set(index.properties(kind).filter((each) => each.volatile).map(({ name }) => name));
}
