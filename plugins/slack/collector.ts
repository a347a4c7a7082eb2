import {
  callsSchema,
  CloudError,
  type CollectContext,
  collectListing,
  type Collector,
  type Machine,
  type Pool,
  RestCaller,
} from "ckworker";
import calls from "./calls.json" with { type: "json" };
import { SlackClient } from "./client/client.ts";
import { judge } from "./client/judge.ts";
import { examine } from "./doctor.ts";
import { createMappers } from "./mappers.ts";
import { type SlackOptions, TOKEN_VARIABLE } from "./options.ts";
import { REGIONS } from "./place.ts";
import { collectConversations } from "./resources/conversations.ts";
import { collectUsergroups } from "./resources/usergroups.ts";
import { collectUsers } from "./resources/users.ts";
import { AT_ONCE, type SlackRun } from "./run.ts";
import { findTeam } from "./team.ts";

/** Limits are by the minute. */
const THROTTLE_MS = 10 * 60_000;

const LISTINGS: readonly (readonly [label: string, (run: SlackRun) => Promise<void>])[] = [
  ["members", collectUsers],
  ["user groups", collectUsergroups],
  ["conversations", collectConversations],
];

/** The collector on a machine. */
export function createCollector(machine: Machine): Collector<SlackOptions> {
  return {
    async collect(context) {
      using pool = machine.pool(context.caCertificates);
      const { client, caller } = prepare(context, machine, pool);
      const { id, name, record } = await findTeam(client);
      const account = { id, ...(name === undefined ? {} : { name }) };
      // The token is of one workspace and says nothing about others.
      context.accounts({ complete: true, source: id, accounts: [account], unfiltered: true });
      const run = { context, client, mappers: createMappers(), team: id };
      await collectPlaces(run, record);
      for (const [done, [label, listing]] of LISTINGS.entries()) {
        context.progress(id, done, LISTINGS.length, label);
        await listing(run);
      }
      context.progress(id, LISTINGS.length, LISTINGS.length);
      caller.tell(id);
    },
    async doctor(context) {
      using pool = machine.pool(context.caCertificates);
      const { client } = prepare(context, machine, pool);
      return await examine(client, await findTeam(client), context.signal);
    },
  };
}

function prepare(
  context: CollectContext<SlackOptions>,
  machine: Machine,
  pool: Pool,
): { readonly client: SlackClient; readonly caller: RestCaller } {
  const token = context.options.bot_token ?? machine.env(TOKEN_VARIABLE);
  if (token === undefined) {
    throw new CloudError("no_credentials", "Slack: there is no bot token", {
      context: { plugin: "slack" },
      hint: `Give --slack-bot-token-file, or the variable ${TOKEN_VARIABLE}.`,
    });
  }
  const caller = new RestCaller({
    plugin: "slack",
    calls: callsSchema.parse(calls),
    machine,
    pool,
    judge,
    throttleMs: THROTTLE_MS,
    concurrency: AT_ONCE,
    context,
  });
  return { caller, client: new SlackClient(caller, context.options.base_url, token) };
}

async function collectPlaces(run: SlackRun, record: unknown): Promise<void> {
  const { context, team: account, mappers } = run;
  const team = { account, resource: "slack_team" };
  await collectListing(
    context,
    team,
    "slack:team.info",
    (sink) => sink.record(mappers.team, record),
  );
  const regions = { account, resource: "slack_region" };
  if (context.resumed(regions)) return;
  const writer = await context.open(regions);
  for (const id of REGIONS) {
    await writer.node({ kind: "slack_region", id, reported: { tags: {} } });
  }
  await writer.close();
}
