import { type CollectContext, collectListing, type ListingSink } from "ckworker";
import type { SlackClient } from "./client/client.ts";
import type { Mappers } from "./mappers.ts";
import type { SlackOptions } from "./options.ts";
import type { RegionName } from "./place.ts";

/** Conversations whose members are listed at once. */
export const AT_ONCE = 4;

/** What the listings of one run share. */
export interface SlackRun {
  readonly context: CollectContext<SlackOptions>;
  readonly client: SlackClient;
  readonly mappers: Mappers;
  /** Id of the workspace. */
  readonly team: string;
}

/** Collects one scope of a region. */
export function collectInRegion(
  { context, team }: SlackRun,
  region: RegionName,
  resource: string,
  call: string,
  work: (sink: ListingSink) => Promise<void>,
): Promise<void> {
  const scope = { account: team, region: { id: region, name: region }, resource };
  return collectListing(context, scope, call, work);
}
