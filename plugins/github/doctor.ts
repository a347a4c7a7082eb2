import { CallFault, type DoctorReport, toScopeFault } from "ckworker";
import type { GithubOptions } from "./options.ts";
import { ACCOUNT, REGION } from "./place.ts";
import type { GithubRun } from "./run.ts";

type Denied = DoctorReport["accounts"][number]["denied"];

/** A call that tells whether a kind can be collected. */
interface Probe {
  readonly call: string;
  readonly kinds: readonly string[];
  readonly make: () => Promise<unknown>;
}

/** Tries one call of each kind that is asked for. */
export async function examine(run: GithubRun): Promise<DoctorReport> {
  const denied: Denied[number][] = [];
  const problems: string[] = [];
  for (const { call, kinds, make } of probes(run)) {
    try {
      await make();
    } catch (error) {
      run.context.signal.throwIfAborted();
      if (error instanceof CallFault && error.outcome === "denied") {
        denied.push({ ...toScopeFault(error, call), kinds });
      } else problems.push(toScopeFault(error, call).message);
    }
  }
  const [problem] = problems;
  const account = { id: ACCOUNT, regions: [REGION.name], denied };
  return {
    credentials: describe(run.context.options),
    accounts: [problem === undefined ? account : { ...account, problem }],
  };
}

function describe({ access_token, app_id }: GithubOptions): string {
  return access_token === undefined ? `app ${app_id}` : "access token";
}

function probes(run: GithubRun): readonly Probe[] {
  const { client, orgs, wanted, context: { options } } = run;
  const first = (call: string, path: string, org: string) =>
    client.pages(call, `GET /orgs/{org}/${path}`, { org }).next();
  const ofOrg = (call: string, kind: string, path: string): readonly Probe[] =>
    orgs.map((org) => ({ call, kinds: [kind], make: () => first(call, path, org) }));
  const user = options.user.map((username): Probe => ({
    call: "github:GetUser",
    kinds: ["github_user"],
    make: () => client.one("github:GetUser", "GET /users/{username}", { username }),
  }));
  const repo = options.repo.map((fullName): Probe => {
    const [owner = "", name = ""] = fullName.split("/");
    const call = "github:GetRepository";
    const make = () => client.one(call, "GET /repos/{owner}/{repo}", { owner, repo: name });
    return { call, kinds: ["github_repo"], make };
  });
  return [
    ...orgs.map((org): Probe => ({
      call: "github:GetOrganization",
      kinds: ["github_org"],
      make: () => run.orgList.get(org),
    })),
    ...user,
    ...repo,
    ...wanted.has("members")
      ? ofOrg("github:ListOrganizationMembers", "github_user", "members")
      : [],
    ...wanted.has("repos")
      ? ofOrg("github:ListOrganizationRepositories", "github_repo", "repos")
      : [],
    ...wanted.has("teams") ? ofOrg("github:ListOrganizationTeams", "github_team", "teams") : [],
    ...wanted.has("webhooks")
      ? ofOrg("github:ListOrganizationWebhooks", "github_webhook", "hooks")
      : [],
  ];
}
