import type { LeftOutSummary, RunSummary, UploadSummary } from "../collect/mod.ts";
import { printable } from "./table.ts";

/** How many parts that were left out are shown. */
const SHOWN = 8;

const OUTCOMES: Readonly<Record<UploadSummary["outcome"], string>> = {
  accepted: "The core took it",
  nothing: "Nothing was uploaded: there was nothing new to say",
  unreachable:
    "The core could not be reached; the graph stays in the store and the next run sends it",
  rejected: "The core refused it; the graph stays in the store",
};

const REASONS: Readonly<Record<LeftOutSummary["reason"], string>> = {
  unknown: "no collector told which accounts there are",
  nothing_conclusive: "nothing of it was looked at with a result",
  not_whole: "a part of it was never looked at, and could not be read from the core",
  gone: "gone, which only replacing the whole cloud tells the core",
  no_node: "its own node is not known",
};

/** What a core got of a run; empty without a core. */
export function renderUpload({ upload, adoption = [] }: RunSummary): string {
  if (upload === undefined) return "";
  const { outcome, reason = "", nodes, edges, droppedEdges, shortened } = upload;
  const lines = [
    ...adoption.filter(({ nodes, error }) => nodes > 0 || error !== undefined).map((
      { cloud, nodes, error },
    ) =>
      error === undefined
        ? `Read from the core: ${nodes} nodes of ${cloud} that were not looked at here`
        : `The core could not be read, ${cloud} stays as it is where it is not known: ${error}`
    ),
    `${OUTCOMES[outcome]}${reason === "" ? "" : `: ${reason}`}` +
    (outcome === "accepted" ? ` (${nodes} nodes, ${edges} edges)` : ""),
    ...(outcome === "accepted" ? upload.clouds : []).filter(({ level }) => level !== "none")
      .map(replaced),
    ...leftOut(upload.leftOut),
    ...(droppedEdges === 0 ? [] : [`${droppedEdges} edges between parts replaced apart left out`]),
    ...shortened.slice(0, SHOWN).map(({ kind, id }) =>
      `Sent without its largest values, it is longer than the core takes: ${kind} ${id}`
    ),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function replaced({ cloud, level, accounts, regions }: UploadSummary["clouds"][number]): string {
  if (level === "cloud") return `  ${cloud}: replaced as a whole`;
  const parts = [
    ...(accounts === 0 ? [] : [`${accounts} ${accounts === 1 ? "account" : "accounts"}`]),
    ...(regions === 0 ? [] : [`${regions} ${regions === 1 ? "region" : "regions"}`]),
  ];
  return `  ${cloud}: replaced ${parts.join(" and ")}`;
}

function leftOut(all: UploadSummary["leftOut"]): readonly string[] {
  const rest = all.length - SHOWN;
  return [
    ...all.slice(0, SHOWN).map(({ cloud, account = "", region = "", reason }) => {
      const place = [cloud, account, region].filter((part) => part !== "").join(" ");
      return `  left as it is: ${place}: ${REASONS[reason]}`;
    }),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}
