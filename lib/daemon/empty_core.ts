import type { Core, DialectName } from "../core/mod.ts";

/** A core without any node, to let an action plugin read its configuration. */
export function emptyCore(dialect: DialectName): Core {
  return {
    name: "nothing",
    dialect: () => Promise.resolve(dialect),
    traits: () => Promise.resolve({ crossingEdges: "drop", merges: "one", nodeIds: "with_name" }),
    prepare: () => Promise.resolve(),
    commit: () => Promise.resolve({ parts: [], bytes: 0, shortened: [] }),
    async *query() {},
    async *aggregate() {},
    patch: () => Promise.resolve(),
  };
}
