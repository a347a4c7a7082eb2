import {
  type ActionNode,
  type Decision,
  deltaToText,
  type Generation,
  queryWords,
  timeSince,
} from "ckworker";

/** Volumes of any cloud that are attached to nothing. */
export function volumesQuery(dialect: Generation): string {
  const { path, untouched } = queryWords(dialect);
  return `is(volume) and ${path("reported.volume_status")} == available and ${untouched}`;
}

/**
 * Marks a volume that is older than the limit and was neither read nor written within it; undefined
 * for any other, above all for one of which a time is not known.
 * @param limit milliseconds
 */
export function decideVolume(node: ActionNode, limit: number, now: Date): Decision | undefined {
  if (node.reported["volume_status"] !== "available" || node.isMarked) return undefined;
  const times = (["ctime", "atime", "mtime"] as const).map((time) => timeSince(node, time, now));
  if (!times.every((since) => since !== undefined && since > limit)) return undefined;
  const reason = `Volume is available and was not used for more than ${deltaToText(limit)}`;
  return { type: "mark", node: node.id, reason };
}
