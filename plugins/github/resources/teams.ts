import {
  BadRecord,
  isRecord,
  type ListingSink,
  type RawRecord,
  read,
  type Reference,
} from "ckworker";
import pMap from "p-map";
import { collectInRegion, type GithubRun } from "../run.ts";

const TEAMS = { call: "github:ListOrganizationTeams", route: "GET /orgs/{org}/teams" } as const;
const MEMBERS = {
  call: "github:ListTeamMembers",
  route: "GET /orgs/{org}/teams/{team_slug}/members",
} as const;
const REPOS = {
  call: "github:ListTeamRepositories",
  route: "GET /orgs/{org}/teams/{team_slug}/repos",
} as const;

/** Teams of the organisations, with their members and repositories as edges. */
export async function collectTeams(run: GithubRun): Promise<void> {
  if (!run.wanted.has("teams")) return;
  const concurrency = run.context.options.pool_size;
  await collectInRegion(run, "github_team", TEAMS.call, async (sink) => {
    for (const org of run.orgs) {
      try {
        const login = await run.orgList.login(org);
        for await (const page of run.client.pages(TEAMS.call, TEAMS.route, { org })) {
          await pMap(page, async (record) => {
            await sink.record(run.mappers.team, record, (team) => edgesOf(run, login, team, sink));
          }, { concurrency });
        }
      } catch (error) {
        sink.lost(error);
      }
    }
  });
}

async function edgesOf(run: GithubRun, org: string, team: RawRecord, sink: ListingSink) {
  const parent = read(team, "parent.id");
  const above: readonly Reference[] = [
    { direction: "from", kind: "github_org", by: "id", value: org },
    ...(typeof parent === "number" ? [fromTeam(parent)] : []),
  ];
  try {
    const parameters = { org, team_slug: String(team["slug"]) };
    const members = await below(run, MEMBERS, parameters, (user) => toUser(user));
    const repos = await below(run, REPOS, parameters, (repo) => toRepo(run, repo));
    return { edges: [...above, ...members, ...repos], orphan: true };
  } catch (error) {
    sink.unread(error);
    return { edges: above, keep: ["$edges"], orphan: true };
  }
}

async function below(
  run: GithubRun,
  { call, route }: typeof MEMBERS | typeof REPOS,
  parameters: Readonly<Record<string, string>>,
  reference: (record: RawRecord) => Reference,
): Promise<readonly Reference[]> {
  const found: Reference[] = [];
  for await (const page of run.client.pages(call, route, parameters)) {
    for (const record of page) {
      if (!isRecord(record)) throw new BadRecord("a record is no object");
      found.push(reference(record));
    }
  }
  return found;
}

function fromTeam(id: number): Reference {
  return { direction: "from", kind: "github_team", by: "id", value: String(id) };
}

function toUser({ login }: RawRecord): Reference {
  if (typeof login !== "string") throw new BadRecord("a member has no login");
  return { direction: "to", kind: "github_user", by: "id", value: login };
}

function toRepo(run: GithubRun, { full_name: fullName }: RawRecord): Reference {
  if (typeof fullName !== "string") throw new BadRecord("a repository has no full name");
  return { direction: "to", kind: "github_repo", by: "id", value: run.repoIds.of(fullName) };
}
