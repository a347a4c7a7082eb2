import { definition, typeAt } from "../../../scripts/gen/k8s/facts.ts";
import mapping from "../../../plugins/k8s/mapping.json" with { type: "json" };
import { resources } from "../../../plugins/k8s/resources/mod.ts";
import type { Resource } from "../../../plugins/k8s/resource.ts";
import { readMapping } from "../../../lib/sdk/mod.ts";
import { type ApiObject, object } from "./estate.ts";

const { kinds, structures } = readMapping(mapping);

/** One object of every kind in which every declared member is filled with a value of its type. */
export function samples(): readonly ApiObject[] {
  return resources.map(sample);
}

function sample(resource: Resource): ApiObject {
  const { api: { group, versions: [version = ""], kind, namespaced }, definition: type } = resource;
  const root: Record<string, unknown> = {};
  for (const path of (kinds[resource.kind] ?? []).flatMap((field) => field.path)) {
    put(root, path, valueOf(typeAt(type, path)));
  }
  const apiVersion = group === "" ? version : `${group}/${version}`;
  const name = kind === "Namespace" ? "shop" : namespaced ? "shop/sample" : "sample";
  return object(apiVersion, kind, name, required(root, type));
}

function put(root: Record<string, unknown>, path: string, value: unknown): void {
  const [first = "", ...rest] = path.split(".");
  if (rest.length === 0) {
    root[first] = value;
    return;
  }
  const inner: Record<string, unknown> = { ...Object(root[first] ?? {}) };
  put(inner, rest.join("."), value);
  root[first] = inner;
}

/** Adds what the description demands beside the declared members. */
function required(value: unknown, type: string): Record<string, unknown> {
  const known = definition(type);
  const filled: Record<string, unknown> = { ...Object(value ?? {}) };
  for (const [name, inner] of Object.entries(known?.fields ?? {})) {
    const isDemanded = known?.required.includes(name) === true;
    if (filled[name] === undefined && isDemanded) filled[name] = valueOf(inner);
    if (filled[name] !== undefined && definition(inner) !== undefined) {
      filled[name] = required(filled[name], inner);
    }
  }
  return filled;
}

function valueOf(type: string): unknown {
  if (type.endsWith("[]")) return [valueOf(type.slice(0, -2))];
  const values = /^dictionary\[string, (.+)\]$/.exec(type)?.[1];
  if (values !== undefined) return { some: valueOf(values) };
  const members = structures[type]?.flatMap(({ path }) => path) ?? [];
  switch (type) {
    case "int64":
      return 7;
    case "boolean":
      return true;
    case "datetime":
      return "2026-01-01T11:00:00Z";
    case "int_or_string":
      return 8080;
    case "any":
      return { anything: true };
    default:
      if (definition(type) === undefined) return "text";
      return required(
        Object.fromEntries(members.map((member) => [member, valueOf(typeAt(type, member))])),
        type,
      );
  }
}
