import { defineResource, parents } from "../resource.ts";

const LABELS = { by: "patch", path: "labels", masked: true } as const;

/** Objects are known by their names, which tell where they lie. */
const NAMED = {
  bases: ["gcp_resource", "resource"],
  service: "file",
  ctime: "createTime",
  place: { location: "name" },
  link: ({ name }: Readonly<Record<string, unknown>>) => `https://file.googleapis.com/v1/${name}`,
  labelling: LABELS,
  deletable: true,
} as const;

/** What is listed of all locations. */
function listOf(collection: string) {
  const parameters = { parent: "projects/{project}/locations/-" };
  return [{ operation: `${collection}.list`, parameters }] as const;
}

/** An instance of Filestore. */
export const filestoreInstance = defineResource({
  ...NAMED,
  kind: "gcp_filestore_instance",
  description: "A file server of Filestore.",
  collector: "filestore_instances",
  schema: "Instance",
  collections: ["projects.locations.instances"],
  lists: listOf("projects.locations.instances"),
  // Tags for policies, which are only written.
  omit: ["tags"],
  cleanup: { never: [{ deletion_protection_enabled: [true] }] },
});

/** A snapshot within an instance. */
export const filestoreInstanceSnapshot = defineResource({
  ...NAMED,
  kind: "gcp_filestore_instance_snapshot",
  description: "A snapshot of a file server, which lies within it.",
  collector: "filestore_instance_snapshots",
  schema: "Snapshot",
  collections: ["projects.locations.instances.snapshots"],
  under: { kind: "gcp_filestore_instance", parameters: { parent: "name" } },
  omit: ["tags"],
  edges: parents("gcp_filestore_instance", "$parent"),
  orphan: true,
  cleanup: { along: [{ with: ["gcp_filestore_instance"], when: {} }] },
});

/** A backup of an instance. */
export const filestoreBackup = defineResource({
  ...NAMED,
  kind: "gcp_filestore_backup",
  description: "A backup of a file server, which outlives it.",
  collector: "filestore_backups",
  schema: "Backup",
  collections: ["projects.locations.backups"],
  lists: listOf("projects.locations.backups"),
  omit: ["tags"],
  edges: parents("gcp_filestore_instance", "sourceInstance"),
});
