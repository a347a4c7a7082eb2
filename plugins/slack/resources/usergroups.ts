import { BadRecord, type ListingSink, type RawRecord, type Reference } from "ckworker";
import { collectInRegion, type SlackRun } from "../run.ts";

const CALL = "slack:usergroups.list";
const ARGUMENTS = { include_users: true, include_count: true, include_disabled: false } as const;

/** User groups that are in use, with edges to their users; the list has one page. */
export function collectUsergroups(run: SlackRun): Promise<void> {
  return collectInRegion(run, "usergroups", "slack_usergroup", CALL, async (sink) => {
    for await (const page of run.client.pages("usergroups.list", "usergroups", ARGUMENTS)) {
      for (const group of page) {
        await sink.record(run.mappers.usergroup, group, (record) => edgesOf(record, sink));
      }
    }
  });
}

function edgesOf({ users = [] }: RawRecord, sink: ListingSink) {
  if (!Array.isArray(users) || users.some((user) => typeof user !== "string" || user === "")) {
    sink.unread(new BadRecord("users of a user group cannot be read"));
    return { keep: ["$edges"] };
  }
  return { edges: users.map(toUser) };
}

function toUser(value: string): Reference {
  return { direction: "to", kind: "slack_user", by: "id", value };
}
