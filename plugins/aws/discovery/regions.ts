import { text } from "../engine/path.ts";

/** Regions of one account. */
export interface Regions {
  readonly collect: readonly string[];
  /** They exist, but the account has not enabled them. */
  readonly notEnabled: readonly string[];
}

/** Sorts the answer of DescribeRegions with all regions, enabled or not. */
export function sortRegions(answered: readonly unknown[]): Regions {
  const collect: string[] = [];
  const notEnabled: string[] = [];
  for (const region of answered) {
    const name = text(region, "RegionName");
    if (name === undefined) continue;
    (text(region, "OptInStatus") === "not-opted-in" ? notEnabled : collect).push(name);
  }
  return { collect: collect.sort(), notEnabled: notEnabled.sort() };
}
