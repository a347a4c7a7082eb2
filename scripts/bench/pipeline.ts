/**
 * Measures what lies behind a collector: a real guest that makes nodes out of nothing, its lines,
 * the assembler, the store, and the dump of the graph as NDJSON.
 *
 *     deno run -A scripts/bench/pipeline.ts NODES [dump] [again]
 *
 * `dump` writes the graph as NDJSON, too; `again` collects the same once more and measures that. The
 * guest runs in a process of its own (`--fork`), so that time of the processor and memory are the
 * host's alone. Prints one JSON line.
 */
import process from "node:process";
import { collectOnce } from "../../lib/collect/mod.ts";
import { GUEST_COMMAND, runGuestChild } from "../../lib/sandbox/mod.ts";
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
  const [size, ...modes] = Deno.args;
  if (size === GUEST_COMMAND) await runGuestChild();
  else {
    const figures = await measure(
      Number(size ?? 10_000),
      modes.includes("dump"),
      modes.includes("again"),
    );
    Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(figures)}\n`));
  }
}

async function measure(nodes: number, dump: boolean, again: boolean) {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-bench-" });
  try {
    const request = collectRequest([ENTRY], `${folder}/ckworker.db`, {
      base: import.meta.url,
      fork: true,
      timeoutSeconds: 600,
      dumpJson: dump ? folder : undefined,
    });
    const plugins = request.plugins.map((plugin) => ({
      ...plugin,
      options: { nodes, scopes: 10 },
    }));
    if (again) await collectOnce({ ...request, plugins });
    const before = process.cpuUsage();
    const started = performance.now();
    const summary = await collectOnce({ ...request, plugins });
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(before);
    return {
      nodes: summary.graph.nodes,
      edges: summary.graph.edges,
      dump,
      again,
      seconds: rounded(seconds),
      hostCpuSeconds: rounded((user + system) / 1e6),
      hostPeakMiB: peakMiB(),
      microsecondsPerNode: rounded(seconds * 1e6 / nodes),
      cpuMicrosecondsPerNode: rounded((user + system) / nodes),
      exitCode: summary.exitCode,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}

/** Largest resident set of this process so far. */
function peakMiB(): number {
  const status = Deno.readTextFileSync("/proc/self/status");
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}
