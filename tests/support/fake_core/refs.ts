import { adjacency } from "./merge_graph.ts";
import type { Model } from "./model.ts";

/** Levels that every node lies in, outermost first. */
export const LEVELS = ["cloud", "account", "region", "zone"] as const;
export type Level = typeof LEVELS[number];

/** Ids of the nodes that a node lies in, by level. */
export type Refs = Readonly<Partial<Record<Level, string>>>;

/**
 * Finds for each node the nearest cloud, account, region and zone along incoming edges. A node of
 * such a kind lies in itself.
 */
export function resolveRefs(
  ids: Iterable<string>,
  edges: Iterable<{ readonly from: string; readonly to: string }>,
  kindOf: (id: string) => string | undefined,
  model: Model,
): ReadonlyMap<string, Refs> {
  const up = adjacency([...edges].map(({ from, to }) => ({ from: to, to: from })));
  const levels = new Map<string, Level | undefined>();
  const levelOf = (id: string) => {
    const kind = kindOf(id) ?? "";
    if (!levels.has(kind)) {
      levels.set(kind, LEVELS.find((each) => model.hierarchy(kind).has(each)));
    }
    return levels.get(kind);
  };
  return new Map([...ids].map((id) => [id, nearest(id, up, levelOf)]));
}

/** Breadth first, so that the nearest of each level is found first. */
function nearest(
  id: string,
  up: ReadonlyMap<string, readonly string[]>,
  levelOf: (id: string) => Level | undefined,
): Refs {
  const refs: Partial<Record<Level, string>> = {};
  const seen = new Set([id]);
  // A set yields what is added while it is walked.
  for (const each of seen) {
    const level = levelOf(each);
    if (level !== undefined) refs[level] ??= each;
    if (level === "cloud") continue;
    for (const parent of up.get(each) ?? []) seen.add(parent);
  }
  return refs;
}
