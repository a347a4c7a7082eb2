import {
  callsSchema,
  type CollectContext,
  type Collector,
  type Machine,
  type Pool,
  RestCaller,
} from "ckworker";
import calls from "./calls.json" with { type: "json" };
import { GithubClient } from "./client/client.ts";
import { judge } from "./client/judge.ts";
import { examine } from "./doctor.ts";
import { distinct } from "./fold.ts";
import { createMappers } from "./mappers.ts";
import { type GithubOptions, wantedParts } from "./options.ts";
import { ACCOUNT, REGION } from "./place.ts";
import { RepoIds } from "./repo_ids.ts";
import { MemberList } from "./resources/member_list.ts";
import { OrgList } from "./resources/org_list.ts";
import { collectOrgs } from "./resources/orgs.ts";
import { collectPullRequests } from "./resources/pull_requests.ts";
import { RepoList } from "./resources/repo_list.ts";
import { collectOrgRepos, collectRepos } from "./resources/repos.ts";
import { collectTeams } from "./resources/teams.ts";
import { collectMembers, collectUsers } from "./resources/users.ts";
import { collectWebhooks } from "./resources/webhooks.ts";
import type { GithubRun } from "./run.ts";

/** The hourly limit is waited for, whenever in its hour it is met. */
const THROTTLE_MS = 65 * 60_000;

/** What is collected, in this order: later ones use what earlier ones found. */
const LISTINGS: readonly (readonly [label: string, (run: GithubRun) => Promise<void>])[] = [
  ["organisations", collectOrgs],
  ["users", collectUsers],
  ["members", collectMembers],
  ["repositories", collectRepos],
  ["repositories of organisations", collectOrgRepos],
  ["teams", collectTeams],
  ["webhooks", collectWebhooks],
  ["pull requests", collectPullRequests],
];

/** The collector on a machine. */
export function createCollector(machine: Machine): Collector<GithubOptions> {
  return {
    async collect(context) {
      using pool = machine.pool(context.caCertificates);
      const { run, caller } = prepare(context, machine, pool);
      const { collect, no_collect } = context.options;
      context.accounts({
        complete: true,
        accounts: [{ id: ACCOUNT }],
        unfiltered: collect.length + no_collect.length === 0,
        filters: collect.length + no_collect.length === 0 ? [] : ["kinds"],
      });
      await collectPlaces(context);
      for (const [done, [label, listing]] of LISTINGS.entries()) {
        context.progress(ACCOUNT, done, LISTINGS.length, label);
        await listing(run);
      }
      context.progress(ACCOUNT, LISTINGS.length, LISTINGS.length);
      caller.tell(ACCOUNT);
    },
    async doctor(context) {
      using pool = machine.pool(context.caCertificates);
      return await examine(prepare(context, machine, pool).run);
    },
  };
}

function prepare(
  context: CollectContext<GithubOptions>,
  machine: Machine,
  pool: Pool,
): { readonly run: GithubRun; readonly caller: RestCaller } {
  const { options } = context;
  const caller = new RestCaller({
    plugin: "github",
    calls: callsSchema.parse(calls),
    machine,
    pool,
    judge,
    throttleMs: THROTTLE_MS,
    concurrency: options.pool_size,
    context,
  });
  const client = new GithubClient(caller, options);
  const wanted = wantedParts(options);
  const orgs = distinct(options.org);
  const orgList = new OrgList(client);
  return {
    caller,
    run: {
      context,
      client,
      mappers: createMappers(),
      wanted,
      orgs,
      orgList,
      repoIds: new RepoIds(options.repo),
      members: new MemberList(client, orgs, orgList, wanted.has("collaborators")),
      repos: new RepoList(client, orgs),
    },
  };
}

/** The account and its region are no listings: they exist as soon as there are credentials. */
async function collectPlaces(context: CollectContext<GithubOptions>): Promise<void> {
  for (const [kind, id] of [["github_account", ACCOUNT], ["github_region", REGION.id]] as const) {
    const scope = { account: ACCOUNT, resource: kind };
    if (context.resumed(scope)) continue;
    const writer = await context.open(scope);
    await writer.node({ kind, id, reported: { tags: {} } });
    await writer.close();
  }
}
