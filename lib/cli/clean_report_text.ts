import type { CleanReport } from "../cleanup/mod.ts";
import { renderTable } from "./table.ts";

/** What carrying a plan out came to, as a table and sums. */
export function renderReport({ results, counts, dryRun }: CleanReport): string {
  const rows = results.map(({ outcome, guard, account, kind, id, why, earlier }) => [
    `${outcome.replaceAll("_", " ")}${earlier ? " (before)" : ""}`,
    account,
    kind,
    id,
    guard === undefined ? why : `${guard.replaceAll("_", " ")}: ${why}`,
  ]);
  const sums = Object.entries(counts).map(([outcome, n]) => `${n} ${outcome.replaceAll("_", " ")}`);
  const end = sums.length === 0 ? "Nothing to clean up" : sums.join(", ");
  const note = dryRun ? " (dry run: nothing was changed)" : "";
  const table = rows.length === 0
    ? ""
    : `${renderTable(["OUTCOME", "ACCOUNT", "KIND", "ID", "WHY"], rows)}\n`;
  return `${table}${end}${note}\n`;
}
