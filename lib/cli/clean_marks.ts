import { identityOf, type NodeIdentity } from "../model/mod.ts";
import type { FlagChange, FlagOutcome } from "../store/mod.ts";
import type { CleanInvocation } from "./clean_options.ts";
import { cleanupCode } from "./clean_limits.ts";
import { EXIT } from "./exit_codes.ts";
import { openStoreOf, storeCode } from "./open_store.ts";
import { print, printJson } from "./print.ts";
import { renderTable } from "./table.ts";

/** A change of flags that a person asks for. */
export type MarkAction = "mark" | "unmark" | "protect" | "unprotect";

/** What came of a change, in words. */
const WORDS: Readonly<Record<FlagOutcome, string>> = {
  changed: "done",
  unchanged: "was so already",
  unknown: "not in the store",
  phantom: "no resource of the cloud",
  protected: "protected",
};

/** `ckworker clean mark QUERY` and its like: the flags of everything that the query finds. */
export async function runMarks(
  invocation: CleanInvocation,
  action: MarkAction,
  query: string,
): Promise<number> {
  const { host, settings, signal } = invocation;
  const { changeFlags } = await storeCode();
  using store = await openStoreOf(invocation, "write");
  const found: NodeIdentity[] = [];
  for await (const identity of host.select(store, query, signal)) found.push(identityOf(identity));
  const change = await changeOf(invocation, action, query);
  const outcomes = changeFlags(store, found, change);
  const results = found.map((node, index) => ({ ...node, outcome: outcomes[index] ?? "unknown" }));
  if (settings.output === "json") printJson(invocation, results);
  else if (results.length === 0) print(invocation, "Nothing in the store matches\n");
  else {
    const rows = results.map(({ account, region, kind, id, outcome }) => [
      ...[account, region, kind, id],
      WORDS[outcome],
    ]);
    print(invocation, renderTable(["ACCOUNT", "REGION", "KIND", "ID", "OUTCOME"], rows));
  }
  const refused = results.some(({ outcome }) => outcome !== "changed" && outcome !== "unchanged");
  return refused ? EXIT.cleanup : EXIT.ok;
}

async function changeOf(
  { own }: CleanInvocation,
  action: MarkAction,
  query: string,
): Promise<FlagChange> {
  switch (action) {
    case "mark": {
      const { queryRule } = await cleanupCode();
      return { what: "mark", reason: own.reason, rule: queryRule(query) };
    }
    case "protect":
      return { what: "protect", reason: own.reason };
    default:
      return { what: action, why: `asked for by ckworker clean ${action} ${query}` };
  }
}
