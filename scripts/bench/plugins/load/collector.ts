import type { CollectContext, Collector, NodeInput, Reference } from "ckworker";

/** Options of the load collector. */
export interface LoadOptions {
  readonly nodes: number;
  readonly scopes: number;
}

const ACCOUNT = "100000000000";
const REGION = { id: "load-1", name: "load-1" };

/**
 * Makes `nodes` nodes of about 410 bytes with two edges each: one from the region, one by reference
 * from another node; every second reference is to a node that comes later.
 */
export const loadCollector: Collector<LoadOptions> = {
  async collect(context: CollectContext<LoadOptions>): Promise<void> {
    context.accounts({ complete: true, accounts: [{ id: ACCOUNT }], unfiltered: true });
    await single(context, "load_account", { account: ACCOUNT }, ACCOUNT);
    await single(context, "load_region", { account: ACCOUNT, region: REGION }, REGION.id);
    const { nodes, scopes } = context.options;
    const size = Math.ceil(nodes / scopes);
    for (let number = 0; number < scopes; number++) {
      const scope = await context.open({
        account: ACCOUNT,
        region: REGION,
        resource: `load_thing_${number}`,
      });
      const end = Math.min(nodes, (number + 1) * size);
      for (let index = number * size; index < end; index++) await scope.node(thing(index, nodes));
      await scope.close();
    }
  },
};

async function single(
  context: CollectContext<LoadOptions>,
  kind: string,
  where: { account: string; region?: typeof REGION },
  id: string,
): Promise<void> {
  const scope = await context.open({ ...where, resource: kind });
  await scope.node({ kind, id, reported: { tags: {} } });
  await scope.close();
}

function thing(index: number, nodes: number): NodeInput {
  return {
    kind: "load_thing",
    id: idOf(index),
    name: `thing ${index}`,
    reported: {
      tags: { owner: `team-${index % 17}`, stage: index % 3 === 0 ? "prod" : "test" },
      ctime: "2026-01-02T03:04:05Z",
      load_index: index,
      load_arn: `arn:load:thing:load-1:${ACCOUNT}:thing/${idOf(index)}`,
      load_zone: `load-1${"abc"[index % 3]}`,
      load_text: "a text of the length that descriptions in a cloud often have, more or less",
      load_parts: [`part-${index}-a`, `part-${index}-b`, `part-${index}-c`],
    },
    edges: reference(index, nodes),
  };
}

/** Every hundred nodes have a hub in their middle: half of the references point forward to it. */
function reference(index: number, nodes: number): Reference[] {
  const hub = Math.min(index - index % 100 + 50, nodes - 1);
  if (hub === index) return [];
  return [{ direction: "from", kind: "load_thing", by: "id", value: idOf(hub) }];
}

function idOf(index: number): string {
  return `thing-${index.toString(16).padStart(12, "0")}`;
}
