import { CloudError } from "ckworker";
import type { Api } from "../resource.ts";

/** What a call does with objects. */
export type Verb = "list" | "get" | "patch" | "delete";

/** The rule that allows a call, as a role says it: `list deployments.apps`. It is its name, too. */
export function permissionOf(verb: Verb, { plural, group }: Pick<Api, "plural" | "group">): string {
  return `${verb} ${plural}${group === "" ? "" : `.${group}`}`;
}

/**
 * Path of the objects of a type: everywhere, in a namespace, or one of them.
 * @throws CloudError for a name that no object can have
 */
export function pathOf(
  { group, plural }: Pick<Api, "group" | "plural">,
  version: string,
  namespace = "",
  name = "",
): string {
  const root = group === "" ? `/api/${segment(version)}` : `/apis/${group}/${segment(version)}`;
  const inside = namespace === "" ? "" : `/namespaces/${segment(namespace)}`;
  return `${root}${inside}/${plural}${name === "" ? "" : `/${segment(name)}`}`;
}

/** Names come from the API and from a core: none may lead elsewhere. */
function segment(text: string): string {
  if (/^\.{1,2}$/.test(text)) throw new CloudError("request", `"${text}" is no name of an object`);
  return encodeURIComponent(text);
}
