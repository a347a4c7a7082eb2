/**
 * Measures queries on a store that it makes: the everyday questions of docs/queries.md.
 *
 *     deno run -A scripts/bench/query.ts [NODES] [TIMES]
 *
 * Each query runs TIMES times (default 3) in this process, and the whole answer is read; the shortest
 * and the longest time are printed, one JSON line a query.
 */
import { expandMacros, parseQuery } from "../../lib/query/mod.ts";
import type { Store } from "../../lib/store/mod.ts";
import { prepareQuery } from "../../lib/store/query/prepare.ts";
import { everydayQueries } from "../../tests/support/query/everyday.ts";
import { largeStore } from "../../tests/support/query/large_store.ts";

if (import.meta.main) {
  const [nodes = 100_000, times = 3] = Deno.args.map(Number);
  const folder = await Deno.makeTempDir({ prefix: "ckworker-bench-" });
  try {
    using store = await largeStore(`${folder}/s.db`, nodes);
    for (const query of await everydayQueries()) print(measure(store, query, times));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function measure(store: Store, query: string, times: number) {
  const runs = Array.from({ length: times }, () => {
    const started = performance.now();
    const found = answer(store, query);
    return { found, ms: performance.now() - started };
  });
  const all = runs.map(({ ms }) => ms);
  return {
    query,
    found: runs[0]?.found,
    ms: [Math.round(Math.min(...all)), Math.round(Math.max(...all))],
  };
}

function answer(store: Store, query: string): number {
  const now = new Date();
  const prepared = prepareQuery(store, parseQuery(expandMacros(query, now)), { now });
  if (prepared.sql.aggregation !== undefined) return Array.from(prepared.groups()).length;
  return Array.from(prepared.nodes(), (node) => node.document()).length;
}

function print(figures: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(figures)}\n`));
}
