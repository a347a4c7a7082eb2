/**
 * Measures what lies behind a collector: a real guest that makes nodes out of nothing, its lines,
 * the assembler, the store, and the dump of the graph as NDJSON.
 *
 *     deno run -A scripts/bench/pipeline.ts NODES [dump]
 *
 * Prints one JSON line: seconds of wall time, peak memory of the process with its guest, and what
 * each node costs.
 */
import { collectOnce } from "../../lib/collect/mod.ts";
import type { PluginEntry } from "../../lib/sdk/mod.ts";
import { collectRequest } from "../../tests/support/collect_request.ts";
import { manifest } from "./plugins/load/manifest.ts";
import { model } from "./plugins/load/model.ts";

const ENTRY: PluginEntry = {
  manifest,
  model,
  calls: [],
  source: { type: "built-in", name: "load" },
};

if (import.meta.main) {
  const [size, mode] = Deno.args;
  const figures = await measure(Number(size ?? 10_000), mode === "dump");
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(figures)}\n`));
}

async function measure(nodes: number, dump: boolean) {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-bench-" });
  try {
    const request = collectRequest([ENTRY], `${folder}/ckworker.db`, {
      base: import.meta.url,
      dumpJson: dump ? folder : undefined,
    });
    const plugins = request.plugins.map((plugin) => ({
      ...plugin,
      options: { nodes, scopes: 10 },
    }));
    const started = performance.now();
    const summary = await collectOnce({ ...request, plugins });
    const seconds = (performance.now() - started) / 1000;
    return {
      nodes: summary.graph.nodes,
      edges: summary.graph.edges,
      dump,
      seconds: Number(seconds.toFixed(2)),
      peakMiB: peakMiB(),
      microsecondsPerNode: Number((seconds * 1e6 / nodes).toFixed(2)),
      exitCode: summary.exitCode,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Largest resident set of this process so far. */
function peakMiB(): number {
  const status = Deno.readTextFileSync("/proc/self/status");
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}
