/** The regions of a workspace. */
export const REGIONS = ["members", "usergroups", "conversations"] as const;
/** Name of one of them, which is its id, too. */
export type RegionName = typeof REGIONS[number];
