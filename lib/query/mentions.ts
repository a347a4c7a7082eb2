import type { Navigation, Part, Path, Query, Term, With } from "./tree.ts";

/** What a query is about, as it is found on a walk through its tree. */
export type Mention =
  | { readonly type: "kinds"; readonly node: object; readonly kinds: readonly string[] }
  | { readonly type: "path"; readonly path: Path; readonly names: ReadonlySet<string> };

/** Every kind and every path from the root that a query names, sub queries included. */
export function* mentions(query: Query): Generator<Mention> {
  for (const { texts } of query.aggregate?.groups ?? []) {
    for (const text of texts) if (typeof text !== "string") yield path(text);
  }
  for (const { of } of query.aggregate?.figures ?? []) if (typeof of !== "number") yield path(of);
  for (const [index, part] of query.parts.entries()) {
    const sortsResults = query.aggregate !== undefined && index === query.parts.length - 1;
    yield* ofPart(part, sortsResults);
  }
}

function* ofPart(part: Part, sortsResults: boolean): Generator<Mention> {
  const names = new Set(part.merges.map(({ name }) => name.split(".")[0] ?? name));
  if (part.term !== undefined) yield* ofTerm(part.term, new Set());
  for (const { query } of part.merges) yield* mentions(query);
  if (part.after !== undefined) yield* ofTerm(part.after, names);
  if (part.within !== undefined) yield* ofWith(part.within);
  if (!sortsResults) { for (const key of part.sort) yield path(key.path, names); }
}

function* ofWith({ term, within }: With): Generator<Mention> {
  if (term !== undefined) yield* ofTerm(term, new Set());
  if (within !== undefined) yield* ofWith(within);
}

function* ofTerm(term: Term, names: ReadonlySet<string>): Generator<Mention> {
  for (const leaf of leaves(term)) {
    if (leaf.type === "is") yield { type: "kinds", node: leaf, kinds: leaf.kinds };
    // What is desired need not be something that a cloud reports.
    else if ("path" in leaf && leaf.type !== "has_desired_change") yield path(leaf.path, names);
  }
}

/** All leaves of a term from right to left; chains may be thousands of terms long. */
export function leaves(term: Term): readonly Term[] {
  const found: Term[] = [];
  const pending = [term];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.type === "and" || next.type === "or") pending.push(next.right, next.left);
    else if (next.type === "not") pending.push(next.term);
    else found.push(next);
  }
  return found;
}

/** Navigations of a query, those of sub queries left out. */
export function navigations(query: Query): readonly Navigation[] {
  return query.parts.flatMap(({ nav }) => nav ?? []);
}

function path(path: Path, names: ReadonlySet<string> = new Set()): Mention {
  return { type: "path", path, names };
}
