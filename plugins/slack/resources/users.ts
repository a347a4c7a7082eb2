import { collectInRegion, type SlackRun } from "../run.ts";

/** All who were ever members of the workspace, bots and guests among them. */
export function collectUsers(run: SlackRun): Promise<void> {
  return collectInRegion(run, "members", "slack_user", "slack:users.list", async (sink) => {
    for await (const page of run.client.pages("users.list", "members", { limit: 200 })) {
      for (const user of page) await sink.record(run.mappers.user, user);
    }
  });
}
