import { type ActionNode, type Decision, type Generation, queryWords, timeText } from "ckworker";

/** Nodes that were to live until before now. */
export function expiredQuery(dialect: Generation, now: Date): string {
  const { path, text, untouched } = queryWords(dialect);
  return `${untouched} and ${path("metadata.expires")} < ${text(timeText(now))}`;
}

/** Marks a node whose time is over; undefined for any other. */
export function decideExpired(node: ActionNode, now: Date): Decision | undefined {
  const at = node.expires === undefined ? NaN : Date.parse(node.expires);
  if (Number.isNaN(at) || at >= now.getTime() || node.isMarked) return undefined;
  return { type: "mark", node: node.id, reason: `Resource is expired since ${node.expires}` };
}
