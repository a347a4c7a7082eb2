import type { Decided } from "../actions/mod.ts";
import type { DecisionGroup, NodeGroup } from "./summary.ts";

/** Reasons that are kept of a group. */
const REASONS = 3;

/** A node with why something came of it. */
export interface Reasoned {
  readonly cloud: string;
  readonly account: string;
  readonly kind: string;
  /** Empty when the outcome says it all. */
  readonly reason: string;
}

/** Sums nodes up by account, kind and whatever else tells them apart; in a stable order. */
export function groupNodes<Facts extends object>(
  nodes: Iterable<Reasoned & { readonly facts: Facts }>,
): readonly (NodeGroup & Facts)[] {
  const groups = Map.groupBy(
    nodes,
    ({ cloud, account, kind, facts }) => JSON.stringify([facts, cloud, account, kind]),
  );
  return [...groups].toSorted(([a], [b]) => a < b ? -1 : 1).flatMap(([, all]) => {
    const [first] = all;
    if (first === undefined) return [];
    const { cloud, account, kind, facts } = first;
    const reasons = new Set(all.map(({ reason }) => reason).filter((reason) => reason !== ""));
    return [{ ...facts, cloud, account, kind, count: all.length, reasons: few(reasons) }];
  });
}

/** Sums decisions of an action plugin up. */
export function groupDecisions(decisions: readonly Decided[]): readonly DecisionGroup[] {
  return groupNodes(decisions.map(({ type, outcome, node, reason, why }) => ({
    cloud: node.cloud ?? "",
    account: node.account ?? "",
    kind: node.kind,
    reason: why ?? reason,
    facts: { type, outcome },
  })));
}

function few(reasons: ReadonlySet<string>): readonly string[] {
  return [...reasons].slice(0, REASONS);
}
