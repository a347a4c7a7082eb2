import { textAt, textsAt } from "ckworker";
import { lastSegment } from "../engine/link.ts";
import type { Raw } from "../raw.ts";
import type { Attach } from "../resource.ts";

/** The instances of a group; an empty group is not asked for. */
export const groupMembers: Attach = {
  operations: ["instanceGroups.listInstances", "regionInstanceGroups.listInstances"],
  gives: ["$edges"],
  async run(raw, { api, project }) {
    if (raw["size"] === 0) return {};
    const { operation, place } = callOf(raw);
    const members: string[] = [];
    const parameters = { project, instanceGroup: textAt(raw, "name") ?? "", ...place };
    const pages = api.pages("compute", operation, parameters, { instanceState: "ALL" });
    for await (const page of pages) members.push(...textsAt(page, "items[].instance"));
    // A list that began anew names the same ones again.
    return { $members: [...new Set(members)] };
  },
};

function callOf(raw: Raw) {
  const zone = textAt(raw, "zone");
  if (zone !== undefined) {
    return { operation: "instanceGroups.listInstances", place: { zone: lastSegment(zone) } };
  }
  const region = lastSegment(textAt(raw, "region") ?? "");
  return { operation: "regionInstanceGroups.listInstances", place: { region } };
}
