import { textAt, textsAt } from "ckworker";
import type { Raw } from "../raw.ts";
import type { ListCall } from "../resource.ts";

/** What kinds of Vertex AI have in common: a name that tells the region, whose host they are called at. */
export const VERTEX = {
  bases: ["gcp_resource", "resource"],
  service: "aiplatform",
  ctime: "createTime",
  mtime: "updateTime",
  place: { location: "name" },
  link: (raw: Raw) =>
    `https://${regionOf(raw)}-aiplatform.googleapis.com/v1/${textAt(raw, "name")}`,
} as const;

/** Labels, where the API can change them. */
export const VERTEX_LABELS = { by: "patch", path: "labels", masked: true } as const;

/** Where the objects of a collection are, which is listed in each region. */
export function inRegions(collection: string): {
  readonly collections: readonly string[];
  readonly lists: readonly ListCall[];
} {
  const path = `projects.locations.${collection}`;
  const parameters = { parent: "projects/{project}/locations/{region}" };
  return { collections: [path], lists: [{ operation: `${path}.list`, parameters }] };
}

/** Models at a path: a name may have the version behind it, `…/models/m@2`. */
export function modelsAt(path: string): (raw: Raw) => readonly string[] {
  return (raw) => textsAt(raw, path).map((name) => name.replace(/@[^/]*$/, ""));
}

function regionOf(raw: Raw): string {
  return /\/locations\/([^/]+)/.exec(textAt(raw, "name") ?? "")?.[1] ?? "";
}
