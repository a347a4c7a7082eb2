import { recordAws } from "./record_aws.ts";
import { type CallLabels, type Catalogue, OTHER } from "./catalogue.ts";
import type { MetricSet } from "./metric_set.ts";
import { accountLabel, type CallFigures, type RunFigures } from "./run_figures.ts";

/** Accounts that have series of their own; what lies behind is counted as one. */
const ACCOUNTS = 2_000;

/** Records a run that ended. */
export function recordRun(set: MetricSet, catalogue: Catalogue, run: RunFigures): void {
  recordEnd(set, run);
  recordScopes(set, run);
  recordGraph(set, catalogue, run);
  recordCalls(set, catalogue, run.calls);
  recordAws(set, run);
}

function recordEnd(set: MetricSet, run: RunFigures): void {
  const ended = Date.parse(run.finishedAt) / 1000;
  const outcome = OUTCOMES.get(run.exitCode) ?? "failed";
  set.add("ckworker_runs_total", { outcome });
  set.observe("ckworker_run_seconds", {}, ended - Date.parse(run.startedAt) / 1000);
  set.set("ckworker_last_run_timestamp_seconds", {}, ended);
  if (run.resolveSeconds !== undefined) {
    set.observe("cloudkeeper_graph_resolve_deferred_connections", {}, run.resolveSeconds);
  }
  if (outcome === "whole") set.set("ckworker_last_whole_run_timestamp_seconds", {}, ended);
  for (const { name, status } of run.collectors) {
    const collector = name;
    set.add("ckworker_collector_runs_total", { collector, status });
    if (status === "failed") {
      set.add("cloudkeeper_unhandled_plugin_exceptions_total", { plugin: name });
    }
    if (status === "collected") {
      set.set("ckworker_collector_last_success_timestamp_seconds", { collector }, ended);
    }
  }
}

const OUTCOMES: ReadonlyMap<number, string> = new Map([
  [0, "whole"],
  [3, "incomplete"],
  [130, "interrupted"],
  [143, "interrupted"],
]);

function recordScopes(set: MetricSet, { accounts }: RunFigures): void {
  set.forget("ckworker_scopes");
  const sums = new Map<string, { cloud: string; account: string; outcome: string; n: number }>();
  for (const [index, each] of accounts.entries()) {
    const account = index < ACCOUNTS ? accountLabel(each) : OTHER;
    for (const [outcome, n = 0] of Object.entries(each.outcomes)) {
      const key = JSON.stringify([each.cloud, account, outcome]);
      const known = sums.get(key)?.n ?? 0;
      sums.set(key, { cloud: each.cloud, account, outcome, n: known + n });
    }
  }
  for (const { n, ...labels } of sums.values()) if (n > 0) set.set("ckworker_scopes", labels, n);
}

function recordGraph(set: MetricSet, catalogue: Catalogue, { graph, kinds }: RunFigures): void {
  set.forget("ckworker_nodes", "ckworker_stale_nodes");
  for (const { kind, nodes, stale, added, changed, removed } of kinds) {
    const cloud = catalogue.cloudOfKind(kind);
    set.set("ckworker_nodes", { cloud, kind }, nodes);
    set.set("ckworker_stale_nodes", { cloud, kind }, stale);
    const changes = { added, changed, removed };
    for (const [change, count] of Object.entries(changes)) {
      set.add("ckworker_node_changes_total", { cloud, change }, count);
    }
  }
  set.set("ckworker_edges", {}, graph.edges);
  const reasons = {
    no_target: graph.unresolved,
    several_targets: graph.ambiguous,
    cycle: graph.cycles.length,
  };
  for (const [reason, count] of Object.entries(reasons)) {
    set.set("ckworker_references_without_edge", { reason }, count);
  }
}

function recordCalls(set: MetricSet, catalogue: Catalogue, calls: readonly CallFigures[]): void {
  set.forget("ckworker_api_slowest_seconds");
  const slowest = new Map<string, { readonly labels: CallLabels; readonly ms: number }>();
  for (const call of calls) {
    const labels = catalogue.call(call.call);
    set.add("ckworker_api_calls_total", labels, call.count);
    set.add("ckworker_api_errors_total", labels, call.errors);
    set.add("ckworker_api_throttles_total", labels, call.throttles);
    set.add("ckworker_api_retries_total", labels, call.retries);
    set.add("ckworker_api_seconds_total", labels, call.totalMs / 1000);
    set.add("ckworker_api_wait_seconds_total", labels, call.waitedMs / 1000);
    const key = JSON.stringify(labels);
    const ms = Math.max(slowest.get(key)?.ms ?? 0, call.maxMs);
    slowest.set(key, { labels, ms });
  }
  for (const { labels, ms } of slowest.values()) {
    set.set("ckworker_api_slowest_seconds", labels, ms / 1000);
  }
}
