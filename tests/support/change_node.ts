import type { ChangeNode } from "../../lib/sdk/mod.ts";

/** A node to be changed, with the given differences. */
export function changeNode(changes: Partial<ChangeNode> = {}): ChangeNode {
  return {
    kind: "example_instance",
    id: "someInstance1",
    name: "someInstance1",
    cloud: "example",
    account: { id: "Example Account", name: "Example Account", reported: {} },
    region: { id: "us-west", name: "US West" },
    reported: { tags: { owner: "lukas" } },
    ...changes,
  };
}
