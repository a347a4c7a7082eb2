import { CloudError } from "ckworker";
import { fillPath, type Parameters } from "../client/api.ts";
import type { ServiceName } from "../services.ts";
import { resourcePath } from "./link.ts";
import type { Operations } from "./operations.ts";

/** Names that links call a service by, where it is not its own. */
const OTHER_NAMES: Readonly<Record<string, string>> = { sqladmin: "sql" };

/** An operation on the object that a link leads to. */
export interface FoundOperation {
  readonly operation: string;
  readonly parameters: Parameters;
}

/**
 * Finds the operation of a method for the object of a link, by the path that its `get` has in one of
 * the collections. Undefined where no collection has it.
 * @throws CloudError for a link with a part that no object can be called by
 */
export function findOperation(
  operations: Operations,
  service: ServiceName,
  collections: readonly string[],
  method: string,
  link: string,
): FoundOperation | undefined {
  const [of = "", ...parts] = resourcePath(link, service).split("/");
  if (of !== service && of !== OTHER_NAMES[service]) return undefined;
  const path = parts.join("/");
  for (const collection of collections) {
    const get = operations.find(service, `${collection}.get`);
    const found = operations.find(service, `${collection}.${method}`);
    if (get === undefined || found === undefined) continue;
    const names = [...get.path.matchAll(/\{\+?([^}]+)\}/g)].map(([, name = ""]) => name);
    const values = pattern(get.path, collection).exec(path)?.slice(1);
    if (values === undefined) continue;
    const parameters: Record<string, string> = Object.fromEntries(
      names.map((name, index) => [name, decode(values[index] ?? "")]),
    );
    // `setLabels` calls by the name of `resource` what `get` calls `disk`, and `patch` may say `name`.
    const last = decode(values.at(-1) ?? "");
    const [, other] = /\{\+?(resource|name)\}/.exec(found.path) ?? [];
    const filled = { ...parameters, ...(other === undefined ? {} : { [other]: last }) };
    fillPath(found.path, filled);
    return { operation: `${collection}.${method}`, parameters: filled };
  }
  return undefined;
}

/** Matches the paths of a template, whichever version of the API they name. */
function pattern(template: string, collection: string): RegExp {
  const withoutVersion = template.replace(/^(?:[a-z]+\/)?v\d\w*\//, "");
  const source = withoutVersion.replaceAll(/[.*?^$()|[\]\\]/g, "\\$&")
    .replaceAll(/\{\+[^}]+\}/g, `(${nameIn(collection)})`).replaceAll(/\{[^}]+\}/g, "([^/]+)");
  return new RegExp(`^${source}$`);
}

/** What names of a collection `projects.locations.clusters` look like: `projects/p/locations/l/…`. */
function nameIn(collection: string): string {
  return collection.split(".").map((part) => `${part}/[^/]+`).join("/");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new CloudError("request", `"${text}" is no name of an object`);
  }
}
