import type { Breach } from "./breach.ts";
import { findImports } from "./imports.ts";
import type { SourceTree } from "./source_tree.ts";

/** Finds imports that lead back to their file, one breach for each cycle that a walk meets. */
export function cycles(tree: SourceTree): readonly Breach[] {
  const edges = new Map<string, readonly string[]>();
  for (const [from, imports] of Map.groupBy(findImports(tree), (one) => one.from)) {
    edges.set(from, imports.flatMap((one) => one.target ?? []));
  }
  const done = new Set<string>();
  const found: Breach[] = [];
  for (const start of edges.keys()) walk(start, []);
  return found;

  function walk(path: string, trail: readonly string[]): void {
    const at = trail.indexOf(path);
    if (at >= 0) {
      const cycle = [...trail.slice(at), path].join(" > ");
      found.push({ path, message: `imports run in a circle: ${cycle}` });
      return;
    }
    if (done.has(path)) return;
    for (const next of edges.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  }
}
