import { z } from "zod";
import type { RunDetails, RunRecord } from "../store/mod.ts";
import { changeText } from "./change_text.ts";
import { defineCommand, type Invocation } from "./command.ts";
import { openStoreOf, storeCode } from "./open_store.ts";
import { print, printJson } from "./print.ts";
import { renderTable } from "./table.ts";

/** `ckworker runs [RUN]`: the runs in the store, or one with its ledger. */
export const runs = defineCommand({
  name: "runs",
  summary: "shows the runs in the store, or one with its ledger",
  usage: "[RUN]",
  positionals: 1,
  options: z.object({}),
  candidates: () => ["last"],
  run: showRuns,
});

async function showRuns(invocation: Invocation): Promise<number> {
  const { listRuns, showRun } = await storeCode();
  using store = await openStoreOf(invocation, "read");
  const [id] = invocation.positionals;
  const json = invocation.settings.output === "json";
  if (id === undefined) {
    const records = listRuns(store);
    if (json) printJson(invocation, records);
    else print(invocation, renderRuns(records));
  } else {
    const details = showRun(store, id);
    if (json) printJson(invocation, details);
    else print(invocation, renderRun(details));
  }
  return 0;
}

/** One line per run. */
export function renderRuns(records: readonly RunRecord[]): string {
  return renderTable(
    ["RUN", "STARTED", "SECONDS", "EXIT", "COLLECTORS", "SCOPES", "NODES", "CHANGE", "STALE"],
    records.map((run) => [
      run.id,
      run.startedAt,
      secondsOf(run),
      run.exitCode ?? "interrupted",
      run.collectors.join(" "),
      run.scopes,
      run.nodes,
      changeText(run),
      run.stale === 0 ? "" : run.stale,
    ]),
  );
}

/** The run and every scope of its ledger. */
export function renderRun(run: RunDetails): string {
  const ledger = renderTable(
    ["CLOUD", "ACCOUNT", "REGION", "RESOURCE", "OUTCOME", "NODES", "CHANGE", "STALE"],
    run.ledger.map(({ cloud, account, region, resource, outcome, stats }) => [
      cloud,
      account,
      region,
      resource,
      outcome,
      stats.nodes,
      changeText(stats),
      stats.stale === 0 ? "" : stats.stale,
    ]),
  );
  return `${renderRuns([run])}\n${ledger}`;
}

function secondsOf({ startedAt, finishedAt }: RunRecord): string {
  if (finishedAt === null) return "";
  return ((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000).toFixed(1);
}
