import { CallFault, type DoctorReport, toScopeFault } from "ckworker";
import type { SlackClient } from "./client/client.ts";
import { REGIONS } from "./place.ts";
import type { Team } from "./team.ts";

/** A method that tells whether a kind can be collected. */
const PROBES = [
  { method: "users.list", list: "members", kind: "slack_user" },
  { method: "usergroups.list", list: "usergroups", kind: "slack_usergroup" },
  { method: "conversations.list", list: "channels", kind: "slack_conversation" },
] as const;

type Account = DoctorReport["accounts"][number];

/** Tries the first page of each list. */
export async function examine(
  client: SlackClient,
  { id, name }: Team,
  signal: AbortSignal,
): Promise<DoctorReport> {
  const denied: Account["denied"][number][] = [];
  const problems: string[] = [];
  for (const { method, list, kind } of PROBES) {
    try {
      const types = "public_channel,private_channel";
      await client.pages(method, list, kind === "slack_conversation" ? { types } : {}).next();
    } catch (error) {
      signal.throwIfAborted();
      const fault = toScopeFault(error, `slack:${method}`);
      if (error instanceof CallFault && error.outcome === "denied") {
        denied.push({ ...fault, kinds: [kind] });
      } else problems.push(`${fault.call}: ${fault.message}`);
    }
  }
  const known = { id, ...(name === undefined ? {} : { name }), regions: REGIONS, denied };
  const [problem] = problems;
  return {
    credentials: "bot token",
    accounts: [problem === undefined ? known : { ...known, problem }],
  };
}
