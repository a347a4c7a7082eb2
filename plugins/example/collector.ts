import type { CollectContext, Collector, NodeInput, ScopeInput } from "ckworker";
import { createChanger } from "./changer.ts";

const ACCOUNT = "Example Account";

/** A region, as scopes name it and as a node. */
const REGIONS = [
  { id: "us-west", name: "US West" },
  { id: "us-east", name: "US East" },
] as const;

/** Everything that one scope yields. */
interface Listing {
  readonly scope: ScopeInput;
  readonly nodes: readonly NodeInput[];
}

/** Collects one account with two regions, a network, two instances and a resource of its own kind. */
export const collector: Collector = {
  async collect(context: CollectContext<unknown>): Promise<void> {
    context.accounts({
      complete: true,
      accounts: [{ id: ACCOUNT, name: ACCOUNT }],
      unfiltered: true,
    });
    const listings = exampleListings(context.now);
    for (const [done, listing] of listings.entries()) {
      context.progress(ACCOUNT, done, listings.length, listing.scope.resource);
      if (!context.resumed(listing.scope)) await send(context, listing);
    }
    context.progress(ACCOUNT, listings.length, listings.length);
  },

  doctor() {
    return Promise.resolve({
      credentials: "none needed",
      accounts: [{
        id: ACCOUNT,
        name: ACCOUNT,
        regions: REGIONS.map((region) => region.name),
        denied: [],
      }],
    });
  },

  changer: (context) => Promise.resolve(createChanger(context)),
};

/** A real plugin would call its cloud between the opening of a scope and its end. */
async function send(context: CollectContext<unknown>, { scope, nodes }: Listing): Promise<void> {
  context.signal.throwIfAborted();
  const writer = await context.open(scope);
  for (const node of nodes) await writer.node(node);
  await writer.close();
}

function exampleListings(now: Date): readonly Listing[] {
  const [west, east] = REGIONS;
  return [
    {
      scope: { account: ACCOUNT, resource: "example_account" },
      nodes: [{ kind: "example_account", id: ACCOUNT, reported: { tags: {} } }],
    },
    {
      scope: { account: ACCOUNT, resource: "example_region" },
      nodes: REGIONS.map((region) => ({
        kind: "example_region",
        ...region,
        reported: { tags: { "Some Tag": "Some Value" } },
      })),
    },
    {
      scope: { account: ACCOUNT, region: west, resource: "example_network" },
      nodes: [{
        kind: "example_network",
        id: "someNetwork",
        reported: { tags: { Name: "Example Network" } },
      }],
    },
    {
      scope: { account: ACCOUNT, region: west, resource: "example_instance" },
      nodes: [firstInstance(now)],
    },
    {
      scope: { account: ACCOUNT, region: west, resource: "example_custom_resource" },
      nodes: [CUSTOM_RESOURCE],
    },
    {
      scope: { account: ACCOUNT, region: east, resource: "example_instance" },
      nodes: [SECOND_INSTANCE],
    },
  ];
}

/** Hangs below its network alone, so it is an orphan to its region. */
function firstInstance(now: Date): NodeInput {
  return {
    kind: "example_instance",
    id: "someInstance1",
    orphan: true,
    edges: [{ direction: "from", kind: "example_network", by: "id", value: "someNetwork" }],
    reported: {
      tags: { Name: "Example Instance 1", expiration: "2d", owner: "lukas" },
      ctime: now,
      mtime: now,
      atime: now,
      instance_cores: 4,
      instance_memory: 32,
      instance_type: "",
      instance_status: "running",
    },
  };
}

/** Its tag tells when it was made, and wins over whatever a cloud would say. */
const SECOND_INSTANCE: NodeInput = {
  kind: "example_instance",
  id: "someInstance2",
  reported: {
    tags: {
      Name: "Example Instance 2",
      expiration: "36h",
      "cloudkeeper:ctime": "2019-09-05T10:40:11+00:00",
    },
    ctime: new Date("2019-09-05T10:40:11Z"),
    instance_cores: 0,
    instance_memory: 0,
    instance_type: "",
    instance_status: "stopped",
  },
};

const CUSTOM_RESOURCE: NodeInput = {
  kind: "example_custom_resource",
  id: "someExampleResource",
  reported: {
    tags: {},
    custom_string_attribute: "",
    custom_int_attribute: 0,
    custom_optional_float_attribute: 10.0,
    custom_dict_attribute: {},
    custom_list_attribute: ["foo", "bar"],
  },
};
