import { LIST_QUOTAS } from "./quota.ts";
import type { Hook, Raw, Tools } from "./resource.ts";

/**
 * The limit for each structure.
 * @param names names that it has or had at Service Quotas; the first one that exists counts
 */
export function quotas(service: string, names: (raw: Raw) => readonly string[]): Hook {
  return {
    operations: [LIST_QUOTAS],
    option: "quotas",
    run: (raws, tools) => Promise.all(raws.map((raw) => firstOf(service, names(raw), tools))),
  };
}

async function firstOf(
  service: string,
  names: readonly string[],
  tools: Tools,
): Promise<number | undefined> {
  for (const name of names) {
    const value = await tools.quota(service, name);
    if (value !== undefined) return value;
  }
  return undefined;
}
