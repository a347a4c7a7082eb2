import type { Plan, PlanEntry, PlanRefusal } from "../cleanup/mod.ts";
import { printable, renderTable } from "./table.ts";

const ACTIONS: Readonly<Record<PlanEntry["action"], string>> = {
  delete: "delete",
  goes_with: "goes along",
  ended: "gone already",
};

/** The plan as tables: what goes, in order; what does not; sums. */
export function renderPlanTable(plan: Plan): string {
  return [
    plan.entries.length === 0 ? "Nothing to clean up\n" : renderEntries(plan),
    ...(plan.refusals.length === 0 ? [] : [renderRefusals(plan.refusals)]),
    ...(plan.entries.length === 0 ? [] : [renderTotals(plan)]),
    ...renderTaken(plan),
  ].join("\n");
}

/** The plan as a tree: below each node what has to go before it. */
export function renderPlanTree(plan: Plan): string {
  const byText = new Map(plan.entries.map((entry) => [textOf(entry), entry]));
  const needed = new Set(
    plan.entries.flatMap(({ after, with: partner }) =>
      partner === undefined ? after : [...after, textOf(byText.get(partner))]
    ),
  );
  const roots = plan.entries.filter((entry) => !needed.has(textOf(entry))).toReversed();
  const shown = new Set<string>();
  const lines = (entry: PlanEntry, depth: number): readonly string[] => {
    const again = shown.has(textOf(entry));
    shown.add(textOf(entry));
    const line = `${"  ".repeat(depth)}${label(entry)}${again ? " (see above)" : ""}`;
    if (again) return [line];
    const below = entry.after.flatMap((text) => byText.get(text) ?? []);
    return [line, ...below.flatMap((each) => lines(each, depth + 1))];
  };
  const tree = roots.flatMap((entry) => lines(entry, 0)).map((line) => `${printable(line)}\n`);
  const text = tree.length === 0 ? "Nothing to clean up\n" : tree.join("");
  return plan.refusals.length === 0 ? text : `${text}\n${renderRefusals(plan.refusals)}`;
}

function label({ kind, id, name, action, reason }: PlanEntry): string {
  const named = name === id ? id : `${id} (${name})`;
  return `${kind} ${named}: ${ACTIONS[action]}${reason === "" ? "" : `, ${reason}`}`;
}

function renderEntries({ entries }: Plan): string {
  const rows = entries.map((entry) => [
    entry.level + 1,
    ACTIONS[entry.action],
    entry.account,
    placeOf(entry),
    entry.kind,
    entry.id,
    entry.name === entry.id ? "" : entry.name,
    entry.reason,
  ]);
  const head = ["STEP", "WHAT", "ACCOUNT", "REGION", "KIND", "ID", "NAME", "REASON"];
  return renderTable(head, rows);
}

function renderRefusals(refusals: readonly PlanRefusal[]): string {
  const rows = refusals.map((each) => [
    each.guard.replaceAll("_", " "),
    each.account,
    placeOf(each),
    each.kind,
    each.id,
    each.why,
  ]);
  return renderTable(["REFUSED", "ACCOUNT", "REGION", "KIND", "ID", "WHY"], rows);
}

function renderTotals({ entries }: Plan): string {
  const groups = Map.groupBy(entries, ({ account, kind }) => JSON.stringify([account, kind]));
  const rows = [...groups.values()].map((group) => [
    group[0]?.account ?? "",
    group[0]?.kind ?? "",
    group.length,
  ]);
  return renderTable(["ACCOUNT", "KIND", "NODES"], rows);
}

/** What nobody marked and the cloud deletes all the same must not be read between the lines. */
function renderTaken({ entries }: Plan): readonly string[] {
  const lines = entries.filter(({ takes }) => takes.length > 0).map(({ kind, id, takes }) =>
    `${printable(`Not in the plan, and deleted along with ${kind} ${id}: ${takes.join(", ")}`)}\n`
  );
  return lines.length === 0 ? [] : [lines.join("")];
}

function placeOf({ regionName, region }: { regionName: string; region: string }): string {
  return regionName === "" ? region === "undefined" ? "" : region : regionName;
}

function textOf(entry: PlanEntry | undefined): string {
  if (entry === undefined) return "";
  const { kind, cloud, account, region, zone, id, twin } = entry;
  return JSON.stringify([kind, cloud, account, region, zone, id, twin]);
}
