import {
  AWS_SESSION_CALLS,
  awsCollectorOf,
  type AwsSecondsName,
  awsSecondsName,
} from "./aws_metrics.ts";
import type { MetricSet } from "./metric_set.ts";
import { type AccountFigures, accountLabel, type RunFigures } from "./run_figures.ts";

/** Outcomes that the original worker met as an exception of a collector. */
const FAULTS: ReadonlySet<string> = new Set(["denied", "throttled_out", "failed"]);
const CONCLUSIVE: ReadonlySet<string> = new Set(["complete", "partial", "unsupported", "gone"]);

/** Records the part of a run under the names of the original AWS plugin. */
export function recordAws(set: MetricSet, run: RunFigures): void {
  const accounts = run.accounts.filter(({ cloud, account }) => cloud === "aws" && account !== "");
  for (const account of accounts) recordAccount(set, account);
  recordSeconds(set, run, new Set(accounts.map(({ account }) => account)));
}

function recordAccount(set: MetricSet, figures: AccountFigures): void {
  const account = accountLabel(figures);
  const outcomes = Object.keys(figures.outcomes);
  if (outcomes.some((each) => FAULTS.has(each)) && !outcomes.some((each) => CONCLUSIVE.has(each))) {
    set.add("cloudkeeper_plugin_aws_unhandled_account_exceptions_total", { account });
  }
  const places = new Map<string, { account: string; region: string; collector: string }>();
  for (const { outcome, call, regions } of figures.faults) {
    const collector = awsCollectorOf(call);
    if (!FAULTS.has(outcome) || collector === undefined) continue;
    for (const region of regions) {
      places.set(`${region}\n${collector}`, { account, region, collector });
    }
  }
  for (const place of places.values()) {
    set.add("cloudkeeper_plugin_aws_unhandled_collector_exceptions_total", place);
  }
}

/** One measurement per collector, account and region, as one run of a collector was. */
function recordSeconds(set: MetricSet, run: RunFigures, accounts: ReadonlySet<string>): void {
  const wholes = new Map<string, number>();
  const parts = new Map<string, { readonly name: AwsSecondsName; readonly ms: number }>();
  for (const { call, account, region, totalMs, errors } of run.calls) {
    if (AWS_SESSION_CALLS.has(call)) {
      set.add("cloudkeeper_plugin_aws_session_exceptions_total", {}, errors);
    }
    if (!accounts.has(account)) continue;
    wholes.set(account, (wholes.get(account) ?? 0) + totalMs);
    const collector = awsCollectorOf(call);
    if (collector === undefined) continue;
    const key = JSON.stringify([collector, account, region]);
    const ms = (parts.get(key)?.ms ?? 0) + totalMs;
    parts.set(key, { name: awsSecondsName(collector), ms });
  }
  for (const ms of wholes.values()) {
    set.observe("cloudkeeper_plugin_aws_collect_seconds", {}, ms / 1000);
  }
  for (const { name, ms } of parts.values()) set.observe(name, {}, ms / 1000);
}
