import type { Breach } from "./breach.ts";
import type { SourceTree } from "./source_tree.ts";

/** Every folder of `lib` shows itself through its `mod.ts`. */
export function folderRules(tree: SourceTree): readonly Breach[] {
  const folders = new Set(
    [...tree.keys()].flatMap((path) => /^lib\/[^/]+(?=\/.*\.ts$)/.exec(path) ?? []),
  );
  return [...folders].filter((folder) => !tree.has(`${folder}/mod.ts`))
    .map((path) => ({ path, message: "has no mod.ts" }));
}
