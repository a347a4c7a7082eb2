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

/** Parameters of a list in a project, and in a region where it is made by region. */
export function parametersOf(
  { parameters = {} }: ListCall,
  project: string,
  region = "",
): Readonly<Record<string, string>> {
  const given = Object.entries(parameters).map(([name, value]) => [
    name,
    value.replaceAll("{project}", project).replaceAll("{region}", region),
  ]);
  return { project, ...Object.fromEntries(given) };
}

/** Whether a list is made in each region, at its own host. */
export function isByRegion({ parameters = {} }: ListCall): boolean {
  return Object.values(parameters).some((value) => value.includes("{region}"));
}
