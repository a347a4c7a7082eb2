import type { Breach } from "./breach.ts";
import { findImports, type Import } from "./imports.ts";
import type { SourceTree } from "./source_tree.ts";

/** Folders of `lib` by layer; a folder imports folders of lower layers only. */
const LAYERS: readonly (readonly string[])[] = [
  ["errors", "log", "async"],
  ["model", "metrics"],
  ["graph", "sdk", "config", "query"],
  ["sandbox", "store", "core", "web"],
  ["actions", "collect", "cleanup", "embedded", "tags"],
  ["daemon", "workflow"],
  ["cli"],
];
const LAYER: ReadonlyMap<string, number> = new Map(
  LAYERS.flatMap((folders, layer) => folders.map((folder) => [folder, layer] as const)),
);
/** The one import inside of a layer. */
const WITHIN_LAYER: ReadonlySet<string> = new Set(["log > errors"]);
/** What the plugin SDK may show of `lib`. */
const SDK_FOLDERS: ReadonlySet<string> = new Set([
  "errors",
  "log",
  "async",
  "model",
  "graph",
  "sdk",
]);
/** Modules of `lib` that hand the whole SDK to plugin files, which cannot import it. */
const SDK_GIVERS = /^lib\/sandbox\/guest\//;
/** What the host may load of a plugin. */
const PLUGIN_FACE = /^plugins\/[^/]+\/(manifest\.ts|model\.json|calls\.json)$/;
const CLOUD_PACKAGE = /^(npm:)?@(aws-sdk|smithy|azure|google-cloud|googleapis)\//;
/** Packages that a manifest may load: it is data for the host, which has both loaded anyway. */
const MANIFEST_PACKAGES: ReadonlySet<string> = new Set(["yaml", "zod"]);

/** Checks who imports whom: the layers of `lib`, and the borders around plugins. */
export function importRules(tree: SourceTree): readonly Breach[] {
  const imports = findImports(tree);
  const known = imports.filter((one) => one.target !== undefined && !tree.has(one.target))
    .map((one) => breach(one, "no such file"));
  const rules = imports.flatMap((one) => {
    const message = fault(one);
    return message === undefined ? [] : [breach(one, message)];
  });
  return [...known, ...rules, ...manifestRules(tree, imports)];
}

function fault(one: Import): string | undefined {
  if (one.from.startsWith("lib/")) return libFault(one);
  if (one.from === "mod.ts") return sdkFault(one);
  if (one.from === "plugins/mod.ts") return indexFault(one);
  if (one.from.startsWith("plugins/")) return pluginFault(one);
  if (one.from === "main.ts") return mainFault(one);
  return undefined;
}

function libFault({ from, specifier, target }: Import): string | undefined {
  if (CLOUD_PACKAGE.test(specifier)) return "cloud libraries are loaded by plugins only";
  if (target === undefined || (target === "mod.ts" && SDK_GIVERS.test(from))) return undefined;
  const importer = folderOf(from);
  const imported = folderOf(target);
  if (imported === undefined) return "lib imports lib and packages only";
  if (importer === undefined || importer === imported) return undefined;
  const [upper, lower] = [LAYER.get(importer), LAYER.get(imported)];
  if (upper === undefined) return `lib/${importer} has no layer`;
  if (lower === undefined) return `lib/${imported} has no layer`;
  if (lower < upper || WITHIN_LAYER.has(`${importer} > ${imported}`)) return undefined;
  return `lib/${importer} (layer ${upper}) may not import lib/${imported} (layer ${lower})`;
}

function sdkFault({ target }: Import): string | undefined {
  const folder = target === undefined ? undefined : folderOf(target);
  if (folder !== undefined && SDK_FOLDERS.has(folder)) return undefined;
  return `the plugin SDK shows only lib/{${[...SDK_FOLDERS].join(",")}}`;
}

function indexFault({ target }: Import): string | undefined {
  if (target === "mod.ts" || (target !== undefined && PLUGIN_FACE.test(target))) return undefined;
  return "the host loads manifest.ts, model.json and calls.json of a plugin only";
}

function pluginFault({ from, specifier, target }: Import): string | undefined {
  if (specifier === "ckworker") return undefined;
  const own = from.split("/").slice(0, 2).join("/") + "/";
  if (target === undefined || target.startsWith(own)) return undefined;
  return `plugins import "ckworker", their own files and packages only`;
}

function mainFault({ target }: Import): string | undefined {
  if (target === undefined || target === "plugins/mod.ts" || folderOf(target) !== undefined) {
    return undefined;
  }
  return "main.ts imports lib and plugins/mod.ts only";
}

/** Everything that a manifest loads is loaded by the host. */
function manifestRules(tree: SourceTree, imports: readonly Import[]): readonly Breach[] {
  const byFile = Map.groupBy(imports, (one) => one.from);
  return [...tree.keys()].filter((path) => /^plugins\/[^/]+\/manifest\.ts$/.test(path))
    .flatMap((manifest) =>
      [...reached(manifest, byFile)]
        .flatMap((path) => byFile.get(path) ?? [])
        .filter((one) => one.target === undefined && !MANIFEST_PACKAGES.has(one.specifier))
        .map((one) => breach(one, `${manifest} is data for the host and may not load this`))
    );
}

function reached(start: string, byFile: ReadonlyMap<string, readonly Import[]>): Set<string> {
  const seen = new Set([start]);
  for (const path of seen) {
    for (const { target } of byFile.get(path) ?? []) {
      if (target?.startsWith("plugins/")) seen.add(target);
    }
  }
  return seen;
}

function folderOf(path: string): string | undefined {
  return /^lib\/([^/]+)\//.exec(path)?.[1];
}

function breach({ from, line, specifier }: Import, message: string): Breach {
  return { path: from, line, message: `import of "${specifier}": ${message}` };
}
