import type { Reference } from "ckworker";
import pMap from "p-map";
import { distinct, fold } from "../fold.ts";
import { collectInRegion, type GithubRun } from "../run.ts";
import type { Member, Members } from "./member_list.ts";

const USER_CALL = "github:GetUser";
const NOBODY: Members = { byLogin: new Map(), failures: [] };

/** Users that were asked for by name, with all that the API says of one. */
export function collectUsers(run: GithubRun): Promise<void> {
  const { client, context, mappers, wanted } = run;
  return collectInRegion(run, "github_user", USER_CALL, async (sink) => {
    const names = distinct(context.options.user);
    const members = names.length > 0 && wanted.has("members") ? await run.members.all() : NOBODY;
    // Whether somebody belongs to an organisation that could not be listed is not known.
    const keep = members.failures.length > 0 ? ["$edges"] : [];
    for (const failure of members.failures) sink.unread(failure);
    await pMap(names, async (username) => {
      try {
        const record = await client.one(USER_CALL, "GET /users/{username}", { username });
        const edges = edgesOf(members.byLogin.get(fold(username)));
        await sink.record(mappers.user, record, () => ({ edges, keep }));
      } catch (error) {
        sink.lost(error);
      }
    }, { concurrency: context.options.pool_size });
  });
}

/** Members and outside collaborators of the organisations, apart from those asked for by name. */
export async function collectMembers(run: GithubRun): Promise<void> {
  if (!run.wanted.has("members")) return;
  const named = new Set(run.context.options.user.map(fold));
  const call = "github:ListOrganizationMembers";
  await collectInRegion(run, "github_org_member", call, async (sink) => {
    const { byLogin, failures } = await run.members.all();
    for (const failure of failures) sink.lost(failure);
    const keep = failures.length > 0 ? ["$edges"] : [];
    for (const [login, member] of byLogin) {
      if (named.has(login)) continue;
      const edges = edgesOf(member);
      await sink.record(run.mappers.user, member.record, () => ({ edges, keep }));
    }
  });
}

function edgesOf(member: Member | undefined): readonly Reference[] {
  return (member?.orgs ?? []).map((value) => ({
    direction: "from",
    kind: "github_org",
    by: "id",
    value,
  }));
}
