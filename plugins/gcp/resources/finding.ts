import { textAt } from "ckworker";
import type { Raw } from "../raw.ts";
import { defineResource, parents } from "../resource.ts";

/** Those that are open, not muted, and matter: of low ones there may be any number. */
const FILTER = 'state="ACTIVE" AND NOT mute="MUTED" AND ' +
  '(severity="CRITICAL" OR severity="HIGH" OR severity="MEDIUM")';

/** A finding of the Security Command Center. */
export const finding = defineResource({
  kind: "gcp_scc_finding",
  bases: ["gcp_resource", "resource"],
  pythonClass: "GCPSccFinding",
  description: "An open finding of the Security Command Center, of medium severity or higher.",
  collector: "scc_findings",
  service: "securitycenter",
  schema: "ListFindingsResult",
  collections: ["projects.sources.findings"],
  lists: [{
    operation: "projects.sources.findings.list",
    parameters: { parent: "projects/{project}/sources/-", filter: FILTER },
  }],
  projectLevel: true,
  id: "finding.name",
  name: "finding.name",
  ctime: "finding.createTime",
  link: (raw) => `https://securitycenter.googleapis.com/v1/${textAt(raw, "finding.name")}`,
  edges: parents("gcp_resource", resourcesOf),
  orphan: true,
});

/** What it is about, `//compute.googleapis.com/projects/p/…`, as links of such objects are. */
function resourcesOf(raw: Raw): readonly string[] {
  const name = textAt(raw, "finding.resourceName");
  const [, service, path = ""] = /^\/\/([a-z]+)\.googleapis\.com\/(.+)$/.exec(name ?? "") ?? [];
  switch (service) {
    case undefined:
    case "cloudresourcemanager":
      return [];
    case "storage":
      return [`https://storage.googleapis.com/storage/v1/b/${path}`];
    case "cloudsql":
      return [`//sqladmin.googleapis.com/${path}`];
    case "container":
      return [`//container.googleapis.com/${path.replace(/\/(zones|regions)\//, "/locations/")}`];
    case "compute":
      return [`//compute.googleapis.com/${withName(path, textAt(raw, "resource.displayName"))}`];
    default:
      return [`//${service}.googleapis.com/${path}`];
  }
}

/** Objects of Compute Engine are named by their numbers here and by their names in links. */
function withName(path: string, name: string | undefined): string {
  return name === undefined ? path : path.replace(/\/\d+$/, `/${name}`);
}
