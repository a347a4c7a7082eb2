import { z } from "zod";
import type { Diff, NodeDiff, ScopeCoverage } from "../store/mod.ts";
import { defineCommand, type Invocation } from "./command.ts";
import { filterOf, filterOptions, openStoreOf, storeCode } from "./open_store.ts";
import { print } from "./print.ts";
import { printable, renderTable } from "./table.ts";

const options = z.object(filterOptions);

/** `ckworker diff [FROM] [TO]`: what two runs found different. */
export const diff = defineCommand({
  name: "diff",
  summary: "shows what changed between two runs, by default the last two",
  usage: "[FROM] [TO]",
  positionals: 2,
  options,
  candidates: () => ["last", "last~1"],
  run: showDiff,
});

async function showDiff(invocation: Invocation<z.output<typeof options>>): Promise<number> {
  const { diffRuns } = await storeCode();
  using store = await openStoreOf(invocation, "read");
  const [from, to] = invocation.positionals;
  const found = diffRuns(store, {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    filter: filterOf(invocation.own),
  });
  const parts = invocation.settings.output === "json" ? jsonParts(found) : textParts(found);
  for (const part of parts) {
    invocation.signal.throwIfAborted();
    print(invocation, part);
  }
  return 0;
}

/** One JSON object, piece by piece: there may be as many differences as nodes. */
export function* jsonParts({ from, to, unknown, nodes }: Diff): Iterable<string> {
  yield `${JSON.stringify({ from, to, unknown }).slice(0, -1)},"nodes":[`;
  let separator = "\n";
  for (const node of nodes()) {
    yield separator + JSON.stringify(node);
    separator = ",\n";
  }
  yield "\n]}\n";
}

/** Differences for people, one by one, and the scopes about which nothing is certain. */
export function* textParts({ from, to, unknown, nodes }: Diff): Iterable<string> {
  yield `From ${from} to ${to}\n`;
  let count = 0;
  for (const node of nodes()) {
    count += 1;
    yield renderNode(node);
  }
  if (count === 0) yield "No difference\n";
  if (unknown.length > 0) yield `\n${renderUnknown(unknown)}`;
}

const SIGNS = { added: "+", removed: "-", changed: "~", unknown: "?" } as const;

function renderNode(node: NodeDiff): string {
  const { what, seems, kind, id, name, account, region, properties } = node;
  const place = [account, region].filter((part) => part !== "" && part !== "undefined");
  const where = place.length === 0 ? "" : ` in ${place.join(" ")}`;
  const shown = name === id || name === "" ? id : `${id} (${name})`;
  const doubt = what === "unknown" ? `; seems ${seems}, but was not looked at` : "";
  const lines = [
    `${SIGNS[what]} ${kind} ${shown}${where}${doubt}`,
    ...properties.map((p) => `    ${p.name}: ${valueText(p.before)} → ${valueText(p.after)}`),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function valueText(value: unknown): string {
  return value === undefined ? "none" : JSON.stringify(value);
}

function renderUnknown(unknown: readonly ScopeCoverage[]): string {
  const rows = unknown.map(({ cloud, account, region, resource, before, after }) => [
    [cloud, account, region, resource].filter((part) => part !== "").join(" "),
    before ?? "not recorded",
    after ?? "not recorded",
  ]);
  return renderTable(["UNKNOWN", "BEFORE", "AFTER"], rows);
}
