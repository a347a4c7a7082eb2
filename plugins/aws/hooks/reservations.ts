import { list, number, text } from "../engine/path.ts";
import type { Hook, Operation, Tools } from "../resource.ts";

/** Lists reservations that are in force, regional and zonal ones: both lower the bill of the type. */
export const LIST_RESERVATIONS: Operation = {
  operation: "DescribeReservedInstances",
  service: "ec2",
  result: "ReservedInstances[]",
};

/** Reserved instances by instance type in this region; asked once. */
export function reservations(tools: Tools): Promise<ReadonlyMap<string, number>> {
  return tools.once("reservations", async () => {
    const found = await tools.call(LIST_RESERVATIONS, {
      Filters: [{ Name: "state", Values: ["active"] }],
    });
    return count(list({ found }, "found"));
  });
}

/** How many instances of the type of each structure are reserved. */
export const RESERVATIONS: Hook = {
  operations: [LIST_RESERVATIONS],
  option: "reserved_instances",
  async run(raws, tools) {
    const counts = await reservations(tools);
    return raws.map((raw) => counts.get(text(raw, "InstanceType") ?? "") ?? 0);
  },
};

function count(found: readonly unknown[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const reservation of found) {
    const type = text(reservation, "InstanceType");
    if (type === undefined || text(reservation, "State") !== "active") continue;
    counts.set(type, (counts.get(type) ?? 0) + (number(reservation, "InstanceCount") ?? 0));
  }
  return counts;
}
