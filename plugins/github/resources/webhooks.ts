import type { ListingSink, Reference } from "ckworker";
import { collectInRegion, type GithubRun } from "../run.ts";
import { forEachRepo, fromRepo } from "./per_repo.ts";

const OF_ORG = { call: "github:ListOrganizationWebhooks", route: "GET /orgs/{org}/hooks" } as const;
const OF_REPO = {
  call: "github:ListRepositoryWebhooks",
  route: "GET /repos/{owner}/{repo}/hooks",
} as const;

/** Webhooks of the organisations and of each repository. */
export async function collectWebhooks(run: GithubRun): Promise<void> {
  if (!run.wanted.has("webhooks")) return;
  await collectInRegion(run, "github_webhook", OF_ORG.call, async (sink) => {
    for (const org of run.orgs) {
      const value = await run.orgList.login(org);
      const edge: Reference = { direction: "from", kind: "github_org", by: "id", value };
      await list(run, sink, OF_ORG, { org }, edge).catch((error) => sink.lost(error));
    }
    await forEachRepo(run, sink, (ref) => {
      const { owner, repo } = ref;
      return list(run, sink, OF_REPO, { owner, repo }, fromRepo(run, ref));
    });
  });
}

async function list(
  run: GithubRun,
  sink: ListingSink,
  { call, route }: typeof OF_ORG | typeof OF_REPO,
  parameters: Readonly<Record<string, string>>,
  edge: Reference,
): Promise<void> {
  for await (const page of run.client.pages(call, route, parameters)) {
    for (const hook of page) {
      await sink.record(run.mappers.webhook, hook, () => ({ edges: [edge], orphan: true }));
    }
  }
}
