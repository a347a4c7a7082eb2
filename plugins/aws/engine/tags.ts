import { member } from "./path.ts";

/** Tags of any of the forms that the APIs use: a map, or a list of keys and values. */
export function toTags(value: unknown): Record<string, string> {
  if (Array.isArray(value)) {
    const tags: Record<string, string> = {};
    for (const each of value) {
      const key = member(each, "Key") ?? member(each, "key");
      if (typeof key === "string") {
        tags[key] = asText(member(each, "Value") ?? member(each, "value"));
      }
    }
    return tags;
  }
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asText(each)]));
}

function asText(value: unknown): string {
  return typeof value === "string"
    ? value
    : value === undefined || value === null
    ? ""
    : String(value);
}
