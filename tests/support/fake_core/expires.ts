import { durationMs } from "./compare.ts";
import { isObject, type JsonObject } from "./json.ts";

/** When a node expires by its tags; undefined when they do not say it, or not so that it is read. */
export function expiryOf(reported: JsonObject): string | undefined {
  const tags = isObject(reported["tags"]) ? reported["tags"] : {};
  const end = Date.parse(String(tags["cloudkeeper:expires"]));
  if (!Number.isNaN(end)) return toSecond(end);
  const lifetime = tags["cloudkeeper:expiration"] ?? tags["expiration"];
  const made = Date.parse(String(reported["ctime"]));
  if (typeof lifetime !== "string" || Number.isNaN(made)) return undefined;
  const span = durationMs(lifetime);
  return span === undefined ? undefined : toSecond(made + span);
}

function toSecond(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
