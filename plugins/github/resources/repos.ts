import { BadRecord, isRecord, type ListingSink, type RawRecord, type Reference } from "ckworker";
import pMap from "p-map";
import { distinct, fold } from "../fold.ts";
import { collectInRegion, type GithubRun } from "../run.ts";

const REPO_CALL = "github:GetRepository";
const COLLABORATORS_CALL = "github:ListRepositoryCollaborators";

/** Repositories that were asked for by name. */
export function collectRepos(run: GithubRun): Promise<void> {
  const { client, context, mappers } = run;
  const names = distinct(context.options.repo);
  return collectInRegion(run, "github_repo", REPO_CALL, async (sink) => {
    await pMap(names, async (fullName) => {
      const [owner = "", repo = ""] = fullName.split("/");
      try {
        const record = await client.one(REPO_CALL, "GET /repos/{owner}/{repo}", { owner, repo });
        const isShort = run.repoIds.isShort(fullName) && isCalled(record, fullName);
        const mapper = isShort ? mappers.namedRepo : mappers.repo;
        await sink.record(mapper, record, (raw) => edgesOf(run, raw, sink));
      } catch (error) {
        sink.lost(error);
      }
    }, { concurrency: context.options.pool_size });
  });
}

/** Repositories of the organisations, apart from those asked for by name. */
export async function collectOrgRepos(run: GithubRun): Promise<void> {
  if (!run.wanted.has("repos")) return;
  const named = new Set(run.context.options.repo.map(fold));
  const call = "github:ListOrganizationRepositories";
  await collectInRegion(run, "github_org_repo", call, async (sink) => {
    for await (const { records } of run.repos.pages((error) => sink.lost(error))) {
      await pMap(records, async (record) => {
        const fullName = isRecord(record) ? record["full_name"] : undefined;
        if (typeof fullName === "string" && named.has(fold(fullName))) return;
        await sink.record(run.mappers.repo, record, (raw) => edgesOf(run, raw, sink));
      }, { concurrency: run.context.options.pool_size });
    }
  });
}

/** A repository that was renamed or moved answers under its old name, too. */
function isCalled(record: unknown, fullName: string): boolean {
  const called = isRecord(record) ? record["full_name"] : undefined;
  return typeof called === "string" && fold(called) === fold(fullName);
}

/** From its organisation and, where they are asked for, from those who may work on it. */
async function edgesOf(run: GithubRun, record: RawRecord, sink: ListingSink) {
  const { owner } = record;
  const login = isRecord(owner) ? owner["login"] : undefined;
  if (typeof login !== "string") {
    sink.unread(new BadRecord("a repository has no owner"));
    return { keep: ["$edges"] };
  }
  const isKnown = run.orgs.some((org) => fold(org) === fold(login));
  const ofOrg: readonly Reference[] = isKnown ? [fromLogin("github_org", login)] : [];
  if (!run.wanted.has("collaborators")) return { edges: ofOrg };
  try {
    return { edges: [...ofOrg, ...await collaboratorsOf(run, record)] };
  } catch (error) {
    sink.unread(error);
    return { edges: ofOrg, keep: ["$edges"] };
  }
}

async function collaboratorsOf(run: GithubRun, record: RawRecord): Promise<readonly Reference[]> {
  const [owner = "", repo = ""] = String(record["full_name"]).split("/");
  const edges: Reference[] = [];
  const route = "GET /repos/{owner}/{repo}/collaborators";
  for await (const page of run.client.pages(COLLABORATORS_CALL, route, { owner, repo })) {
    for (const user of page) {
      const login = isRecord(user) ? user["login"] : undefined;
      if (typeof login !== "string") throw new BadRecord("a collaborator has no login");
      edges.push(fromLogin("github_user", login));
    }
  }
  return edges;
}

function fromLogin(kind: string, login: string): Reference {
  return { direction: "from", kind, by: "id", value: login };
}
