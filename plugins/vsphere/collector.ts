import { type CollectContext, collectListing, type Collector, type Machine } from "ckworker";
import { createChanger } from "./changer.ts";
import { connect } from "./connect.ts";
import { examine } from "./doctor.ts";
import { aboutProperties, ACCOUNT_KIND, REGION_KIND } from "./engine/places.ts";
import {
  LIST_CALL,
  listingsOf,
  listResource,
  makeMappers,
  REGION,
  type VsphereRun,
} from "./engine/run.ts";
import type { VsphereOptions } from "./options.ts";

/** The collector on a machine. */
export function createCollector(machine: Machine): Collector<VsphereOptions> {
  return {
    collect: (context) => withRun(context, machine, collect),
    doctor: (context) => withRun(context, machine, examine),
    changer: (context) => createChanger(context, machine),
  };
}

/** Logs in, does something, and logs out whatever came of it. */
async function withRun<Result>(
  context: CollectContext<VsphereOptions>,
  machine: Machine,
  act: (run: VsphereRun) => Promise<Result>,
): Promise<Result> {
  const { session, host, pool } = connect(context, machine);
  using _pool = pool;
  try {
    await session.open();
    const mappers = await makeMappers(session, context.signal);
    return await act({ context, session, host, ...mappers });
  } finally {
    await session.close();
  }
}

async function collect(run: VsphereRun): Promise<void> {
  const { context, session, host } = run;
  // The server is one account and says nothing about others.
  context.accounts({
    complete: true,
    source: host,
    accounts: [{ id: host, name: host }],
    unfiltered: true,
  });
  await collectPlaces(run);
  const listings = listingsOf(session);
  for (const [done, resource] of listings.entries()) {
    context.progress(host, done, listings.length, resource.kind);
    const scope = { account: host, region: REGION, resource: resource.kind };
    await collectListing(context, scope, LIST_CALL, (sink) => listResource(run, resource, sink));
    session.tell();
  }
  context.progress(host, listings.length, listings.length);
}

/** The account and its region are no listings: they exist as soon as the login was good. */
async function collectPlaces({ context, session, host }: VsphereRun): Promise<void> {
  const { about } = session.content;
  const places = [
    { kind: ACCOUNT_KIND, id: host, reported: { tags: {}, ...aboutProperties(about) } },
    { kind: REGION_KIND, ...REGION, reported: { tags: {} } },
  ];
  for (const node of places) {
    const scope = { account: host, resource: node.kind };
    if (context.resumed(scope)) continue;
    const writer = await context.open(scope);
    await writer.node(node);
    await writer.close();
  }
}
