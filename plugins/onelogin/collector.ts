import {
  callsSchema,
  CloudError,
  type CollectContext,
  type Collector,
  type Machine,
  type Pool,
  RestCaller,
} from "ckworker";
import calls from "./calls.json" with { type: "json" };
import { OneLoginClient } from "./client/client.ts";
import { judge } from "./client/judge.ts";
import { examine } from "./doctor.ts";
import { collectList, LISTINGS, type OneLoginRun } from "./listings.ts";
import { createMappers } from "./mappers.ts";
import type { OneLoginOptions } from "./options.ts";
import { readSetup, VARIABLES } from "./setup.ts";

/** The hourly limit is waited for, whenever in its hour it is met. */
const THROTTLE_MS = 65 * 60_000;

/** The collector on a machine. */
export function createCollector(machine: Machine): Collector<OneLoginOptions> {
  return {
    async collect(context) {
      using pool = machine.pool(context.caCertificates);
      const { run, caller } = prepare(context, machine, pool);
      const { account } = run;
      // The client is of one account and says nothing about others.
      context.accounts({
        complete: true,
        source: account,
        accounts: [{ id: account }],
        unfiltered: true,
      });
      await collectPlaces(run);
      for (const [done, listing] of LISTINGS.entries()) {
        context.progress(account, done, LISTINGS.length, listing.path);
        await collectList(run, listing);
      }
      context.progress(account, LISTINGS.length, LISTINGS.length);
      caller.tell(account);
    },
    async doctor(context) {
      using pool = machine.pool(context.caCertificates);
      return await examine(prepare(context, machine, pool).run);
    },
  };
}

function prepare(
  context: CollectContext<OneLoginOptions>,
  machine: Machine,
  pool: Pool,
): { readonly run: OneLoginRun; readonly caller: RestCaller } {
  const { id, secret, base, region } = readSetup(context.options, machine.env);
  if (id === undefined || secret === undefined) {
    throw new CloudError("no_credentials", "OneLogin: client id or secret is missing", {
      context: { plugin: "onelogin" },
      hint:
        `Give --onelogin-client-id and --onelogin-client-secret-file, or ${VARIABLES.id} and ${VARIABLES.secret}.`,
    });
  }
  const caller = new RestCaller({
    plugin: "onelogin",
    calls: callsSchema.parse(calls),
    machine,
    pool,
    judge,
    throttleMs: THROTTLE_MS,
    concurrency: 1,
    context,
  });
  const client = new OneLoginClient(caller, base, id, secret);
  const mappers = createMappers(context.now);
  return { caller, run: { context, client, mappers, account: id, region } };
}

/** The account and its region are no listings: they exist as soon as there are credentials. */
async function collectPlaces({ context, account, region }: OneLoginRun): Promise<void> {
  const places = [["onelogin_account", account], ["onelogin_region", region]] as const;
  for (const [kind, id] of places) {
    const scope = { account, resource: kind };
    if (context.resumed(scope)) continue;
    const writer = await context.open(scope);
    await writer.node({ kind, id, reported: { tags: {} } });
    await writer.close();
  }
}
