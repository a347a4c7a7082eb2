import type { NodePatch } from "./core.ts";

/**
 * Patches as bodies of one JSON document a line. A core takes each node once in a request, so that
 * a second patch of a node begins another; nothing to patch is no body.
 */
export function patchBodies(patches: Iterable<NodePatch>): readonly string[] {
  const bodies: string[] = [];
  let lines: string[] = [];
  const ids = new Set<string>();
  for (const patch of patches) {
    if (ids.has(patch.id)) {
      bodies.push(`${lines.join("\n")}\n`);
      lines = [];
      ids.clear();
    }
    ids.add(patch.id);
    lines.push(lineOf(patch));
  }
  return lines.length === 0 ? bodies : [...bodies, `${lines.join("\n")}\n`];
}

/** Only what a core takes, and only sections that are given; null deletes one. */
function lineOf({ id, reported, desired, metadata }: NodePatch): string {
  return JSON.stringify({ id, reported, desired, metadata });
}
