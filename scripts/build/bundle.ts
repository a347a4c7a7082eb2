import { existsSync } from "node:fs";
import { join } from "node:path";
import { build, type BuildOptions, stop } from "esbuild";
import { leaveOut } from "./absent.ts";
import { nodeNames } from "./node_names.ts";

/** Where the program's modules lie, repo-relative; the bundle has the same layout with `.js`. */
export interface Entries {
  readonly main: string;
  /** Modules that run in a sandbox: never imported by the host, only started. */
  readonly guests: readonly string[];
}

/** Finds the entries: the program, the guest of every built-in plugin, the guest of plugin files. */
export function findEntries(root: string): Entries {
  const plugins = [...Deno.readDirSync(join(root, "plugins"))]
    .filter((entry) => entry.isDirectory)
    .map((entry) => `plugins/${entry.name}/worker.ts`);
  const guests = [...plugins, "lib/sandbox/guest/external.ts"]
    .filter((path) => existsSync(join(root, path)))
    .toSorted();
  return { main: "main.ts", guests };
}

/**
 * Bundles the program and its guests into `out`: `main.js`, each guest under its own path, and
 * shared or lazily imported code in `chunks/`. The packages of npm are part of it. Returns the
 * modules that it is made of, repo-relative.
 * @throws Error with esbuild's messages
 */
export async function bundle(root: string, out: string): Promise<readonly string[]> {
  const { main, guests } = findEntries(root);
  try {
    const entryPoints = [main, ...guests];
    const { metafile } = await build({ ...OPTIONS, absWorkingDir: root, entryPoints, outdir: out });
    return Object.keys(metafile.inputs);
  } finally {
    await stop();
  }
}

/** CommonJS packages inside of the bundle call `require` for Node's own modules. */
const REQUIRE = `import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url);`;

/** How everything is bundled. */
export const OPTIONS = {
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "esnext",
  // The ES module build of a package first: esbuild loses the named exports of CommonJS builds.
  mainFields: ["module", "main"],
  conditions: ["deno", "import", "node"],
  alias: { ckworker: "./mod.ts" },
  banner: { js: REQUIRE },
  plugins: [leaveOut, nodeNames],
  outbase: ".",
  chunkNames: "chunks/[name]-[hash]",
  // The licences stand beside the binary (notices.ts).
  legalComments: "none",
  metafile: true,
  // Less to read at every start; names stay, so that stacks can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: "warning",
} satisfies BuildOptions;
