/** Counts of what changed. */
export interface ChangeCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** `+added ~changed -removed`, without what is zero. */
export function changeText({ added, changed, removed }: ChangeCounts): string {
  const parts = [["+", added], ["~", changed], ["-", removed]] as const;
  return parts.filter(([, count]) => count > 0).map(([sign, count]) => `${sign}${count}`).join(" ");
}
