import { type CollectContext, collectListing, type ListingSink } from "ckworker";
import type { GithubClient } from "./client/client.ts";
import type { MemberList } from "./resources/member_list.ts";
import type { OrgList } from "./resources/org_list.ts";
import type { RepoList } from "./resources/repo_list.ts";
import type { Mappers } from "./mappers.ts";
import type { GithubOptions, Part } from "./options.ts";
import { ACCOUNT, REGION } from "./place.ts";
import type { RepoIds } from "./repo_ids.ts";

/** What the listings of one run share. */
export interface GithubRun {
  readonly context: CollectContext<GithubOptions>;
  readonly client: GithubClient;
  readonly mappers: Mappers;
  readonly wanted: ReadonlySet<Part>;
  /** Organisations to collect, each once. */
  readonly orgs: readonly string[];
  readonly orgList: OrgList;
  readonly repoIds: RepoIds;
  readonly members: MemberList;
  readonly repos: RepoList;
}

/** Collects one scope of the region. */
export function collectInRegion(
  { context }: GithubRun,
  resource: string,
  call: string,
  work: (sink: ListingSink) => Promise<void>,
): Promise<void> {
  return collectListing(context, { account: ACCOUNT, region: REGION, resource }, call, work);
}
