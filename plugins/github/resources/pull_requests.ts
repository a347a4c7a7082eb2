import { type RawRecord, read, type Reference } from "ckworker";
import { collectInRegion, type GithubRun } from "../run.ts";
import { forEachRepo, fromRepo } from "./per_repo.ts";

const CALL = "github:ListPullRequests";
const ROUTE = "GET /repos/{owner}/{repo}/pulls";

/** Open pull requests of each repository. */
export async function collectPullRequests(run: GithubRun): Promise<void> {
  if (!run.wanted.has("pull_requests")) return;
  await collectInRegion(run, "github_pull_request", CALL, async (sink) => {
    await forEachRepo(run, sink, async (ref) => {
      const { owner, repo } = ref;
      for await (const page of run.client.pages(CALL, ROUTE, { owner, repo })) {
        for (const pull of page) {
          await sink.record(run.mappers.pullRequest, pull, (record) => ({
            edges: [fromRepo(run, ref), ...fromAuthor(record)],
            orphan: true,
          }));
        }
      }
    });
  });
}

function fromAuthor(record: RawRecord): readonly Reference[] {
  const login = read(record, "user.login");
  if (typeof login !== "string") return [];
  return [{ direction: "from", kind: "github_user", by: "id", value: login }];
}
