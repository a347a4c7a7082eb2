import { builtinModules } from "node:module";
import type { Plugin } from "esbuild";

/**
 * Node's own modules under their full names. The runtime takes the short ones, which older packages
 * use, in `require` alone.
 */
export const nodeNames: Plugin = {
  name: "node-names",
  setup(build) {
    const names = new Set(builtinModules);
    build.onResolve({ filter: /^[a-z_]+(\/[a-z_]+)*$/ }, ({ path, kind }) => {
      const isImport = kind === "import-statement" || kind === "dynamic-import";
      return isImport && names.has(path) ? { path: `node:${path}`, external: true } : undefined;
    });
  },
};
