import type { AccountFault, AccountSummary, CollectorSummary, RunSummary } from "../collect/mod.ts";
import { OUTCOMES } from "../model/mod.ts";
import type { KindTotals } from "../store/mod.ts";
import { changeText } from "./change_text.ts";
import { printable, renderTable } from "./table.ts";
import { renderUpload } from "./upload_summary.ts";

/** How many calls are shown; the whole list is in the store. */
const CALLS = 5;

/** How many names of a list are shown before the rest is counted. */
const NAMES = 6;

/**
 * Renders what a run did, for people; the first line says where the result went.
 * @param steps what the steps behind the collection did, as text
 */
export function renderSummary(summary: RunSummary, steps = ""): string {
  const sections = [
    head(summary),
    collectors(summary.collectors),
    accounts(summary.accounts),
    faults(summary.accounts),
    kinds(summary.kinds),
    calls(summary.calls),
    notes(summary),
    renderUpload(summary),
    steps,
    ending(summary),
  ];
  return sections.filter((section) => section !== "").join("\n");
}

function head({ target, run, startedAt, finishedAt, graph, upload }: RunSummary): string {
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  const place = upload === undefined
    ? `Stored in ${printable(target)}`
    : `For ${printable(upload.core)}, stored in ${printable(target)}`;
  return `${place}: ${graph.nodes} nodes, ${graph.edges} edges ` +
    `in ${seconds.toFixed(1)} s (run ${run})\n`;
}

function collectors(all: readonly CollectorSummary[]): string {
  return all.filter(({ status }) => status !== "collected").map(collectorLine).join("");
}

function collectorLine({ name, status, reason, error }: CollectorSummary): string {
  const why = [error?.message ?? reason, error?.hint ?? ""].filter((part) => part !== "")
    .join(". ").replaceAll(/\s+/g, " ");
  return printable(`${name}: ${status.replaceAll("_", " ")}${why === "" ? "" : `: ${why}`}`) + "\n";
}

function accounts(all: readonly AccountSummary[]): string {
  if (all.length === 0) return "";
  return renderTable(
    ["CLOUD", "ACCOUNT", "NODES", "OUTCOMES"],
    all.map((account) => [account.cloud, nameOf(account), account.nodes, outcomesOf(account)]),
  );
}

function nameOf({ account, name }: AccountSummary): string {
  if (account === "") return "(all accounts)";
  return name === "" || name === account ? account : `${name} (${account})`;
}

function outcomesOf({ outcomes }: AccountSummary): string {
  return OUTCOMES.flatMap((outcome) => {
    const count = outcomes[outcome] ?? 0;
    return count === 0 ? [] : [`${count} ${outcome}`];
  }).join(", ");
}

function faults(all: readonly AccountSummary[]): string {
  return all.filter((account) => account.faults.length > 0)
    .map((account) => accountFaults(account)).join("\n");
}

function accountFaults(account: AccountSummary): string {
  const lines = [
    `Not whole in ${account.cloud} ${nameOf(account)}:`,
    ...account.faults.flatMap(faultLines),
    ...cure(account.faults),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function faultLines(fault: AccountFault): readonly string[] {
  const times = fault.count === 1 ? "once" : `${fault.count} times`;
  const where = fault.regions.length === 0 ? "" : ` in ${few(fault.regions)}`;
  return [
    `  ${fault.outcome}: ${fault.call} (${fault.code}) ${times}${where}`,
    `    ${fault.message}`,
    ...(fault.kinds.length === 0 ? [] : [`    ${costOf(fault)}: ${few(fault.kinds)}`]),
    ...(fault.policy
      ? ["    an organisation policy denies it: no permission of the account cures it"]
      : []),
  ];
}

function costOf({ outcome }: AccountFault): string {
  return outcome === "partial" ? "some properties keep their last good value" : "missing or stale";
}

function cure(all: readonly AccountFault[]): readonly string[] {
  const permissions = new Set(
    all.flatMap(({ permission, policy }) => permission === undefined || policy ? [] : [permission]),
  );
  return permissions.size === 0
    ? []
    : [`  To cure it, allow: ${[...permissions].sort().join(", ")}`];
}

function kinds(all: readonly KindTotals[]): string {
  const shown = all.filter(({ nodes, added, changed, removed, stale }) =>
    nodes + added + changed + removed + stale > 0
  );
  if (shown.length === 0) return "";
  return renderTable(
    ["KIND", "NODES", "CHANGE", "STALE"],
    shown.map((
      kind,
    ) => [kind.kind, kind.nodes, changeText(kind), kind.stale === 0 ? "" : kind.stale]),
  );
}

function calls(all: RunSummary["calls"]): string {
  if (all.length === 0) return "";
  return renderTable(
    ["SLOWEST CALLS", "ACCOUNT", "REGION", "COUNT", "MEAN MS", "MAX MS", "THROTTLED", "WAITED MS"],
    all.slice(0, CALLS).map((call) => [
      call.call,
      call.account,
      call.region,
      call.count,
      Math.round(call.totalMs / Math.max(call.count, 1)),
      Math.round(call.maxMs),
      call.throttles,
      Math.round(call.waitedMs),
    ]),
  );
}

function notes({ graph }: RunSummary): string {
  const lines = [
    ...references(graph.unresolved, "without a target"),
    ...references(graph.ambiguous, "with several targets: no edge"),
    ...graph.cycles.map((cycle) => `Edge left out, it closes a cycle: ${cycle}`),
    ...graph.duplicates.map((duplicate) => `Given twice with different content: ${duplicate}`),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function references(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? "reference" : "references"} ${what}`];
}

const ENDINGS: Readonly<Record<number, string>> = {
  1: "a collector or an action plugin failed, or the core does not have the graph",
  2: "the configuration of an action plugin is not usable",
  3: "not everything could be looked at; what was not keeps its last good data",
  4: "something that is marked was not cleaned up",
  130: "interrupted; what was not looked at keeps its last good data",
  143: "terminated; what was not looked at keeps its last good data",
};

function ending({ exitCode }: RunSummary): string {
  if (exitCode === 0) return "";
  return `Exit code ${exitCode}: ${ENDINGS[exitCode] ?? "see above"}\n`;
}

function few(names: readonly string[]): string {
  const rest = names.length - NAMES;
  const shown = names.slice(0, NAMES).join(", ");
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
