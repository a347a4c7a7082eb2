import type { ListingSink, Reference } from "ckworker";
import pMap from "p-map";
import { distinct } from "../fold.ts";
import type { GithubRun } from "../run.ts";
import type { RepoRef } from "./repo_list.ts";

/** Does a task for each repository, asked for by name or found in an organisation. */
export async function forEachRepo(
  run: GithubRun,
  sink: ListingSink,
  task: (repo: RepoRef) => Promise<void>,
): Promise<void> {
  const named = run.context.options.repo;
  const { refs, failures } = await run.repos.refs();
  for (const failure of failures) sink.lost(failure);
  const all = distinct([...named, ...refs.map(({ fullName }) => fullName)]);
  await pMap(all, async (fullName) => {
    const [owner = "", repo = ""] = fullName.split("/");
    try {
      await task({ owner, repo, fullName });
    } catch (error) {
      sink.lost(error);
    }
  }, { concurrency: run.context.options.pool_size });
}

/** The edge from a repository. */
export function fromRepo(run: GithubRun, { fullName }: RepoRef): Reference {
  return { direction: "from", kind: "github_repo", by: "id", value: run.repoIds.of(fullName) };
}
