import { innerKinds } from "../model/mod.ts";
import type { ToldKind } from "./dialect.ts";

/**
 * The model as JSON bodies no longer than a limit: one where that is enough, else several, each
 * complete with those before it. Kinds that need one another stay together, even over the limit.
 */
export function modelBodies(kinds: readonly ToldKind[], limit: number): readonly string[] {
  const whole = JSON.stringify(kinds);
  if (utf8Length(whole) <= limit) return [whole];
  const bodies: string[] = [];
  let texts: string[] = [];
  let length = 2;
  for (const group of closedGroups(kinds)) {
    const text = group.map((kind) => JSON.stringify(kind)).join(",");
    const added = utf8Length(text) + 1;
    if (texts.length > 0 && length + added > limit) {
      bodies.push(`[${texts.join(",")}]`);
      texts = [];
      length = 2;
    }
    texts.push(text);
    length += added;
  }
  return [...bodies, `[${texts.join(",")}]`];
}

/** Groups, each of which needs no kind but its own and those of the groups before it. */
function* closedGroups(kinds: readonly ToldKind[]): Generator<readonly ToldKind[]> {
  const needs = needsWithin(kinds);
  const told = new Set<string>();
  const missing = new Set<string>();
  let group: ToldKind[] = [];
  for (const kind of needsFirst(kinds, needs)) {
    group.push(kind);
    told.add(kind.fqn);
    missing.delete(kind.fqn);
    for (const { fqn } of needs(kind)) if (!told.has(fqn)) missing.add(fqn);
    if (missing.size > 0) continue;
    yield group;
    group = [];
  }
}

/** Every kind after those it needs, as far as they do not need one another. */
function needsFirst(kinds: readonly ToldKind[], needs: Needs): Iterable<ToldKind> {
  const begun = new Set<string>();
  const ordered: ToldKind[] = [];
  const visit = (kind: ToldKind) => {
    if (begun.has(kind.fqn)) return;
    begun.add(kind.fqn);
    for (const need of needs(kind)) visit(need);
    ordered.push(kind);
  };
  for (const kind of kinds) visit(kind);
  return ordered;
}

type Needs = (kind: ToldKind) => readonly ToldKind[];

/** Finds the kinds that a kind is made of; those that every core knows are not among them. */
function needsWithin(kinds: readonly ToldKind[]): Needs {
  const byName = new Map(kinds.map((kind) => [kind.fqn, kind]));
  return ({ bases, properties }) =>
    [...bases, ...properties.flatMap(({ kind }) => innerKinds(kind))]
      .flatMap((name) => byName.get(name) ?? []);
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
