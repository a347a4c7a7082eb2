import { CloudError, type RawRecord, read } from "ckworker";
import type { SlackClient } from "./client/client.ts";

/** The workspace of the token. */
export interface Team {
  readonly id: string;
  readonly name?: string;
  readonly record: unknown;
}

/** @throws CloudError when there is no knowing which workspace it is */
export async function findTeam(client: SlackClient): Promise<Team> {
  const { team: record }: RawRecord = await client.call("team.info");
  const id = read({ record }, "record.id");
  const name = read({ record }, "record.name");
  if (typeof id !== "string" || id === "") {
    throw new CloudError("request", "Slack: the answer of team.info names no workspace", {
      context: { plugin: "slack", call: "slack:team.info" },
    });
  }
  return { id, ...(typeof name === "string" ? { name } : {}), record };
}
