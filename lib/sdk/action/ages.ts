import type { ActionNode } from "./records.ts";

/** Times of a node: when it was made, last changed and last used. */
export type NodeTime = "ctime" | "mtime" | "atime";

/**
 * How long ago something happened to a node, milliseconds.
 * @returns undefined when nobody knows: never a reason to decide anything
 */
export function timeSince(
  { reported }: Pick<ActionNode, "reported">,
  time: NodeTime,
  now: Date,
): number | undefined {
  const value = reported[time];
  const at = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? undefined : now.getTime() - at;
}
