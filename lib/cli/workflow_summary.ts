import type {
  ActionSummary,
  CleanupSummary,
  DecisionGroup,
  DroppedMarks,
  StepsSummary,
  Trouble,
} from "../workflow/mod.ts";
import { EXIT } from "./exit_codes.ts";
import { printable, renderTable } from "./table.ts";

/** Exit codes of what went wrong in the steps behind the collection. */
export function troubleCodes(
  workflow: StepsSummary | undefined,
  signal: AbortSignal,
): readonly number[] {
  const interrupted = signal.reason === "SIGTERM" ? EXIT.terminated : EXIT.interrupted;
  const codes: Readonly<Record<Trouble, number>> = {
    usage: EXIT.usage,
    failed: EXIT.failed,
    cleanup: EXIT.cleanup,
    interrupted,
  };
  return (workflow?.troubles ?? []).map((trouble) => codes[trouble]);
}

/** What the action plugins and the clean-up did, for people. */
export function renderSteps({ actions, dropped, cleanup }: StepsSummary): string {
  return [decisions(actions), ...actions.map(failure), ends(dropped), renderCleanup(cleanup)]
    .filter((section) => section !== "").join("\n");
}

function decisions(actions: readonly ActionSummary[]): string {
  const rows = actions.flatMap(({ plugin, decisions, status }) =>
    decisions.length === 0 && status === "done"
      ? [[plugin, "nothing", "", "", "", ""]]
      : decisions.map((group) => [
        plugin,
        decisionText(group),
        group.count,
        group.account,
        group.kind,
        reasonText(group.reasons),
      ])
  );
  if (rows.length === 0) return "";
  return renderTable(["ACTION PLUGIN", "DID", "NODES", "ACCOUNT", "KIND", "WHY"], rows);
}

/** One reason stands for those that differ. */
function reasonText([first = "", ...more]: readonly string[]): string {
  return more.length === 0 ? first : `${first}, …`;
}

const DONE: Readonly<Record<DecisionGroup["type"], string>> = {
  mark: "marked",
  unmark: "unmarked",
  protect: "protected",
  note: "noted",
  tag: "tagged",
};

function decisionText({ type, outcome }: DecisionGroup): string {
  if (outcome === "done") return DONE[type];
  if (outcome === "recorded") return `would have ${DONE[type]}`;
  return outcome === "refused" ? `refused: ${type}` : `${DONE[type]} already`;
}

function failure({ plugin, error }: ActionSummary): string {
  if (error === undefined) return "";
  const hint = error.hint === undefined ? "" : ` ${error.hint}`;
  return printable(`${plugin} failed: ${error.message}${hint}`.replaceAll(/\s+/g, " ")) + "\n";
}

function ends(dropped: readonly DroppedMarks[]): string {
  return dropped.map(({ rule, count }) =>
    printable(
      `${count} ${count === 1 ? "mark" : "marks"} of ${rule} ended: no rule sets them now`,
    ) +
    "\n"
  ).join("");
}

function renderCleanup(cleanup: CleanupSummary | undefined): string {
  if (cleanup === undefined) return "";
  const { dryRun, withheld, groups } = cleanup;
  if (withheld !== undefined) return printable(`Nothing is cleaned up: ${withheld}`) + "\n";
  if (groups.length === 0) return "Nothing to clean up: nothing is marked\n";
  const table = renderTable(
    ["CLEAN-UP", "NODES", "CLOUD", "ACCOUNT", "KIND", "WHY"],
    groups.map(({ outcome, count, cloud, account, kind, reasons }) => [
      outcome.replaceAll("_", " "),
      count,
      cloud,
      account,
      kind,
      reasonText(reasons),
    ]),
  );
  return dryRun ? `${table}Dry run of the clean-up: nothing was changed\n` : table;
}
