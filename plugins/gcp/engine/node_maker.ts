import {
  type DescribedMapper,
  isRecord,
  type NodeInput,
  type Reference,
  textAt,
  textsAt,
  valueAt,
} from "ckworker";
import type { Raw } from "../raw.ts";
import type { DeclaredEdge, Resource } from "../resource.ts";
import { RESOURCE_PATH, resourcePath } from "./link.ts";
import type { Position } from "./locations.ts";

/** A node and the properties of it that could not be read. */
export interface Made {
  readonly node: NodeInput;
  readonly wrong: readonly string[];
  readonly link: string | undefined;
}

/**
 * Makes nodes of the objects of one kind; undefined for an object without id.
 * @param unknown properties that could not be asked for, `$edges` among them
 */
export type Make = (
  raw: Raw,
  position: Position,
  unknown?: readonly string[],
) => Made | undefined;

/** Compiles what a kind declares. */
export function compileNode(resource: Resource, mapper: DescribedMapper): Make {
  const { kind, values, edges = [], phantom, orphan, ctime = "creationTimestamp" } = resource;
  const map = mapper.compile(kind);
  return (raw, { zone }, unknown = []) => {
    const id = idOf(raw, resource);
    if (id === undefined) return undefined;
    const link = linkOf(raw, resource);
    const mapped = map(raw);
    const tags = tagsOf(raw, resource);
    const wrong = [...mapped.wrong, ...(tags === undefined ? ["tags"] : [])];
    const keep = [...wrong, ...unknown];
    const { mtime } = resource;
    const reported = {
      tags,
      ctime: timeAt(raw, ctime),
      ...(mtime === undefined ? {} : { mtime: timeAt(raw, mtime) }),
      link,
      label_fingerprint: textAt(raw, "labelFingerprint"),
      ...values?.(raw),
      ...mapped.reported,
    };
    return {
      wrong,
      link,
      node: {
        kind,
        id,
        name: nameOf(raw, resource, id),
        ...(zone === undefined ? {} : { zone: zone.id }),
        ...(link === undefined ? {} : { targets: { [RESOURCE_PATH]: resourcePath(link) } }),
        edges: distinct(edges.flatMap((edge) => references(raw, edge, resource))),
        ...(phantom === true ? { phantom } : {}),
        ...(orphan === true ? { orphan } : {}),
        ...(keep.length === 0 ? {} : { keep }),
        reported: without(reported, keep),
      },
    };
  };
}

/** Id of an object: its number, else its name. */
export function idOf(raw: Raw, { id }: Resource): string | undefined {
  if (typeof id === "function") return id(raw);
  const paths = id === undefined ? ["id", "name", "selfLink"] : [id];
  const found = paths.map((path) => valueAt(raw, path)).find((each) => each !== undefined);
  // An id of another form is none: by its name the object would be another node.
  const isId = (typeof found === "string" && found !== "") || typeof found === "number";
  return isId ? String(found) : undefined;
}

/** Address by which an object is known. */
export function linkOf(raw: Raw, { link }: Resource): string | undefined {
  return link === undefined ? textAt(raw, "selfLink") : link(raw);
}

/** Labels of an object; undefined when they are no texts. */
export function tagsOf(
  raw: Raw,
  { labels = "labels" }: Resource,
): Readonly<Record<string, string>> | undefined {
  const found = valueAt(raw, labels) ?? {};
  if (!isRecord(found)) return undefined;
  const entries = Object.entries(found).map(([key, value]) => [key, value ?? ""] as const);
  const isText = entries.every(([, value]) => typeof value === "string");
  return isText
    ? Object.fromEntries(entries.map(([key, value]) => [key, String(value)]))
    : undefined;
}

function nameOf(raw: Raw, { name = "name" }: Resource, id: string): string {
  return textAt(raw, name) ?? id;
}

function timeAt(raw: Raw, path: string): Date | undefined {
  const found = textAt(raw, path);
  const date = found === undefined ? undefined : new Date(found);
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

function references(
  raw: Raw,
  { direction, kind, path, service }: DeclaredEdge,
  resource: Resource,
): readonly Reference[] {
  // A template names its machine type without a place, so that it could be that of any zone.
  const links = typeof path === "string" ? textsAt(raw, path) : path(raw);
  return links.filter((link) => link.includes("/")).map((link) => ({
    direction,
    kind,
    by: RESOURCE_PATH,
    value: resourcePath(link, service ?? resource.service),
  }));
}

/** Each reference once. */
function distinct(all: readonly Reference[]): readonly Reference[] {
  const seen = new Set<string>();
  return all.filter(({ direction, kind, value }) => {
    const key = [direction, kind, value].join("\0");
    return seen.has(key) ? false : seen.add(key);
  });
}

/** What keeps its last good value is not sent. */
function without(
  reported: Readonly<Record<string, unknown>>,
  keep: readonly string[],
): Readonly<Record<string, unknown>> {
  if (keep.length === 0) return reported;
  return Object.fromEntries(Object.entries(reported).filter(([name]) => !keep.includes(name)));
}
