import { type CkError, outcomeOf } from "ckworker";
import pMap from "p-map";
import { type Api, isOff } from "../client/api.ts";
import type { ServiceName } from "../services.ts";
import type { Locations } from "./locations.ts";
import { callName } from "./operations.ts";
import type { ListingScopes } from "./scopes.ts";

/** Regions that are asked at once: their hosts are far from each other. */
const AT_ONCE = 4;

/** What lists of all regions are made with. */
export interface RegionLists {
  readonly service: ServiceName;
  readonly operation: string;
  readonly api: Api;
  readonly scopes: ListingScopes;
  readonly locations: Locations;
  /** Lists one region; returns what it failed with. */
  list(region: string): Promise<CkError | undefined>;
}

/**
 * Makes a list in each region of the project that has a host of the service; where the regions are not
 * known, in all that have one. What fails costs its region. An API that is not enabled is so everywhere,
 * so the others are not asked; a list that is denied in all regions is one that is denied.
 */
export async function listRegions(parts: RegionLists): Promise<void> {
  const { service, operation, api, scopes, locations } = parts;
  const call = callName(service, operation);
  const regions = api.operations.regions(service)
    .filter((name) => locations.fault !== undefined || locations.region(name) !== undefined);
  const faults = new Map<string, CkError>();
  let off: CkError | undefined;
  await pMap(regions, async (region) => {
    if (off !== undefined) return;
    const fault = await parts.list(region);
    if (fault === undefined) return;
    if (isOff(fault)) off = fault;
    else faults.set(region, fault);
  }, { concurrency: AT_ONCE });
  if (off !== undefined) return await scopes.lost(off, call);
  const [first] = faults.values();
  const isDenied = [...faults.values()].every((each) => outcomeOf(each) === "denied");
  if (first !== undefined && isDenied && faults.size === regions.length) {
    return await scopes.lost(first, call);
  }
  for (const [region, fault] of faults) await scopes.lost(fault, call, locations.region(region));
}
