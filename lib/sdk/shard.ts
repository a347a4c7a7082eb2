import type { CollectContext } from "./collector.ts";

/** Whether something is this guest's to collect: by its id alone, so that all guests agree. */
export function isOfShard(
  id: string,
  { index, of }: CollectContext<unknown>["shard"],
): boolean {
  const sum = [...id].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) >>> 0, 0);
  return sum % of === index;
}
