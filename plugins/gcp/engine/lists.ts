import type { ListCall, Resource } from "../resource.ts";
import type { Operations } from "./operations.ts";

/** How a kind is listed: as declared, or by what the API has for its collections. */
export function listsOf(
  { lists, source, collections }: Resource,
  has: (operation: string) => boolean,
): readonly ListCall[] {
  if (lists !== undefined) return lists;
  if (source !== undefined && source !== "places" && source !== "billing") return [];
  const [first = ""] = collections;
  const aggregated = `${first}.aggregatedList`;
  if (has(aggregated)) return [{ operation: aggregated }];
  return collections.filter((each) => has(`${each}.list`))
    .map((each) => ({ operation: `${each}.list` }));
}

/** The same with the operations that are known at run time. */
export function knownLists(resource: Resource, operations: Operations): readonly ListCall[] {
  return listsOf(resource, (name) => operations.find(resource.service, name) !== undefined);
}
