import type { CollectContext, Collector, NodeInput, ScopeInput } from "ckworker";
import { createChanger } from "./changer.ts";
import { accountsOf, countOf, type Place, placesOf, type Thing, THINGS } from "./estate.ts";
import type { RandomOptions } from "./options.ts";
import { resourceNode } from "./resource.ts";

/** Makes one resource after the other and holds none of them. */
export const collector: Collector<RandomOptions> = {
  async collect(context: CollectContext<RandomOptions>): Promise<void> {
    const accounts = accountsOf(context.options);
    context.accounts({
      complete: true,
      accounts: accounts.map((id) => ({ id, name: nameOf(id) })),
      unfiltered: true,
    });
    for (const account of accounts) await collectAccount(context, account);
  },

  doctor({ options }) {
    return Promise.resolve({
      credentials: "none needed",
      accounts: accountsOf(options).map((id) => ({
        id,
        name: nameOf(id),
        regions: placesOf(options, id).map(({ region }) => region.name),
        denied: [],
      })),
    });
  },

  changer: (context) => Promise.resolve(createChanger(context)),
};

async function collectAccount(
  context: CollectContext<RandomOptions>,
  account: string,
): Promise<void> {
  const places = placesOf(context.options, account);
  await send(context, { account, resource: "random_account" }, [
    { kind: "random_account", id: account, name: nameOf(account), reported: { tags: {} } },
  ]);
  await send(
    context,
    { account, resource: "random_region" },
    places.map(({ region }) => ({ kind: "random_region", ...region, reported: { tags: {} } })),
  );
  for (const [done, place] of places.entries()) {
    context.progress(account, done, places.length, place.region.name);
    for (const thing of THINGS) await collectThings(context, place, thing);
  }
  context.progress(account, places.length, places.length);
}

function collectThings(
  context: CollectContext<RandomOptions>,
  place: Place,
  thing: Thing,
): Promise<void> {
  const { account, region } = place;
  const scope = { account, region, resource: `random_${thing}` };
  return send(context, scope, resources(context.options, place, thing));
}

function* resources(options: RandomOptions, place: Place, thing: Thing): Generator<NodeInput> {
  const count = countOf(thing, place);
  for (let number = 0; number < count; number++) {
    const node = resourceNode(options, thing, place, number);
    if (node !== undefined) yield node;
  }
}

async function send(
  context: CollectContext<RandomOptions>,
  scope: ScopeInput,
  nodes: Iterable<NodeInput>,
): Promise<void> {
  if (context.resumed(scope)) return;
  context.signal.throwIfAborted();
  const writer = await context.open(scope);
  for (const node of nodes) await writer.node(node);
  await writer.close();
}

function nameOf(account: string): string {
  return `random ${account}`;
}
