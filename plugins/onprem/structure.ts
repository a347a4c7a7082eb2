import type { CollectContext, ScopeInput } from "ckworker";
import type { Server } from "./access/server.ts";
import { type OnpremOptions, placeOf } from "./options.ts";

/** A location with what lies in it. */
export interface Location {
  readonly id: string;
  readonly regions: ReadonlySet<string>;
  /** Networks by region. */
  readonly networks: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The places of all servers. The default location and its region are always among them, and so is
 * every place that any server names, in whatever order they come.
 */
export function locationsOf(
  servers: readonly Server[],
  defaults: Pick<OnpremOptions, "location" | "region">,
): readonly Location[] {
  const locations = new Map<string, { regions: Set<string>; networks: Map<string, Set<string>> }>();
  const add = (location: string, region?: string, network?: string) => {
    const known = locations.get(location) ?? { regions: new Set(), networks: new Map() };
    locations.set(location, known);
    if (region === undefined) return;
    known.regions.add(region);
    const networks = known.networks.get(region) ?? new Set();
    known.networks.set(region, networks);
    if (network !== undefined) networks.add(network);
  };
  add(defaults.location, defaults.region);
  for (const server of servers) {
    const { location, region, network } = placeOf(server, defaults);
    add(location, region, network);
  }
  return [...locations].map(([id, known]) => ({ id, ...known }));
}

/**
 * Sends places as nodes, each in a scope of its own: one that no server names any more is kept, as its
 * hosts are.
 */
export async function collectPlaces(
  context: CollectContext<OnpremOptions>,
  locations: readonly Location[],
): Promise<void> {
  for (const { id: account, regions, networks } of locations) {
    await send(context, { account, resource: "onprem_location" }, "onprem_location", account);
    for (const region of regions) {
      const scope = { account, resource: `onprem_region ${region}` };
      await send(context, scope, "onprem_region", region);
    }
    for (const [region, names] of networks) {
      for (const name of names) {
        const resource = `onprem_network ${name}`;
        const scope = { account, region: { id: region, name: region }, resource };
        await send(context, scope, "onprem_network", name);
      }
    }
  }
}

async function send(
  context: CollectContext<OnpremOptions>,
  scope: ScopeInput,
  kind: string,
  id: string,
): Promise<void> {
  if (context.resumed(scope)) return;
  const writer = await context.open(scope);
  await writer.node({ kind, id, reported: { tags: {} } });
  await writer.close();
}
