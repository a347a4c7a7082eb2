import { join } from "node:path";

/** Texts by repo-relative path with `/`, sorted. */
export type SourceTree = ReadonlyMap<string, string>;

const ROOTS = [".ci", "docs", "lib", "plugins", "scripts", "tests"];
const TEXT = /\.(ts|js|py|json|md|txt|sh|yaml|yml|toml)$/;
/** Programs of the command line have no extension. */
const SCRIPT = /^(\.ci|scripts)\/[^./]+$/;

/** Reads everything that the rules look at: the text files of the repository, nothing brought. */
export async function readSourceTree(root: string): Promise<SourceTree> {
  const paths = [...topLevel(root), ...ROOTS.flatMap((folder) => [...walk(root, folder)])];
  const entries = paths
    .filter((path) => TEXT.test(path) || SCRIPT.test(path))
    .toSorted()
    .map(async (path) => [path, await Deno.readTextFile(join(root, path))] as const);
  return new Map(await Promise.all(entries));
}

function topLevel(root: string): string[] {
  return [...Deno.readDirSync(root)].filter((entry) => entry.isFile).map((entry) => entry.name);
}

function* walk(root: string, folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(join(root, folder))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* walk(root, path);
    else yield path;
  }
}
