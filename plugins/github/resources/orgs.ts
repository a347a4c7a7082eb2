import pMap from "p-map";
import { collectInRegion, type GithubRun } from "../run.ts";
import { ORG_CALL } from "./org_list.ts";

/** Organisations that were asked for by name. */
export function collectOrgs(run: GithubRun): Promise<void> {
  return collectInRegion(run, "github_org", ORG_CALL, async (sink) => {
    await pMap(run.orgs, async (org) => {
      try {
        await sink.record(run.mappers.org, await run.orgList.get(org));
      } catch (error) {
        sink.lost(error);
      }
    }, { concurrency: run.context.options.pool_size });
  });
}
